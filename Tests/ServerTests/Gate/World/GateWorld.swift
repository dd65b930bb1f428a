import Billing
import Catalog
import Crypto
import HTTPTypes
import Postgres
import Primitives
import Provisioning
import Synchronization
import TestSupport

@testable import Server

/// Two resellers behind one door: the same emails, plan codes and coupons, a real database and a real engine.
///
/// Alice has 1000.00 USD at each, Bob 11.99, Zoe's account is closed. Ids, credentials and time are the same in every
/// run; only nonces and tags of sealed values are not, and nobody sees those.
struct GateWorld: ExchangeWorld {
    let database: TestDatabase
    let alba: GateTenant
    let brio: GateTenant
    let door: FrontDoor
    let engine: Engine
    let sessions: Sessions
    /// The doors' connections.
    let pool: PostgresPool
    let ids: SequentialIdentifiers
    /// How often the workers were told that slots have changed.
    let slotChanges = SlotChangeCount()

    var clock: ManualClock { database.clock }

    static let installationKey = [UInt8](repeating: 0x42, count: 32)

    /// Runs a body in a new world and closes it.
    ///
    /// - Parameters:
    ///   - catalogueMilliseconds: how old the doors' snapshot of the catalogue may get.
    ///   - recorder: where the accounts' requests are written down.
    static func with(
        _ database: TestDatabase, settings: Gate.Settings = Gate.Settings(), catalogueMilliseconds: Int64 = 0,
        recorder: RequestRecorder? = nil, _ body: (GateWorld) async throws -> Void
    ) async throws {
        let world = try await GateWorld(database, settings, catalogueMilliseconds, recorder)
        do {
            try await body(world)
        } catch {
            await world.engine.stop()
            throw error
        }
        await world.engine.stop()
    }

    private init(
        _ database: TestDatabase, _ settings: Gate.Settings, _ catalogueMilliseconds: Int64,
        _ recorder: RequestRecorder?
    ) async throws {
        self.database = database
        let ids = SequentialIdentifiers()
        self.ids = ids
        let now = database.clock.now()
        let parts = DoorParts(database, ids: ids, catalogueMilliseconds: catalogueMilliseconds)
        let seal = parts.seal
        let alba = GateTenant(TenantID(1), "alba", ids, at: now)
        let brio = GateTenant(TenantID(2), "brio", ids, at: now)
        (self.alba, self.brio) = (alba, brio)
        try await database.owner.run { connection in
            try connection.withTransaction {
                for tenant in [alba, brio] {
                    try tenant.write(on: $0, seal: CredentialSeal(seal), ids: ids, at: now)
                }
            }
        }
        engine = Engine(
            configuration: database.configuration(role: .engine), stock: SlotStock(), clock: database.clock,
            seed: 1,
            logger: .quiet)

        (sessions, pool) = (parts.sessions, parts.pool)
        let gate = parts.gate(engine, settings, onSlotsChanged: { [slotChanges] in slotChanges.add() })
        door = parts.door([gate], recorder)
        for tenant in [alba, brio] {
            try await topUp(tenant, tenant.alice, 1000_00)
            try await topUp(tenant, tenant.bob, 11_99)
        }
    }

    func topUp(
        _ tenant: GateTenant, _ customer: GateCustomer, _ minor: Int64, _ currency: Currency = .usd
    ) async throws {
        let id: CommandID = ids.next(at: clock.now())
        let topUp = TopUp(
            customer: customer.id, amount: Money(minor: minor, currency: currency),
            reference: "settlement-\(id)")
        _ = try await engine.submit(
            Submission(id: id, tenant: tenant.id, principal: nil, dialect: Gate.name, command: .topUp(topUp)))
    }

    func balance(_ tenant: GateTenant, _ customer: GateCustomer) async throws -> Int64 {
        try await database.owner.run { connection in
            try connection.query(
                """
                SELECT balance_minor FROM accounts
                WHERE tenant_id = \(tenant.id) AND owner_id = \(customer.id) AND role = 'wallet'
                """)[0].get(0)
        }
    }

    /// How many rows of a table a tenant has.
    func count(_ table: String, _ tenant: GateTenant) async throws -> Int {
        try await database.owner.run { connection in
            try connection.query(
                "SELECT count(*) FROM \(unsafeRaw: table) WHERE tenant_id = \(tenant.id)")[0].get(0)
        }
    }

    func execute(_ statement: Statement) async throws {
        _ = try await database.owner.run { try $0.query(statement).count }
    }
}

/// Counts what the workers were told.
final class SlotChangeCount: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
}
