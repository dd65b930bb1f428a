import Billing
import Catalog
import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

/// Two resellers with the same catalogue behind one door, which speaks OP-Proxy and the gate's dialect: a real database
/// and a real engine.
///
/// Carol has 150 000 RUB at each, Dave 899.99, Zoe's account is closed. Ids, credentials and time
/// are the same in every run; only nonces and tags of sealed values are not, and nobody sees those.
struct OPWorld: ExchangeWorld {
    let database: TestDatabase
    let volga: OPTenant
    let neva: OPTenant
    let door: FrontDoor
    let engine: Engine
    let parts: DoorParts

    var clock: ManualClock { database.clock }
    var pool: PostgresPool { parts.pool }

    /// Runs a body in a new world and closes it.
    ///
    /// - Parameter catalogueMilliseconds: how old the doors' snapshot of the catalogue may get.
    static func with(
        _ database: TestDatabase, settings: OPProxy.Settings = OPProxy.Settings(),
        recorder: RequestRecorder? = nil, catalogueMilliseconds: Int64 = 0,
        _ body: (OPWorld) async throws -> Void
    ) async throws {
        let world = try await OPWorld(database, settings, recorder, catalogueMilliseconds)
        do {
            try await body(world)
        } catch {
            await world.engine.stop()
            throw error
        }
        await world.engine.stop()
    }

    private init(
        _ database: TestDatabase, _ settings: OPProxy.Settings, _ recorder: RequestRecorder?,
        _ catalogueMilliseconds: Int64
    ) async throws {
        self.database = database
        let parts = DoorParts(database, catalogueMilliseconds: catalogueMilliseconds)
        self.parts = parts
        let apply = CatalogueApply(
            pool: database.owner, dialects: .all, hasher: QuickHasher(), random: SeededRandom(seed: 9))
        let file = "tenants:\n" + ["volga", "neva"].map(OPTenant.yaml).joined()
        _ = try await apply.apply(Array(file.utf8), file: "tenants.yaml")
        volga = try await OPTenant.read("volga", database)
        neva = try await OPTenant.read("neva", database)
        for tenant in [volga, neva] { try await tenant.stock(parts, database) }
        // Whose account is closed was somebody once.
        try await database.owner.run {
            _ = try $0.query("UPDATE customers SET active = false WHERE username = 'zoe'").count
        }

        engine = Engine(
            configuration: database.configuration(role: .engine),
            stock: SlotStock(seal: CredentialSeal(parts.seal)), clock: database.clock, seed: 1,
            logger: .quiet)
        door = parts.door([parts.opproxy(engine, settings), parts.gate(engine, Gate.Settings())], recorder)
    }

    func balance(_ customer: String, of tenant: OPTenant) async throws -> Int64 {
        try await database.owner.run { connection in
            try connection.query(
                """
                SELECT a.balance_minor FROM accounts a JOIN customers c ON c.tenant_id = a.tenant_id AND c.id = a.owner_id
                WHERE a.tenant_id = \(tenant.id) AND c.username = \(customer) AND a.role = 'wallet'
                """)[0].get(0)
        }
    }

    /// How many rows of a table a tenant has.
    func count(_ table: String, _ tenant: OPTenant, where condition: String = "true") async throws -> Int {
        try await database.owner.run { connection in
            try connection.query(
                "SELECT count(*) FROM \(unsafeRaw: table) WHERE tenant_id = \(tenant.id) AND \(unsafeRaw: condition)"
            )[0].get(0)
        }
    }

    func execute(_ statement: Statement) async throws {
        _ = try await database.owner.run { try $0.query(statement).count }
    }
}
