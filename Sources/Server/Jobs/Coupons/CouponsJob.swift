internal import Logging
internal import Postgres
internal import Primitives

/// The job `coupons`.
struct CouponsJob: Job {
    /// Of the role `tollgate_job`.
    let pool: PostgresPool
    let ids: any IdentifierSource
    let logger: Logger

    let name = JobName.coupons

    func run(_ order: JobOrder, _ progress: JobProgress) async throws {
        let closings = CouponClosings(pool: pool, ids: ids, clock: order.clock, logger: logger)
        let counts = try await closings.run(of: order.tenant?.id) { counts in
            try progress.note(counts.named, problems: counts.problems)
        }
        try progress.note(counts.named, problems: counts.problems)
    }
}
