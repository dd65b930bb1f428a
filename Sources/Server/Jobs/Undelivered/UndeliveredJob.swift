internal import Billing
internal import Logging
internal import Postgres
internal import Primitives
internal import Provisioning

/// The job `undelivered`: ends, and gives back the money of, what no gateway has opened in time.
struct UndeliveredJob: Job {
    /// Of the role `tollgate_worker`, whose matter deliveries are.
    let pool: PostgresPool
    let ids: any IdentifierSource
    let deadlineMilliseconds: Int64
    let logger: Logger
    let lend: EngineLending

    let name = JobName.undelivered

    func run(_ order: JobOrder, _ progress: JobProgress) async throws {
        let counts = try await lend.use(order.clock) { engine in
            let refunds = UndeliveredRefunds(
                deliveries: Deliveries(pool: pool, deadlineMilliseconds: deadlineMilliseconds),
                engine: engine, ids: ids, clock: order.clock, logger: logger)
            return try await refunds.run(of: order.tenant?.id) { counts in
                try progress.note(counts.named, problems: counts.allProblems)
            }
        }
        JobMetrics.undelivered(counts)
        try progress.note(counts.named, problems: counts.allProblems)
    }
}
