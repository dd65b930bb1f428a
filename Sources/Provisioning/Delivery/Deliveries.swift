internal import Catalog
public import Postgres
public import Primitives

/// Looks for what was sold and not delivered in time; changes nothing.
///
/// A slot is known to its gateway before it is for sale, so a purchase waits for one change only: that the port is opened. It is
/// delivered once the gateway has applied the version with which it was lent. What goes wrong with a gateway later is an
/// outage, not a delivery that failed.
public struct Deliveries: Sendable {
    private let pool: PostgresPool
    private let deadlineMilliseconds: Int64

    /// - Parameters:
    ///   - pool: of the role `tollgate_worker`.
    ///   - deadlineMilliseconds: how long a delivery may take, by the tenant's clock.
    public init(pool: PostgresPool, deadlineMilliseconds: Int64) {
        self.pool = pool
        self.deadlineMilliseconds = deadlineMilliseconds
    }

    /// The tenants that have a gateway which is behind, with their time.
    public func tenants(_ only: TenantID?, at now: Instant) async throws -> [(id: TenantID, time: TenantTime)]
    {
        try await pool.transaction(tenant: nil) { transaction in
            let results = try transaction.pipeline([UndeliveredStore.tenants(only), TenantClockStore.moved])
            let clocks = try TenantClockStore.clocks(results[1])
            return try UndeliveredStore.tenants(results[0]).map { ($0, clocks.time(of: $0, at: now)) }
        }
    }

    /// So many of a tenant's overdue subscriptions, in key order behind `after`.
    public func overdue(
        of tenant: TenantID, at time: TenantTime, after: SubscriptionID?, limit: Int
    ) async throws -> [UndeliveredSubscription] {
        let end = time.now.adding(milliseconds: -deadlineMilliseconds) ?? time.now
        return try await pool.transaction(tenant: nil) { transaction in
            try UndeliveredStore.overdue(
                transaction.query(
                    UndeliveredStore.overdue(of: tenant, lentUntil: end, after: after, limit: limit)),
                of: tenant)
        }
    }
}
