/// What a run of the retention has forgotten.
struct RetentionCounts: Sendable, Hashable {
    /// Idempotency keys with their answers.
    var keys = 0
    /// Periods whose renewal was attempted.
    var attempts = 0
    /// Days of the request log.
    var requestDays = 0
    /// Runs of jobs.
    var runs = 0
    /// What could not be forgotten.
    private(set) var failed = 0
    /// What went wrong, in words without secrets: the first of them.
    private(set) var problems: [String] = []

    static let problemsMax = 20

    mutating func fail(_ problem: String) {
        failed += 1
        if problems.count < Self.problemsMax { problems.append(problem) }
    }

    var named: JobProgress.Counts {
        [
            ("keys", keys), ("attempts", attempts), ("request_days", requestDays), ("runs", runs),
            ("failed", failed),
        ]
    }
}
