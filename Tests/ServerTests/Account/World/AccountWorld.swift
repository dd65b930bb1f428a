import Billing
import Catalog
import HTTPTypes
import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

/// Two resellers with the same customers and people, each with a sandbox, behind one door that speaks the account API, the
/// gate's dialect and OP-Proxy: a real database, a real engine and a real worker.
///
/// Ann has 100.00 EUR, and Ada (admin), Eve (editor) and Vic (viewer) sign in for her; Ben has 100.00 EUR too, and Bea.
struct AccountWorld: ExchangeWorld {
    let database: TestDatabase
    let door: FrontDoor
    let engine: Engine
    let parts: DoorParts
    let office: Office
    /// By slug.
    let tenants: [String: TenantID]

    var clock: ManualClock { database.clock }

    static func with(
        _ database: TestDatabase, limits: SignInLimits = SignInLimits(),
        proofs: ProofLimits = ProofLimits(), settings: AccountAPI.Settings = AccountAPI.Settings(),
        provider: (any PaymentProvider)? = nil, _ body: (AccountWorld) async throws -> Void
    ) async throws {
        let world = try await AccountWorld(database, limits, proofs, settings, provider)
        do {
            try await body(world)
        } catch {
            await world.engine.stop()
            throw error
        }
        await world.engine.stop()
    }

    private init(
        _ database: TestDatabase, _ limits: SignInLimits, _ proofs: ProofLimits,
        _ settings: AccountAPI.Settings, _ provider: (any PaymentProvider)?
    ) async throws {
        self.database = database
        office = Office(database: database)
        // Ids are the same in every run.
        let apply = CatalogueApply(
            pool: database.owner, dialects: .all, hasher: office.hasher, random: SeededRandom(seed: 9))
        _ = try await apply.apply(Array(Self.file.utf8), file: "tenants.yaml")
        let rows = try await database.owner.run { connection in
            try connection.query("SELECT slug, id FROM tenants").map {
                (try $0.get(0, as: String.self), try $0.get(1, as: TenantID.self))
            }
        }
        tenants = Dictionary(uniqueKeysWithValues: rows)
        parts = DoorParts(database)
        engine = Engine(
            configuration: database.configuration(role: .engine),
            stock: SlotStock(seal: CredentialSeal(parts.seal)), clock: database.clock, seed: 1,
            logger: .quiet)
        let account = parts.account(
            engine, database, hasher: office.hasher, limits: limits, proofs: proofs, settings: settings,
            provider: provider)
        door = parts.door(
            [
                account, parts.gate(engine, Gate.Settings()), parts.opproxy(engine, OPProxy.Settings()),
            ], nil)
        let worker = ProvisioningWorker(
            pool: database.pool(.worker), fleet: SimulatedFleet(), ending: BilledEnding(ids: parts.ids),
            seal: CredentialSeal(parts.seal), clock: database.clock, random: SeededRandom(seed: 3),
            identifiers: parts.ids, logger: .quiet)
        for _ in 0..<10 where try await !worker.cycle(now: clock.now()).isIdle {}
    }

    /// A key of the file: `ann` or `ben`, of a tenant, at the gate.
    static func key(_ who: String, _ slug: String) -> String {
        "rk_\(slug)-\(who)-" + String(repeating: "0", count: 32)
    }

    static let password = "correct horse battery"

    static let file = "tenants:\n" + ["alba", "brio"].map(yaml).joined()

    private static func yaml(_ slug: String) -> String {
        let first = 12_001 + slug.utf8.reduce(0) { $0 + Int($1) } * 20
        func person(_ name: String, _ role: String) -> String {
            "{username: \(name), email: \(name)@example.com, password: \(password), role: \(role)}"
        }
        return """
              - slug: \(slug)
                name: \(slug.capitalized) & Co
                currency: EUR
                grace: 1d
                sandbox: true
                hosts: [{host: gate.\(slug).test, dialect: gate}]
                networks: [{code: NL, city: Amsterdam, country: NL, type: mobile}]
                gateways: [{name: one, network: NL, host: one.\(slug).test, ports: \(first)-\(first + 19), protocols: [http], driver: simulated}]
                plans:
                  - {code: month, name: Month, product: proxy, connection: private, network: NL, duration: 30d, price: "12.00 EUR", trial: 1d, sells_in: [gate]}
                  - {code: renewing, name: Renewing month, product: proxy, connection: private, network: NL, duration: 30d, price: "9.00 EUR", auto_renew: true, sells_in: [gate]}
                  - {code: dear, name: Dear, product: proxy, connection: private, network: NL, duration: 30d, price: "900.00 EUR", sells_in: [gate]}
                  - {code: retired, name: Retired, product: proxy, connection: private, network: NL, duration: 30d, price: "9.00 EUR", sells_in: [gate], active: false}
                  - {code: v4, name: Rotating, product: ipv4_rotating, networks: [NL], duration: 30d, threads: 100, price: "15 EUR", countries: [mixed], rotations: [instant, "5m"], sells_in: [opproxy]}
                coupons:
                  - {code: WELCOME, percent_off: "20", max_redemptions: 10, applies_to: [purchase]}
                  - {code: BIG, percent_off: "50", min_amount: "20.00 EUR"}
                customers:
                  - email: ann@example.com
                    username: ann
                    balance: "100.00 EUR"
                    keys: [{dialect: gate, key: \(key("ann", slug)), trials: true}]
                    users: [\(person("ada", "admin")), \(person("eve", "editor")), \(person("vic", "viewer"))]
                  - email: ben@example.com
                    username: ben
                    balance: "100.00 EUR"
                    keys: [{dialect: gate, key: \(key("ben", slug))}]
                    users: [\(person("bea", "admin"))]

            """
    }
}
