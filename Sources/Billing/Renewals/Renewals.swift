internal import Catalog
public import Logging
public import Postgres
public import Primitives

/// Renews, from the customers' balances, what is due to renew itself.
///
/// The money goes through the engine, one command for each subscription, so many at once that its groups are full. What
/// could not be renewed is written down in a transaction for each batch. Any number of runs may work at once, late, and
/// be killed anywhere: the engine refuses to renew what stands elsewhere than a run saw it, and a run changes only rows
/// that are still as it saw them.
public struct Renewals: Sendable {
    /// How many are read and charged at once.
    public struct Settings: Sendable {
        public var batch = 512
        /// How many tenants are charged at once, a batch of each: an engine of several lanes has work for all of them.
        public var tenantsAtOnce = 4
        /// How a run gives way to others in the database; in the engine's queue customers go first anyway.
        public var courtesy = Courtesy.Settings(restPercent: 300)

        public init() {}
    }

    let engine: Engine
    let pool: PostgresPool
    let ids: any IdentifierSource
    let clock: any WallClock
    let settings: Settings
    let logger: Logger
    let onStep: @Sendable (RenewalStep) throws -> Void

    /// - Parameters:
    ///   - pool: connections of the role `tollgate_job`.
    ///   - clock: the real one, which has to be the engine's too; what is due is told by each tenant's own.
    ///   - onStep: called between two steps; what it throws ends the run as a crash would. For tests.
    public init(
        engine: Engine, pool: PostgresPool, ids: any IdentifierSource,
        clock: any WallClock, settings: Settings = Settings(), logger: Logger,
        onStep: @escaping @Sendable (RenewalStep) throws -> Void = { _ in }
    ) {
        self.engine = engine
        self.pool = pool
        self.ids = ids
        self.clock = clock
        self.settings = settings
        self.logger = logger
        self.onStep = onStep
    }

    /// One pass over everything that is due, a few tenants at once, batch by batch.
    ///
    /// - Parameters:
    ///   - tenant: of this tenant alone; `nil`: of all.
    ///   - progress: told the counts after every batch, one after the other; what it throws ends the run.
    /// - Throws: what stops a whole run: the database cannot be asked, or somebody has stopped it.
    public func run(
        of tenant: TenantID? = nil, progress: @escaping @Sendable (RenewalCounts) throws -> Void = { _ in }
    ) async throws -> RenewalCounts {
        let (tenants, clocks) = try await pool.transaction(tenant: nil) { transaction in
            let results = try transaction.pipeline([RenewalStore.tenants(tenant), TenantClockStore.moved])
            return (try RenewalStore.tenants(results[0]), try TenantClockStore.clocks(results[1]))
        }
        let tally = RenewalTally(progress)
        let courtesy = Courtesy(settings.courtesy)
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            for tenant in tenants {
                if running == settings.tenantsAtOnce { try await group.next() } else { running += 1 }
                group.addTask {
                    try await renew(
                        tenant.id, graceMilliseconds: tenant.graceMilliseconds,
                        clocks.time(of: tenant.id, at: clock.now()), tally, courtesy)
                }
            }
            try await group.waitForAll()
        }
        return tally.counts
    }

    /// All that is due of one tenant. The next batch is read while one is being charged.
    private func renew(
        _ tenant: TenantID, graceMilliseconds: Int64, _ time: TenantTime, _ tally: RenewalTally,
        _ courtesy: Courtesy
    ) async throws {
        var found = try await batch(of: tenant, after: .start, time.now, tally, courtesy)
        while let last = found.last {
            let start = ContinuousClock.now
            let batch = found
            async let next = following(
                batch, of: tenant, after: RenewalCursor(last), time.now, tally, courtesy)
            try tally.add(try await renew(batch, graceMilliseconds: graceMilliseconds, time))
            found = try await next
            try await Task.sleep(for: courtesy.rest(after: ContinuousClock.now - start))
        }
    }

    /// What follows a batch; nothing where the batch was not full.
    private func following(
        _ batch: [DueRenewal], of tenant: TenantID, after cursor: RenewalCursor, _ now: Instant,
        _ tally: RenewalTally, _ courtesy: Courtesy
    ) async throws -> [DueRenewal] {
        guard batch.count == settings.batch else { return [] }
        return try await self.batch(of: tenant, after: cursor, now, tally, courtesy)
    }

    private func batch(
        of tenant: TenantID, after cursor: RenewalCursor, _ now: Instant, _ tally: RenewalTally,
        _ courtesy: Courtesy
    ) async throws -> [DueRenewal] {
        let (batch, begun) = try await pool.transaction(tenant: nil) { [limit = settings.batch] transaction in
            let results = try transaction.pipeline([
                RenewalStore.due(tenant, at: now, after: cursor, limit: limit), .transactionsBegun,
            ])
            return (try RenewalStore.renewals(results[0]), try results[1][0].get(0, as: Int64.self))
        }
        courtesy.look(begun: begun, own: engine.groupsCommitted + tally.settlements, at: .now)
        return batch
    }
}
