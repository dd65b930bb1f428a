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
        /// How many tenants it is busy with at once: no two of them want the same rows.
        public var tenantsAtOnce = 2
        /// How it gives way to others.
        public var courtesy = Courtesy.Settings(restPercent: 200)

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

    /// One pass, a few tenants at once, of each the earliest ends first.
    ///
    /// - Parameters:
    ///   - tenant: of this tenant alone; `nil`: of all, whether they are switched off or not.
    ///   - progress: told the counts after every batch, one after the other; what it throws ends the run.
    /// - Throws: what stops a whole run: the database cannot be asked, or somebody has stopped it.
    public func run(
        of tenant: TenantID? = nil, progress: @escaping @Sendable (ExpiryCounts) throws -> Void = { _ in }
    ) async throws -> ExpiryCounts {
        let now = clock.now()
        let (due, clocks) = try await expiry.pool.transaction(tenant: nil) { transaction in
            let results = try transaction.pipeline([
                DueStore.tenants(at: now, restedSince: now), TenantClockStore.moved,
            ])
            return (try DueStore.tenants(results[0]), try TenantClockStore.clocks(results[1]))
        }
        let tally = ExpiryTally(progress)
        let courtesy = Courtesy(settings.courtesy)
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            for owner in due where owner.hasExpired && (tenant == nil || tenant == owner.tenant) {
                if running == settings.tenantsAtOnce { try await group.next() } else { running += 1 }
                group.addTask {
                    try await end(owner, clocks.time(of: owner.tenant, at: now), tally, courtesy)
                }
            }
            try await group.waitForAll()
        }
        return tally.counts
    }

    private func end(
        _ due: DueTenant, _ time: TenantTime, _ tally: ExpiryTally, _ courtesy: Courtesy
    ) async throws {
        let end = Expiry.end(graceMilliseconds: due.graceMilliseconds, at: time.now)
        var cursor = ExpiryCursor.start
        let batch = settings.batch
        while true {
            let start = ContinuousClock.now
            let (found, begun) = try await expiry.pool.transaction(tenant: nil) { [cursor] transaction in
                let results = try transaction.pipeline([
                    DueStore.expired(due.tenant, end: end, after: cursor, limit: batch), .transactionsBegun,
                ])
                return (try DueStore.expired(results[0]), try results[1][0].get(0, as: Int64.self))
            }
            courtesy.look(begun: begun, own: tally.transactions, at: .now)
            guard let last = found.last else { return }
            cursor = ExpiryCursor(last)
            try onStep(.found)
            // One that has several slots is found once for each of them, next to each other.
            var subscriptions: [SubscriptionID] = []
            for one in found where subscriptions.last != one.subscription {
                subscriptions.append(one.subscription)
            }
            var counts = ExpiryCounts()
            counts.due = subscriptions.count
            try await release(subscriptions[...], of: due, time, &counts, tally)
            try onStep(.ended)
            try tally.add(counts)
            if found.count < batch { return }
            try await Task.sleep(for: courtesy.rest(after: ContinuousClock.now - start))
        }
    }

    /// Ends them in one transaction; where that fails, half by half, until what fails stands alone.
    private func release(
        _ subscriptions: ArraySlice<SubscriptionID>, of due: DueTenant, _ time: TenantTime,
        _ counts: inout ExpiryCounts, _ tally: ExpiryTally
    ) async throws {
        do {
            tally.began()
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
        try await release(subscriptions[..<middle], of: due, time, &counts, tally)
        try await release(subscriptions[middle...], of: due, time, &counts, tally)
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
