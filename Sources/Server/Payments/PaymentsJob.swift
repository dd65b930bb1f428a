internal import Billing
internal import Logging
internal import Postgres
internal import Primitives

/// The job `payments`: `PaymentRounds` with a desk.
struct PaymentsJob: Job {
    /// Of the role `tollgate_job`.
    let pool: PostgresPool
    let logger: Logger
    let lend: EngineLending
    /// A desk that submits to this engine.
    let desk: @Sendable (Billing.Engine) -> PaymentDesk

    let name = JobName.payments

    func run(_ order: JobOrder, _ progress: JobProgress) async throws {
        let counts = try await lend.use(order.clock) { engine in
            let rounds = PaymentRounds(desk: desk(engine), pool: pool, clock: order.clock, logger: logger)
            return try await rounds.run(of: order.tenant?.id) { counts in
                try progress.note(counts.named, problems: counts.problems)
            }
        }
        JobMetrics.asked(counts)
        try progress.note(counts.named, problems: counts.problems)
    }
}
