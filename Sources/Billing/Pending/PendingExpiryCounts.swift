/// What a run of the job over orders that wait for money has done.
public struct PendingExpiryCounts: Sendable, Hashable {
    /// Orders that were found past their time.
    public var due = 0
    public var expired = 0
    /// Somebody else came first: another run, money, an operator.
    public var skipped = 0
    /// They cannot be read or written, whoever tries.
    public var failed = 0
    /// Nobody knows, or nothing was decided: the next run looks again.
    public var undecided = 0
    /// What went wrong, in words without secrets: the first of it.
    public private(set) var problems: [String] = []

    public init() {}

    public static let problemsMax = 20

    mutating func note(problem: String) {
        if problems.count < Self.problemsMax { problems.append(problem) }
    }
}

/// The points between two steps of the job: after each, whatever comes next may never happen.
public enum PendingExpiryStep: String, Sendable, Hashable, CaseIterable {
    /// A batch is read, nothing is asked of the engine.
    case found
    /// The engine has answered for every one of a batch.
    case closed
}
