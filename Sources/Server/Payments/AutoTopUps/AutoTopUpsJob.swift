internal import Billing
internal import Logging
internal import Postgres
internal import Primitives

/// The job `auto-top-ups`: `AutoTopUps` with a desk.
struct AutoTopUpsJob: Job {
    /// Of the role `tollgate_job`.
    let pool: PostgresPool
    let logger: Logger
    let lend: EngineLending
    /// A desk that submits to this engine.
    let desk: @Sendable (Engine) -> PaymentDesk

    let name = JobName.autoTopUps

    func run(_ order: JobOrder, _ progress: JobProgress) async throws {
        let counts = try await lend.use(order.clock) { engine in
            let filling = AutoTopUps(desk: desk(engine), pool: pool, clock: order.clock, logger: logger)
            return try await filling.run(of: order.tenant?.id) { counts in
                try progress.note(counts.named, problems: counts.problems)
            }
        }
        JobMetrics.filled(counts)
        try progress.note(counts.named, problems: counts.problems)
    }
}
