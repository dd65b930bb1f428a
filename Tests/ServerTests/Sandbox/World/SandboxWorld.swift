import Billing
import Catalog
import HTTPTypes
import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

/// Two resellers with sandboxes and one without, behind one door that speaks the gate's dialect and OP-Proxy: a real
/// database, a real engine and a real worker.
///
/// At each, Ann and Ben have 100.00 EUR and a live key, and Ann a test key in each dialect.
struct SandboxWorld: ExchangeWorld {
    let database: TestDatabase
    let door: FrontDoor
    let engine: Engine
    let parts: DoorParts
    let worker: ProvisioningWorker
    let fleet = SimulatedFleet()
    let office: Office
    /// By slug.
    let tenants: [String: TenantID]

    var clock: ManualClock { database.clock }

    /// Runs a body in a new world with stocked shelves, and closes it.
    ///
    /// - Parameters:
    ///   - lanes: how many lanes the engine has.
    ///   - recorder: where the accounts' requests are written down.
    static func with(
        _ database: TestDatabase, lanes: Int = 1, recorder: RequestRecorder? = nil,
        _ body: (SandboxWorld) async throws -> Void
    ) async throws {
        let world = try await SandboxWorld(database, lanes, recorder)
        do {
            try await world.work()
            try await body(world)
        } catch {
            await world.engine.stop()
            throw error
        }
        await world.engine.stop()
    }

    private init(_ database: TestDatabase, _ lanes: Int, _ recorder: RequestRecorder?) async throws {
        self.database = database
        office = Office(database: database)
        try await office.apply(Self.file)
        let rows = try await database.owner.run { connection in
            try connection.query("SELECT slug, id FROM tenants").map {
                (try $0.get(0, as: String.self), try $0.get(1, as: TenantID.self))
            }
        }
        tenants = Dictionary(uniqueKeysWithValues: rows)
        parts = DoorParts(database)
        var settings = EngineSettings()
        settings.lanes = lanes
        engine = Engine(
            configuration: database.configuration(role: .engine),
            stock: SlotStock(seal: CredentialSeal(parts.seal)), clock: database.clock, seed: 1,
            settings: settings, logger: .quiet)
        door = parts.door(
            [parts.gate(engine, Gate.Settings()), parts.opproxy(engine, OPProxy.Settings())], recorder)
        worker = ProvisioningWorker(
            pool: database.pool(.worker), fleet: fleet, ending: BilledEnding(ids: parts.ids),
            seal: CredentialSeal(parts.seal),
            clock: database.clock, random: SeededRandom(seed: 3), identifiers: parts.ids, logger: .quiet)
    }

    /// Lets the worker do what is due, and what follows from it.
    @discardableResult
    func work() async throws -> (released: Int, rotated: Int) {
        var whole = (released: 0, rotated: 0)
        for _ in 0..<10 {
            let report = try await worker.cycle(now: clock.now())
            #expect(report.problems.isEmpty, "\(report.problems)")
            whole = (whole.released + report.released, whole.rotated + report.rotated)
            if report.isIdle { break }
        }
        return whole
    }

    // MARK: - Asking

    /// A key of the file: `ann` or `ben`, of a tenant, in a dialect.
    static func key(_ who: String, _ slug: String, test: Bool = false) -> String {
        (test ? "rk_test_" : "rk_") + "\(slug)-\(who)-" + String(repeating: "0", count: 32)
    }

    static func token(_ slug: String, test: Bool = false) -> String {
        let digits = slug.utf8.map { String($0, radix: 16) }.joined()
        return (test ? "opx_test_" : "opx_live_") + digits + String(repeating: "0", count: 32 - digits.count)
    }

    /// Asks the gate below a tenant's path.
    func gate(
        _ slug: String, _ key: String, _ query: String = "op=plans", post body: String? = nil,
        headers: [(String, String)] = []
    ) async throws -> DoorReply {
        var fields = [("x-api-key", key)] + headers
        if body != nil { fields.append(("Content-Type", "application/json")) }
        return try await ask(
            DoorRequest(
                method: body == nil ? .get : .post,
                target: "/t/\(slug)/gate/api/proxy" + (body == nil ? "?\(query)" : ""),
                host: "localhost", headers: fields, body: body))
    }

    func opproxy(
        _ slug: String, _ token: String, _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil
    ) async throws -> DoorReply {
        var fields = [("Authorization", "Bearer \(token)")]
        if body != nil { fields.append(("Content-Type", "application/json")) }
        return try await ask(
            DoorRequest(
                method: method, target: "/t/\(slug)/opproxy/api/v1\(path)", host: "localhost",
                headers: fields, body: body))
    }

