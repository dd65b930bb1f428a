internal import Logging
internal import Postgres
internal import Primitives

/// The job `reconcile`.
struct ReconcileJob: Job {
    /// Of the role `tollgate_worker`, which may read every tenant's rows, with plans for whole tables and time for them.
    let configuration: PostgresConfiguration
    let clock: any WallClock
    let logger: Logger

    let name = JobName.reconcile

    func run(_ order: JobOrder, _ progress: JobProgress) async throws {
        // Connected for the run alone: it comes seldom.
        let pool = PostgresPool(configuration, threads: 1, clock: clock, logger: logger)
        do {
            let counts = try await Reconciliation(pool: pool, logger: logger).run(of: order.tenant?.id) {
                try progress.note($0.named, problems: $0.problems)
            }
            await pool.close()
            JobMetrics.reconciled(counts)
        } catch {
            await pool.close()
            throw error
        }
    }
}
