internal import Synchronization

/// Hands out new ids to concurrent callers.
public protocol IdentifierSource: Sendable {
    func next<Subject>(at now: Instant, of kind: Subject.Type) -> Identifier<Subject>
}

extension IdentifierSource {
    public func next<Subject>(at now: Instant) -> Identifier<Subject> {
        next(at: now, of: Subject.self)
    }
}

/// One sequence for a whole process, behind a lock.
public final class ProcessIdentifiers: IdentifierSource {
    private let sequence: Mutex<IdentifierSequence>

    public init(seed: UInt64) {
        sequence = Mutex(IdentifierSequence(seed: seed))
    }

    /// Seeds from the operating system.
    public convenience init() {
        var generator = SystemRandomNumberGenerator()
        self.init(seed: generator.next())
    }

    public func next<Subject>(at now: Instant, of kind: Subject.Type) -> Identifier<Subject> {
        sequence.withLock { $0.next(at: now, of: kind) }
    }
}
