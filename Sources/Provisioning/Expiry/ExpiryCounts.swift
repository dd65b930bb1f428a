/// What a run of the expiry has done.
public struct ExpiryCounts: Sendable, Hashable {
    /// Subscriptions that were found with a slot past their end and grace.
    public var due = 0
    /// Subscriptions that ended with this run.
    public var ended = 0
    /// Slots that were returned.
    public var slots = 0
    /// Somebody else came first or is at it: a renewal, a worker, another run.
    public var skipped = 0
    /// Subscriptions whose rows cannot be read or written: they are left as they are.
    public var failed = 0
    /// What went wrong, in words without secrets: the first of them.
    public private(set) var problems: [String] = []

    public init() {}

    public static let problemsMax = 20

    mutating func fail(_ problem: String) {
        failed += 1
        if problems.count < Self.problemsMax { problems.append(problem) }
    }

    /// Adds what was done of another tenant.
    mutating func add(_ other: ExpiryCounts) {
        due += other.due
        ended += other.ended
        slots += other.slots
        skipped += other.skipped
        failed += other.failed
        problems += other.problems.prefix(Self.problemsMax - problems.count)
    }

    mutating func add(_ returned: Expiry.Returned, of due: Int) {
        ended += returned.ended
        slots += returned.slots
        skipped += due - returned.subscriptions
    }
}

/// The points between two steps of the expiry: after each, whatever comes next may never happen.
public enum ExpiryStep: String, Sendable, Hashable, CaseIterable {
    /// A batch is read, nothing is written.
    case found
    /// A batch is written and not committed.
    case written
    /// A batch is committed.
    case ended
}
