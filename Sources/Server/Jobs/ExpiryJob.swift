internal import Logging
internal import Postgres
internal import Primitives
internal import Provisioning

/// The job `expiry`: `Provisioning.Expiries` with billing's end of a subscription.
struct ExpiryJob: Job {
    /// Of the role `tollgate_worker`: taking slots back is its right.
    let pool: PostgresPool
    let ids: any IdentifierSource
    let logger: Logger

    let name = JobName.expiry

    func run(_ order: JobOrder, _ progress: JobProgress) async throws {
        let expiries = Expiries(
            pool: pool, ending: BilledEnding(ids: ids), clock: order.clock, logger: logger)
        let counts = try await expiries.run(of: order.tenant?.id) { counts in
            try progress.note(counts.named, problems: counts.problems)
        }
        JobMetrics.ended(counts)
        try progress.note(counts.named, problems: counts.problems)
    }
}

extension ExpiryCounts {
    var named: JobProgress.Counts {
        [
            ("due", due), ("ended", ended), ("slots", slots), ("skipped", skipped), ("failed", failed),
        ]
    }
}
