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
        public var batchesAtOnce = 2

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

    /// One pass over everything that is due, batch by batch.
    ///
    /// - Parameters:
    ///   - tenant: of this tenant alone; `nil`: of all.
    ///   - progress: told the counts after every batch; what it throws ends the run.
    /// - Throws: what stops a whole run: the database cannot be asked, or somebody has stopped it.
    public func run(
        of tenant: TenantID? = nil, progress: @escaping @Sendable (RenewalCounts) throws -> Void = { _ in }
    ) async throws -> RenewalCounts {
        let (tenants, clocks) = try await pool.transaction(tenant: nil) { transaction in
            let results = try transaction.pipeline([RenewalStore.tenants(tenant), TenantClockStore.moved])
            return (try RenewalStore.tenants(results[0]), try TenantClockStore.clocks(results[1]))
        }
        return try await withThrowingTaskGroup(of: RenewalCounts.self) { group in
            var counts = RenewalCounts()
            var running = 0
            func take() async throws {
                guard let done = try await group.next() else { return }
                running -= 1
                counts.add(done)
                try progress(counts)
            }
            for tenant in tenants {
                let time = clocks.time(of: tenant.id, at: clock.now())
                var cursor = RenewalCursor.start
                while true {
                    let batch = try await batch(of: tenant.id, after: cursor, time.now)
                    guard let last = batch.last else { break }
                    cursor = RenewalCursor(last)
                    if running == settings.batchesAtOnce { try await take() }
                    running += 1
                    group.addTask {
                        try await renew(batch, graceMilliseconds: tenant.graceMilliseconds, time)
                    }
                    if batch.count < settings.batch { break }
                }
            }
            while running > 0 { try await take() }
            return counts
        }
    }

    private func batch(
        of tenant: TenantID, after cursor: RenewalCursor, _ now: Instant
    ) async throws -> [DueRenewal] {
        try await pool.transaction(tenant: nil) { [limit = settings.batch] transaction in
            try RenewalStore.renewals(
                transaction.query(RenewalStore.due(tenant, at: now, after: cursor, limit: limit)))
        }
    }
}
