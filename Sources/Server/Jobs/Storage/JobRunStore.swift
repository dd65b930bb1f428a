internal import Postgres
internal import Primitives

/// SQL of the record of jobs' runs.
enum JobRunStore {
    static func start(
        _ id: JobRunID, _ job: String, _ tenant: String?, _ asOf: Instant?, at now: Instant
    ) -> Statement {
        """
        INSERT INTO job_runs (id, job, tenant_slug, as_of, state, counts, problems, started_at, seen_at)
        VALUES (\(id), \(job), \(tenant), \(asOf), 'running', '{}', '{}', \(now), \(now))
        """
    }

    static func beat(_ id: JobRunID, _ counts: JSON, at now: Instant) -> Statement {
        "UPDATE job_runs SET counts = \(counts.stored), seen_at = \(now) WHERE id = \(id) AND state = 'running'"
    }

    static func end(
        _ id: JobRunID, _ state: JobRun.State, _ counts: JSON, _ problems: [String], at now: Instant
    ) -> Statement {
        """
        UPDATE job_runs SET state = \(state.rawValue), counts = \(counts.stored), problems = \(problems), seen_at = \(now),
            ended_at = \(now)
        WHERE id = \(id)
        """
    }

    /// Runs that have said nothing for so long were killed.
    static func interrupt(silentSince: Instant, at now: Instant) -> Statement {
        "UPDATE job_runs SET state = 'interrupted', ended_at = \(now) WHERE state = 'running' AND seen_at < \(silentSince)"
    }

    static func latest(_ count: Int) -> Statement {
        """
        SELECT id, job, tenant_slug, as_of, state, counts, problems, started_at, ended_at
        FROM job_runs ORDER BY started_at DESC, id DESC LIMIT \(count)
        """
    }

    static func page(_ filter: JobRuns.Filter, limit: Int) -> Statement {
        """
        SELECT id, job, tenant_slug, as_of, state, counts, problems, started_at, ended_at
        FROM job_runs
        WHERE (\(filter.id)::uuid IS NULL OR id = \(filter.id))
          AND (\(filter.job?.rawValue)::text IS NULL OR job = \(filter.job?.rawValue))
          AND (\(filter.state?.rawValue)::text IS NULL OR state = \(filter.state?.rawValue))
          AND (\(filter.tenant)::text IS NULL OR tenant_slug = \(filter.tenant))
          AND (\(filter.before)::uuid IS NULL OR id < \(filter.before))
        ORDER BY id DESC LIMIT \(limit + 1)
        """
    }

    static func runs(_ result: ResultSet) throws -> [JobRun] {
        try result.map { row in
            let state: String = try row.get(4)
            guard let state = JobRun.State(rawValue: state) else { throw Unreadable("a job run is \(state)") }
            return JobRun(
                id: try row.get(0), job: try row.get(1), tenant: try row.get(2), asOf: try row.get(3),
                state: state, counts: try row.get(5, as: JSONB.self).text, problems: try row.get(6),
                startedAt: try row.get(7), endedAt: try row.get(8))
        }
    }

    static func lastStart(of job: String) -> Statement {
        "SELECT started_at FROM job_runs WHERE job = \(job) ORDER BY started_at DESC LIMIT 1"
    }

    static func tenant(_ slug: String) -> Statement { "SELECT id FROM tenants WHERE slug = \(slug)" }
}

extension JSON {
    fileprivate var stored: JSONB { JSONB(String(decoding: encoded(), as: UTF8.self)) }
}
