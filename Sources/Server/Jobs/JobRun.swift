internal import Primitives

/// A name for the compiler.
enum JobRunSubject {}
typealias JobRunID = Identifier<JobRunSubject>

/// One run of a job, as it is recorded.
struct JobRun: Sendable {
    enum State: String, Sendable, CaseIterable {
        case running, done, failed
        /// Stopped, or killed and found so by a later run.
        case interrupted
    }

    let id: JobRunID
    let job: String
    /// `nil`: all tenants.
    let tenant: String?
    /// The moment that the run took for now; `nil`: the clock's.
    let asOf: Instant?
    let state: State
    /// JSON text.
    let counts: String
    let problems: [String]
    let startedAt: Instant
    let endedAt: Instant?

    var json: JSON {
        [
            "id": .string(id.description), "job": .string(job), "tenant": tenant.map(JSON.string) ?? .null,
            "as_of": asOf.map { .string($0.rfc3339()) } ?? .null, "state": .string(state.rawValue),
            "counts": (try? JSON.parse(counts.utf8)) ?? .null, "problems": .array(problems.map(JSON.string)),
            "started_at": .string(startedAt.rfc3339()),
            "ended_at": endedAt.map { .string($0.rfc3339()) } ?? .null,
        ]
    }

    var line: String {
        let whose = tenant.map { " of \($0)" } ?? ""
        let moment = asOf.map { " as of \($0.rfc3339())" } ?? ""
        let took = endedAt.map { " in \($0.milliseconds(since: startedAt)) ms" } ?? ""
        let object = (try? JSON.parse(counts.utf8))?.objectValue ?? JSONObject()
        let counts: JobProgress.Counts = object.members.map { ($0.key, Int($0.value.integralValue ?? 0)) }
        let trouble = problems.isEmpty ? "" : "; \(problems.count) problems, first: \(problems[0])"
        return
            "\(startedAt.rfc3339())  \(job)\(whose)\(moment)  \(state.rawValue)\(took)  \(counts.line)\(trouble)"
    }
}
