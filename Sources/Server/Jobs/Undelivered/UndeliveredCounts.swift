/// What a run of the job `undelivered` has done.
struct UndeliveredCounts: Sendable, Hashable {
    /// Subscriptions whose delivery is overdue.
    var due = 0
    /// Ended, with all that was paid for them given back.
    var refunded = 0
    /// Somebody else came first.
    var skipped = 0
    /// Nobody knows or nothing was decided; the next run looks again.
    var undecided = 0
    /// What cannot be given back; it stays as it is.
    private(set) var failed = 0
    /// What went wrong, in words without secrets: the first of it.
    private(set) var problems: [String] = []

    static let problemsMax = 20

    mutating func fail(_ problem: String) {
        failed += 1
        if problems.count < Self.problemsMax { problems.append(problem) }
    }

    /// What a run that is not done says of itself.
    var allProblems: [String] {
        undecided == 0 ? problems : problems + ["\(undecided) were not decided; run it again"]
    }

    var named: JobProgress.Counts {
        [
            ("due", due), ("refunded", refunded), ("skipped", skipped), ("undecided", undecided),
            ("failed", failed),
        ]
    }
}