    /// Buys through the gate and gives back the subscription as the answer has it.
    func buy(_ plan: String, _ slug: String, _ key: String, trial: Bool = false) async throws -> JSON {
        let operation = trial ? "trial" : "purchase"
        let reply = try await gate(
            slug, key,
            post: #"{"op":"\#(operation)","planId":"\#(try await planID(plan, slug, key))"}"#)
        #expect(reply.outcome == "200", "\(reply.body)")
        return reply.subscriptions.first ?? .null
    }

    /// A plan's id, as whoever has this key must name it.
    func planID(_ code: String, _ slug: String, _ key: String) async throws -> String {
        let isTest = Gate.keyForm.accepts(key, for: .test)
        let tenant = try #require(tenants[isTest && !slug.hasSuffix("-sandbox") ? slug + "-sandbox" : slug])
        return try await database.owner.run { connection in
            try connection.query("SELECT id FROM plans WHERE tenant_id = \(tenant) AND code = \(code)")[0]
                .get(0, as: PlanID.self).bits.base36String
        }
    }

    // MARK: - The clock

    /// What `tollgate clock advance` does.
    @discardableResult
    func advance(_ slug: String, days: Int64) async throws -> ClockView {
        try await operators.moveClock(of: slug, .by(DurationText(milliseconds: days * 86_400_000)!))
    }

    var operators: OperatorWork {
        OperatorWork(
            pool: database.owner, identifiers: parts.ids, random: SeededRandom(seed: 4), actor: "a test")
    }

    var reading: OperatorReading { OperatorReading(pool: database.pool(.door, threads: 1)) }

    /// Every row of every table that a tenant has rows in, but for when its gateways were last seen.
    func rows(of slug: String) async throws -> [String] {
        let tables = try await office.ask(
            """
            SELECT c.table_name FROM information_schema.columns c
            JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
            WHERE c.table_schema = current_schema() AND c.column_name = 'tenant_id' AND t.table_type = 'BASE TABLE'
              AND c.table_name <> 'gateway_states'
            ORDER BY 1
            """)
        var rows: [String] = []
        for table in tables {
            rows += try await office.ask(
                "SELECT '\(table) ' || t::text FROM \(table) t WHERE tenant_id = \(tenants[slug]!) ORDER BY 1"
            )
        }
        return rows
    }

    /// When a tenant's orders were placed, oldest first, in milliseconds.
    func placements(_ slug: String) async throws -> [Int64] {
        try await office.ask(
            """
            SELECT floor(extract(epoch FROM placed_at) * 1000)::bigint::text FROM orders
            WHERE tenant_id = \(tenants[slug]!) ORDER BY id
            """
        ).map { Int64($0)! }
    }

    // MARK: - The file

    static let file =
        "tenants:\n" + ["alba", "brio"].map { yaml($0, hasSandbox: true) }.joined()
        + yaml("solo", hasSandbox: false)

    static func yaml(_ slug: String, hasSandbox: Bool) -> String {
        let first = 12_001 + slug.utf8.reduce(0) { $0 + Int($1) } * 20
        let test =
            hasSandbox
            ? """
            , {dialect: gate, key: \(key("ann", slug, test: true)), trials: true}, {dialect: opproxy, key: \(token(slug, test: true))}
            """ : ""
        return """
              - slug: \(slug)
                name: \(slug)
                currency: EUR
                grace: 1d
                \(hasSandbox ? "sandbox: true" : "sandbox: false")
                wholesale: {float: "500.00 EUR"}
                hosts: [{host: gate.\(slug).test, dialect: gate}]
                networks: [{code: NL, city: Amsterdam, country: NL, type: mobile}]
                gateways: [{name: one, network: NL, host: 127.0.0.1, ports: \(first)-\(first + 299), protocols: [http], driver: sing-box}, {name: two, network: NL, host: 127.0.0.1, ports: \(first + 20_000)-\(first + 20_009), protocols: [http]}]
                plans:
                  - {code: month, name: Month, product: proxy, connection: private, network: NL, duration: 30d, price: "12.00 EUR", wholesale_price: "7.00 EUR", rotation: [0, 5], trial: 1d, sells_in: [gate]}
                  - {code: v4, name: Rotating, product: ipv4_rotating, networks: [NL], duration: 30d, threads: 100, price: "15 EUR", countries: [mixed], rotations: [instant, "5m"], sells_in: [opproxy]}
                coupons: [{code: WELCOME, percent_off: "20", max_redemptions: 10}]
                customers:
                  - email: ann@example.com
                    username: ann
                    balance: "100.00 EUR"
                    keys: [{dialect: gate, key: \(key("ann", slug)), trials: true}, {dialect: opproxy, key: \(token(slug))}\(test)]
                    users: [{username: ann, email: ann@example.com, password: secret, role: admin}]
                  - email: ben@example.com
                    username: ben
                    balance: "100.00 EUR"
                    keys: [{dialect: gate, key: \(key("ben", slug))}]

            """
    }
}
