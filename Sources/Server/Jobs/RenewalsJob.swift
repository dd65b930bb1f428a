internal import Billing
internal import Logging
internal import Postgres
internal import Primitives

/// The job `renewals`: `Billing.Renewals` with an engine.
struct RenewalsJob: Job {
    /// Makes the engine of one run, or lends the process' own; the second closure is called when the run is over.
    typealias Lending = @Sendable (any WallClock) -> (engine: Engine, giveBack: @Sendable () async -> Void)

    let pool: PostgresPool
    let ids: any IdentifierSource
    let logger: Logger
    let lend: Lending

    let name = JobName.renewals

    func run(_ order: JobOrder, _ progress: JobProgress) async throws {
        let (engine, giveBack) = lend(order.clock)
        let renewals = Renewals(
            engine: engine, pool: pool, ids: ids, clock: order.clock, logger: logger)
        do {
            let counts = try await renewals.run(of: order.tenant?.id) { counts in
                try progress.note(counts.named, problems: counts.problems)
            }
            JobMetrics.renewed(counts)
            await giveBack()
            try progress.note(counts.named, problems: counts.problems)
        } catch let stopped as JobStopped {
            await giveBack()
            throw stopped
        } catch {
            await giveBack()
            throw error
        }
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
