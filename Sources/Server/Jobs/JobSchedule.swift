internal import Logging
internal import Primitives
internal import ServiceLifecycle
internal import Synchronization

/// Runs every job again and again, each by itself, so that a long one holds up no other.
///
/// When a job is next due is read from the record of runs, so several processes share one schedule.
final class JobSchedule: Sendable {
    private let runs: JobRuns
    private let jobs: [any Job]
    private let signals: [WakeSignal]
    private let underWay = Mutex<[JobName: JobProgress]>([:])
    private let stopped = Mutex(false)

    init(runs: JobRuns, jobs: [any Job]) {
        self.runs = runs
        self.jobs = jobs
        signals = jobs.map { _ in WakeSignal() }
        JobMetrics.begin(jobs.map(\.name))
    }

    /// Runs jobs until `stop` is called.
    func run() async {
        await withDiscardingTaskGroup { group in
            for (job, signal) in zip(jobs, signals) {
                group.addTask { await self.keepRunning(job, signal) }
            }
        }
    }

    /// Ends `run` after the batches that are under way.
    func stop() {
        stopped.withLock { $0 = true }
        for progress in underWay.withLock({ Array($0.values) }) { progress.stop() }
        for signal in signals { signal.wake() }
    }

    private var isStopped: Bool { stopped.withLock { $0 } }

    private func keepRunning(_ job: any Job, _ signal: WakeSignal) async {
        while !isStopped {
            var wait = job.name.everyMilliseconds
            do {
                wait = try await remaining(of: job.name)
                if wait <= 0 {
                    try await runOnce(job)
                    wait = try await remaining(of: job.name)
                }
            } catch {
                runs.logger.error(
                    "a job could not be run", metadata: ["job": "\(job.name.rawValue)", "error": "\(error)"])
                // The database is away, say: it is asked again soon.
                wait = min(wait, 5_000)
            }
            if isStopped { break }
            await signal.sleep(atMostMilliseconds: max(100, wait))
        }
    }

    /// How long it is until the job is due, in ms.
    private func remaining(of job: JobName) async throws -> Int64 {
        guard let last = try await runs.lastStart(of: job) else { return 0 }
        let passed = runs.clock.now().milliseconds(since: last)
        // A clock that was moved back must not stop the jobs.
        return passed < 0 ? 0 : job.everyMilliseconds - passed
    }

    private func runOnce(_ job: any Job) async throws {
        let progress = JobProgress()
        underWay.withLock { $0[job.name] = progress }
        defer { underWay.withLock { $0[job.name] = nil } }
        if isStopped { return }
        let run = try await runs.run(job, progress)
        JobMetrics.ran(run)
        guard !run.problems.isEmpty || run.state != .done else { return }
        runs.logger.warning(
            "a job had problems",
            metadata: [
                "job": "\(run.job)", "state": "\(run.state.rawValue)", "first": "\(run.problems.first ?? "")",
            ])
    }
}

/// Runs the schedule until the process is told to stop.
struct JobService: Service {
    private let schedule: JobSchedule

    init(_ schedule: JobSchedule) {
        self.schedule = schedule
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            await schedule.run()
        } onGracefulShutdown: {
            schedule.stop()
        }
    }
}
