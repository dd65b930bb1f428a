internal import Billing
internal import Logging
internal import Postgres
internal import Primitives

/// The job `renewals`: `Billing.Renewals` with an engine.
struct RenewalsJob: Job {
    let pool: PostgresPool
    let ids: any IdentifierSource
    let logger: Logger
    let lend: EngineLending

    let name = JobName.renewals

    func run(_ order: JobOrder, _ progress: JobProgress) async throws {
        let counts = try await lend.use(order.clock) { engine in
            let renewals = Renewals(
                engine: engine, pool: pool, ids: ids, clock: order.clock, logger: logger)
            let counts = try await renewals.run(of: order.tenant?.id) { counts in
                try progress.note(counts.named, problems: counts.problems)
            }
            JobMetrics.renewed(counts)
            return counts
        }
        try progress.note(counts.named, problems: counts.problems)
    }
}

extension RenewalCounts {
    var named: JobProgress.Counts {
        [
            ("due", due), ("renewed", renewed), ("failed", failed), ("parked", parked), ("ended", ended),
            ("skipped", skipped), ("undecided", undecided),
        ]
    }
}
