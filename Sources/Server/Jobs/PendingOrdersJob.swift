internal import Billing
internal import Logging
internal import Postgres
internal import Primitives

/// The job `pending-orders`: `Billing.PendingExpiries` with an engine.
struct PendingOrdersJob: Job {
    let pool: PostgresPool
    let ids: any IdentifierSource
    let logger: Logger
    let lend: EngineLending

    let name = JobName.pendingOrders

    func run(_ order: JobOrder, _ progress: JobProgress) async throws {
        let counts = try await lend.use(order.clock) { engine in
            let expiries = PendingExpiries(
                engine: engine, pool: pool, ids: ids, clock: order.clock, logger: logger)
            return try await expiries.run(of: order.tenant?.id) { counts in
                try progress.note(counts.named, problems: counts.problems)
            }
        }
        JobMetrics.expired(counts)
        try progress.note(counts.named, problems: counts.problems)
    }
}

extension PendingExpiryCounts {
    var named: JobProgress.Counts {
        [
            ("due", due), ("expired", expired), ("skipped", skipped), ("failed", failed),
            ("undecided", undecided),
        ]
    }
}
