internal import Logging
internal import Postgres
internal import Primitives

/// The job `retention`.
struct RetentionJob: Job {
    /// Of the role `tollgate_job`.
    let pool: PostgresPool
    /// Of the role `tollgate_worker`: dropping days of the request log is its right.
    let worker: PostgresPool
    /// Whole days of the request log that are kept, besides today.
    let requestLogDays: Int
    let logger: Logger

    let name = JobName.retention

    func run(_ order: JobOrder, _ progress: JobProgress) async throws {
        let requests = RequestLogRetention(
            pool: worker, clock: order.clock, days: requestLogDays, logger: logger)
        let retention = Retention(
            pool: pool, dropRequests: { try await requests.run() }, clock: order.clock, logger: logger)
        let counts = try await retention.run(of: order.tenant?.id) { counts in
            try progress.note(counts.named, problems: counts.problems)
        }
        try progress.note(counts.named, problems: counts.problems)
    }
}
