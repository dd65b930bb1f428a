internal import Logging
internal import Primitives
internal import ServiceLifecycle
internal import Synchronization

/// Runs jobs when somebody asks for it, in this process, which lets them come to an end before it stops.
final class JobDesk: Service {
    let runs: JobRuns
    private let job: @Sendable (JobName) -> any Job
    private let underWay = Mutex<[JobRunID: (progress: JobProgress, task: Task<Void, Never>)]>([:])

    /// - Parameter job: makes the job of a name, for one run.
    init(runs: JobRuns, job: @escaping @Sendable (JobName) -> any Job) {
        self.runs = runs
        self.job = job
    }

    /// Carries out a run that is recorded as begun, and returns at once.
    func carryOut(_ id: JobRunID, _ name: JobName, of tenant: JobTenant?, startedAt: Instant) {
        let progress = JobProgress()
        let (runs, job) = (runs, job(name))
        underWay.withLock { underWay in
            let task = Task { [weak self] in
                do {
                    JobMetrics.ran(
                        try await runs.carryOut(
                            id, job, of: tenant, asOf: nil, startedAt: startedAt, progress))
                } catch {
                    // The record stays as it is, until it is taken for killed.
                    runs.logger.error(
                        "a job could not be run",
                        metadata: ["job": "\(name.rawValue)", "error": "\(error)"])
                }
                _ = self?.underWay.withLock { $0.removeValue(forKey: id) }
            }
            underWay[id] = (progress, task)
        }
    }

    /// Waits until nothing is under way.
    func finish() async {
        while let (_, run) = underWay.withLock({ $0.first }) { await run.task.value }
    }

    func run() async throws {
        try? await gracefulShutdown()
        underWay.withLock { $0.values.forEach { $0.progress.stop() } }
        await finish()
    }
}
