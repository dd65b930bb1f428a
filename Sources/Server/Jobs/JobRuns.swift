internal import Logging
internal import Postgres
internal import Primitives

/// Runs jobs, each under a record of its own.
struct JobRuns: Sendable {
    /// Of the role `tollgate_job`.
    let pool: PostgresPool
    /// The time that records carry, whatever a run takes for now.
    let clock: any WallClock
    let ids: any IdentifierSource
    let logger: Logger

    /// How often a run says that it lives, and after how long a silent one is taken for killed, in ms.
    static let beatMilliseconds: Int64 = 10_000
    static let silentMilliseconds: Int64 = 90_000

    /// Runs a job to its end and answers with its record.
    ///
    /// - Throws: where not even the record could be written; what stops the job itself is a state of the record.
    func run(
        _ job: any Job, of tenant: JobTenant? = nil, asOf: Instant? = nil, _ progress: JobProgress
    ) async throws -> JobRun {
        let startedAt = clock.now()
        let id: JobRunID = ids.next(at: startedAt)
        try await pool.transaction(tenant: nil) { transaction in
            _ = try transaction.pipeline([
                JobRunStore.interrupt(
                    silentSince: startedAt.adding(milliseconds: -Self.silentMilliseconds) ?? startedAt,
                    at: startedAt),
                JobRunStore.start(id, job.name.rawValue, tenant?.slug, asOf, at: startedAt),
            ])
        }
        return try await carryOut(id, job, of: tenant, asOf: asOf, startedAt: startedAt, progress)
    }

    /// The rest of a run that is recorded as begun.
    func carryOut(
        _ id: JobRunID, _ job: any Job, of tenant: JobTenant?, asOf: Instant?, startedAt: Instant,
        _ progress: JobProgress
    ) async throws -> JobRun {
        let order = JobOrder(tenant: tenant, clock: asOf.map(StoppedClock.init) ?? clock)
        let beating = Task { await beat(id, progress) }
        defer { beating.cancel() }
        let (state, problem) = await outcome { try await job.run(order, progress) }
        if let problem {
            progress.add(problem: problem)
            logger.error("a job failed", metadata: ["job": "\(job.name.rawValue)", "error": "\(problem)"])
        }
        let endedAt = clock.now()
        let (counts, problems) = (progress.counts, progress.problems)
        try await pool.transaction(tenant: nil) { transaction in
            _ = try transaction.query(JobRunStore.end(id, state, counts.json, problems, at: endedAt))
        }
        return JobRun(
            id: id, job: job.name.rawValue, tenant: tenant?.slug, asOf: asOf, state: state,
            counts: String(decoding: counts.json.encoded(), as: UTF8.self), problems: problems,
            startedAt: startedAt, endedAt: endedAt)
    }

    private func outcome(
        _ body: () async throws -> Void
    ) async -> (state: JobRun.State, problem: String?) {
        do {
            try await body()
            return (.done, nil)
        } catch is JobStopped {
            return (.interrupted, nil)
        } catch {
            return (.failed, "\(error)")
        }
    }

    /// Says from time to time how far the run is, until it is over.
    private func beat(_ id: JobRunID, _ progress: JobProgress) async {
        while (try? await Task.sleep(for: .milliseconds(Self.beatMilliseconds))) != nil {
            let (now, counts) = (clock.now(), progress.counts)
            // What cannot be said now is said with the next beat.
            try? await pool.transaction(tenant: nil) { transaction in
                _ = try transaction.query(JobRunStore.beat(id, counts.json, at: now))
            }
        }
    }

    /// The latest runs, newest first.
    func latest(_ count: Int) async throws -> [JobRun] {
        let silentSince = clock.now().adding(milliseconds: -Self.silentMilliseconds) ?? clock.now()
        return try await pool.transaction(tenant: nil) { transaction in
            _ = try transaction.query(JobRunStore.interrupt(silentSince: silentSince, at: transaction.now))
            return try JobRunStore.runs(transaction.query(JobRunStore.latest(count)))
        }
    }

    /// Which runs are asked for, newest first.
    struct Filter: Sendable {
        var id: JobRunID?
        var job: JobName?
        var state: JobRun.State?
        var tenant: String?
        var before: JobRunID?
    }

    /// A page of runs and one run more.
    func page(_ filter: Filter, limit: Int) async throws -> [JobRun] {
        let silentSince = clock.now().adding(milliseconds: -Self.silentMilliseconds) ?? clock.now()
        return try await pool.transaction(tenant: nil) { transaction in
            _ = try transaction.query(JobRunStore.interrupt(silentSince: silentSince, at: transaction.now))
            return try JobRunStore.runs(transaction.query(JobRunStore.page(filter, limit: limit)))
        }
    }

    /// When a job was last begun, by whichever process; `nil`: never.
    func lastStart(of job: JobName) async throws -> Instant? {
        try await pool.transaction(tenant: nil) {
            try $0.query(JobRunStore.lastStart(of: job.rawValue)).first?.get(0)
        }
    }

    func tenant(_ slug: String) async throws -> JobTenant? {
        try await pool.transaction(tenant: nil) {
            try $0.query(JobRunStore.tenant(slug)).first.map { JobTenant(id: try $0.get(0), slug: slug) }
        }
    }
}
