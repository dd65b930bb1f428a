internal import Postgres
internal import Primitives

/// Takes slots back from subscriptions whose time and grace are over.
struct Expiry {
    let context: WorkerContext

    /// Releases the live ones among these subscriptions that are still expired, in one transaction.
    ///
    /// A renewal that is under way holds the row and keeps its slot; one that came first has moved the end.
    func release(_ subscriptions: [SubscriptionID], of due: DueTenant, at now: Instant) async throws -> Int {
        let end = Self.end(of: due, at: now)
        let released = try await context.transaction { transaction in
            let locked = try transaction.query(DueStore.lockExpired(due.tenant, subscriptions, end: end))
            let allocations = try DueStore.locked(locked, tenant: due.tenant)
            if allocations.isEmpty { return 0 }
            var changes = SlotChanges(at: now)
            for allocation in allocations { changes.release(allocation) }
            let results = try transaction.pipeline(SlotStore.write(changes))
            let touched = results.last?.affected
            // A slot that cannot be found must not be forgotten: without it the allocation stays as it is.
            guard touched == allocations.count else {
                throw PostgresError(
                    message: "\(allocations.count) slots were to be released, \(touched ?? 0) were")
            }
            return allocations.count
        }
        try await context.passed(.released)
        return released
    }

    /// What ended at or before this is over for good.
    static func end(of due: DueTenant, at now: Instant) -> Instant {
        now.adding(milliseconds: -due.graceMilliseconds) ?? now
    }
}
