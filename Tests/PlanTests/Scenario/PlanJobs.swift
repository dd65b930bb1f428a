import Postgres
import Primitives
import TestSupport

@testable import Billing

/// What the renewals job reads and writes besides what goes through the engine, with one connection.
struct PlanJobs {
    private let world: PlanWorld
    private let pool: PostgresPool

    init(_ world: PlanWorld) {
        self.world = world
        pool = PostgresPool(
            world.database.configuration(role: .job).withPinnedPlans, threads: 1, clock: world.clock,
            logger: .quiet)
    }

    /// Finds a subscription due when its time is nearly over, and one that was refused is put off.
    func putOff(_ subscription: SubscriptionID) async throws {
        world.clock.advance(days: 100)
        try await pool.transaction(tenant: nil) { [world] transaction in
            let now = transaction.now
            let tenants = try RenewalStore.tenants(transaction.query(RenewalStore.tenants(nil)))
            let due = try RenewalStore.renewals(
                transaction.query(RenewalStore.due(world.tenant, at: now, after: .start, limit: 10)))
            guard tenants.count == 2, let one = due.first(where: { $0.id == subscription }) else {
                throw NeverHappened(description: "a subscription that is due: \(due)")
            }
            let locked = try RenewalStore.renewals(transaction.query(RenewalStore.locking([one.key])))
            guard locked == [one] else { throw NeverHappened(description: "the same subscription, locked") }
            let change = RenewalChange(.refused(.soldOut), of: one, graceMilliseconds: 1 << 40, at: now)
            _ = try transaction.pipeline(RenewalStore.writing([change], at: TenantTime(real: now), world.ids))
        }
        world.clock.advance(days: -100)
    }

    /// Finds an order whose time to be paid for is over.
    func find(_ order: OrderID) async throws {
        world.clock.advance(days: 2)
        try await pool.transaction(tenant: nil) { [world] transaction in
            let due = try PendingOrderStore.due(
                transaction.query(
                    PendingOrderStore.due(of: world.tenant, at: transaction.now, after: .start, limit: 10)),
                of: world.tenant)
            guard due.map(\.cursor.id) == [order] else {
                throw NeverHappened(description: "an order that is over: \(due)")
            }
        }
        world.clock.advance(days: -2)
    }

    func sent() async throws -> [SentStatement] {
        let sent = try await pool.run { try SentStatement.all(on: $0, as: .job) }
        await pool.close()
        return sent
    }
}
