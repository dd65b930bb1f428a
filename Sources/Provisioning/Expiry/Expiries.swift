internal import Catalog
public import Logging
public import Postgres
public import Primitives

/// Ends what is over: one pass over every subscription whose time and grace have passed, in short transactions of a batch.
///
/// Any number of runs may work at once, beside the workers that do the same, late, and be killed anywhere: what is locked
/// or has moved on since it was found is passed over, and what is done is found no more.
public struct Expiries: Sendable {
    /// How it goes about it: with these a purchase beside a run keeps most of its pace.
    public struct Settings: Sendable {
        /// How many slots are returned in one transaction, which holds their gateways' rows for a while.
        public var batch = 250
        /// How long it rests after a batch, in percent of what the batch took.
        public var restPercent: Int64 = 50

        public init() {}
    }

    private let expiry: Expiry
    private let clock: any WallClock
    private let settings: Settings
    private let logger: Logger
    private let onStep: @Sendable (ExpiryStep) throws -> Void

    /// - Parameters:
    ///   - pool: of the role `tollgate_worker`.
    ///   - clock: the real one; what is over is told by each tenant's own.
    ///   - onStep: called between two steps; what it throws ends the run as a crash would. For tests.
    public init(
        pool: PostgresPool, ending: any SubscriptionEnding, clock: any WallClock,
        settings: Settings = Settings(), logger: Logger,
        onStep: @escaping @Sendable (ExpiryStep) throws -> Void = { _ in }
    ) {
        expiry = Expiry(pool: pool, ending: ending)
        self.clock = clock
        self.settings = settings
        self.logger = logger
        self.onStep = onStep
    }

    /// One pass, tenant by tenant, the earliest ends first.
    ///
    /// - Parameters:
    ///   - tenant: of this tenant alone; `nil`: of all, whether they are switched off or not.
    ///   - progress: told the counts after every batch; what it throws ends the run.
    /// - Throws: what stops a whole run: the database cannot be asked, or somebody has stopped it.
    public func run(
        of tenant: TenantID? = nil, progress: (ExpiryCounts) throws -> Void = { _ in }
    ) async throws -> ExpiryCounts {
        let now = clock.now()
        let (due, clocks) = try await expiry.pool.transaction(tenant: nil) { transaction in
            let results = try transaction.pipeline([
                DueStore.tenants(at: now, restedSince: now), TenantClockStore.moved,
            ])
            return (try DueStore.tenants(results[0]), try TenantClockStore.clocks(results[1]))
        }
        var counts = ExpiryCounts()
        for owner in due where owner.hasExpired && (tenant == nil || tenant == owner.tenant) {
            try await end(owner, clocks.time(of: owner.tenant, at: now), &counts, progress)
        }
        return counts
    }

    private func end(
        _ due: DueTenant, _ time: TenantTime, _ counts: inout ExpiryCounts,
        _ progress: (ExpiryCounts) throws -> Void
    ) async throws {
        let end = Expiry.end(graceMilliseconds: due.graceMilliseconds, at: time.now)
        var cursor = ExpiryCursor.start
        let batch = settings.batch
        while true {
            let start = ContinuousClock.now
            let found = try await expiry.pool.transaction(tenant: nil) { [cursor] transaction in
                try DueStore.expired(
                    transaction.query(DueStore.expired(due.tenant, end: end, after: cursor, limit: batch)))
            }
            guard let last = found.last else { return }
            cursor = ExpiryCursor(last)
            try onStep(.found)
            // One that has several slots is found once for each of them, next to each other.
            var subscriptions: [SubscriptionID] = []
            for one in found where subscriptions.last != one.subscription {
                subscriptions.append(one.subscription)
            }
            counts.due += subscriptions.count
            try await release(subscriptions[...], of: due, time, &counts)
            try onStep(.ended)
            try progress(counts)
            if found.count < batch { return }
            try await Task.sleep(for: (ContinuousClock.now - start) * settings.restPercent / 100)
        }
    }

    /// Ends them in one transaction; where that fails, half by half, until what fails stands alone.
    private func release(
        _ subscriptions: ArraySlice<SubscriptionID>, of due: DueTenant, _ time: TenantTime,
        _ counts: inout ExpiryCounts
    ) async throws {
        do {
            let returned = try await expiry.release(
                Array(subscriptions), of: due.tenant, graceMilliseconds: due.graceMilliseconds, at: time
            ) { [onStep] in try onStep(.written) }
            counts.add(returned, of: subscriptions.count)
            return
        } catch let error where Self.isOfARow(error) {
            if subscriptions.count == 1 {
                let id = subscriptions[subscriptions.startIndex]
                logger.error(
                    "a subscription cannot be ended",
                    metadata: ["subscription": "\(id)", "tenant": "\(due.tenant)", "error": "\(error)"])
                counts.fail("subscription \(id) of tenant \(due.tenant): \(error)")
                return
            }
        }
        let middle = subscriptions.startIndex + subscriptions.count / 2
        try await release(subscriptions[..<middle], of: due, time, &counts)
        try await release(subscriptions[middle...], of: due, time, &counts)
    }

    /// Whether the work itself cannot be done: a database that is away for now says nothing about a row.
    private static func isOfARow(_ error: any Error) -> Bool {
        switch error {
        case let error as PostgresError: !error.isTransient
        case is Unreadable: true
        default: false
        }
    }
}
