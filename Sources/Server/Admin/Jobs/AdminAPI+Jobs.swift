internal import Postgres
internal import Primitives

extension AdminAPI {
    static let jobEndpoints: [AdminEndpoint] = [
        AdminEndpoint(
            name: "listJobRuns", method: .get, place: .platform, path: "/jobs/runs",
            permission: .platform(.owner, .support, .readOnly), tag: "jobs",
            summary: "The runs of jobs, newest first",
            query: ["Limit", "Cursor", "Job", "JobState", "JobTenant"], answer: "JobRunList",
            handler: .admitted(AdminAPI.listJobRuns)),
        AdminEndpoint(
            name: "getJobRun", method: .get, place: .platform, path: "/jobs/runs/{id}",
            permission: .platform(.owner, .support, .readOnly), tag: "jobs", summary: "One run of a job",
            answer: "JobRun", handler: .admitted(AdminAPI.getJobRun)),
        AdminEndpoint(
            name: "runJob", method: .post, place: .platform, path: "/jobs/runs",
            permission: .platform(.owner), tag: "jobs",
            summary: "Begin one run of a job; how it goes says its record", body: "JobOrder",
            status: .accepted, answer: "JobRun", handler: .admitted(AdminAPI.runJob)),
    ]

    func listJobRuns(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call, "job", "state", "tenant")
        let limit = try query.limit()
        let filter = JobRuns.Filter(
            job: try query.word("job"), state: try query.word("state"), tenant: try query.text("tenant"),
            before: try query.cursor())
        let rows = try await jobs.runs.page(filter, limit: limit)
        return .json(Page(readingOneMore: rows, limit: limit, cursor: \.id).json(\.description, \.json))
    }

    func getJobRun(_ call: AdminCall) async throws -> AdminAnswer {
        let found = try await jobs.runs.page(JobRuns.Filter(id: call.id()), limit: 1)
        guard let run = found.first else { throw AdminProblem(.notFound) }
        return .json(run.json)
    }

    /// The run is recorded with who asked for it, and begun once that is certain.
    func runJob(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "job", "tenant")
        let name = try fields.required("job", fields.word("job", of: JobName.self))
        let tenant = try await jobTenant(fields)
        let run = LastRun()
        let answer = try await changes.run(call, on: .platform, fields.body) { transaction, command in
            let (id, now): (JobRunID, Instant) = (command.retyped(), transaction.realNow)
            _ = try transaction.query(JobRunStore.start(id, name.rawValue, tenant?.slug, nil, at: now))
            run.set(id, now)
            let json = JobRun(
                id: id, job: name.rawValue, tenant: tenant?.slug, asOf: nil, state: .running, counts: "{}",
                problems: [], startedAt: now, endedAt: nil
            ).json
            return (json, AuditNote(call.endpoint.name, "job", name.rawValue, from: nil, to: fields.body))
        }
        // A repeated request is told of the run that was begun before.
        if let (id, startedAt) = run.value { jobs.carryOut(id, name, of: tenant, startedAt: startedAt) }
        return answer
    }

    private func jobTenant(_ fields: AdminFields) async throws -> JobTenant? {
        guard let slug = try fields.text("tenant", "a tenant's slug") else { return nil }
        let found = try await pool.read(
            tenant: .platform, AdminTenantStore.tenant(slug: slug), AdminTenantStore.tenants)
        guard let tenant = found.first else {
            throw AdminProblem(.invalidField, "There is no such tenant.", field: "tenant")
        }
        return JobTenant(id: tenant.id, slug: tenant.slug)
    }
}
