/// What a run of the renewals has done.
public struct RenewalCounts: Sendable, Hashable {
    /// Subscriptions that were found due.
    public var due = 0
    public var renewed = 0
    /// Not renewed for now: they are tried again.
    public var failed = 0
    public var parked = 0
    /// Not renewed until their grace was over.
    public var ended = 0
    /// Somebody else came first: another run, the customer, an operator.
    public var skipped = 0
    /// Nobody knows, or nothing was decided: the next run looks again.
    public var undecided = 0
    /// What went wrong, in words without secrets: the first of them.
    public private(set) var problems: [String] = []

    public init() {}

    public static let problemsMax = 20

    mutating func note(problem: String) {
        if problems.count < Self.problemsMax { problems.append(problem) }
    }

    mutating func add(_ other: RenewalCounts) {
        due += other.due
        renewed += other.renewed
        failed += other.failed
        parked += other.parked
        ended += other.ended
        skipped += other.skipped
        undecided += other.undecided
        for problem in other.problems { note(problem: problem) }
    }

    mutating func add(_ kind: RenewalChange.Kind) {
        switch kind {
        case .postponed: failed += 1
        case .parked: parked += 1
        case .ended: ended += 1
        }
    }
}

/// The points between two steps of the renewals: after each, whatever comes next may never happen.
public enum RenewalStep: String, Sendable, Hashable, CaseIterable {
    /// A batch is read, nothing is charged.
    case found
    /// The engine has answered for every one of a batch.
    case charged
    /// What was not renewed is written down.
    case settled
}
