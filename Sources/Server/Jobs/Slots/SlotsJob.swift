internal import Logging
internal import Postgres
internal import Primitives
internal import Provisioning

/// The job `slots`: keeps the stock where no worker of this process does, and tells of networks that run short.
struct SlotsJob: Job {
    /// Of the role `tollgate_worker`.
    let pool: PostgresPool
    let ids: any IdentifierSource
    let logger: Logger
    /// Makes what keeps the stock, for one run; `nil`: a worker of this process does.
    let keeper: (@Sendable (any WallClock) -> ProvisioningWorker)?

    let name = JobName.slots

    func run(_ order: JobOrder, _ progress: JobProgress) async throws {
        var counts = StockCounts()
        if let keeper {
            counts.kept = try await keeper(order.clock).stockPass(
                of: order.tenant?.id, at: order.clock.now()
            ) { report in
                var counts = StockCounts()
                counts.kept = report
                try progress.note(counts.named, problems: counts.problems)
            }
        }
        // Looked at last, so that what was just put up for sale counts.
        let watch = StockWatch(pool: pool, ids: ids, clock: order.clock, logger: logger)
        try await watch.run(of: order.tenant?.id, &counts) { counts in
            try progress.note(counts.named, problems: counts.problems)
        }
        JobMetrics.stocked(counts)
        try progress.note(counts.named, problems: counts.problems)
    }
}
