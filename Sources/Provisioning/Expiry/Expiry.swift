internal import Postgres
internal import Primitives

/// Ends subscriptions whose time and grace are over, and takes their slots back.
struct Expiry {
    /// Of the role `tollgate_worker`.
    let pool: PostgresPool
    let ending: any SubscriptionEnding

    /// What one transaction did.
    struct Returned: Sendable {
        var ended = 0
        /// Subscriptions that have no slot any more.
        var subscriptions = 0
        var slots = 0
    }

    /// Ends the live ones among these subscriptions that are still over, with all that they hold, in one transaction.
    ///
    /// A renewal that is under way holds the row and keeps its slots; one that came first has moved the end.
    ///
    /// - Parameter beforeCommit: called when all is written; what it throws undoes it.
    func release(
        _ subscriptions: [SubscriptionID], of tenant: TenantID, graceMilliseconds: Int64, at time: TenantTime,
        beforeCommit: @escaping @Sendable () throws -> Void = {}
    ) async throws -> Returned {
        let end = Self.end(graceMilliseconds: graceMilliseconds, at: time.now)
        return try await pool.transaction(tenant: nil) { [ending] transaction in
            let found = try ending.locked(
                transaction.query(ending.lock(subscriptions, of: tenant, paidUntil: end)), of: tenant)
            if found.isEmpty { return Returned() }
            let held = try transaction.query(DueStore.lockExpired(tenant, found.map(\.id), end: end))
            let allocations = try DueStore.locked(held, tenant: tenant)
            if allocations.isEmpty { return Returned() }
            // Whoever could not be locked with every slot keeps all of them, and goes on.
            let over = Set(allocations.map(\.subscription))
            let ends = found.filter { !$0.isEnded && over.contains($0.id) }
            var changes = SlotChanges(at: time.now)
            for allocation in allocations { changes.release(allocation) }
            let results = try transaction.pipeline(
                ending.end(ends, of: tenant, at: time) + SlotStore.write(changes))
            let touched = results.last?.affected
            // A slot that cannot be found must not be forgotten: without it the allocation stays as it is.
            guard touched == allocations.count else {
                throw PostgresError(
                    message: "\(allocations.count) slots were to be released, \(touched ?? 0) were")
            }
            try beforeCommit()
            return Returned(ended: ends.count, subscriptions: over.count, slots: allocations.count)
        }
    }

    /// What ended at or before this is over for good.
    static func end(graceMilliseconds: Int64, at now: Instant) -> Instant {
        now.adding(milliseconds: -graceMilliseconds) ?? now
    }
}
