public import Primitives
internal import Synchronization

/// Ids that count 1, 2, 3 ... whatever their kind; their time is the caller's.
public final class SequentialIdentifiers: IdentifierSource {
    private let last: Mutex<UInt64>

    /// The first id carries `first`.
    public init(first: UInt64 = 1) {
        last = Mutex(first - 1)
    }

    public func next<Subject>(at now: Instant, of kind: Subject.Type) -> Identifier<Subject> {
        let number = last.withLock { last in
            last += 1
            return last
        }
        return Identifier(
            bits: IdentifierBits(milliseconds: UInt64(max(0, now.milliseconds)), sequence: number))
    }
}
