internal import Primitives
internal import Synchronization

/// Which run the last attempt of a transaction has recorded; nothing where the answer was a remembered one.
final class LastRun: Sendable {
    private let stored = Mutex<(JobRunID, Instant)?>(nil)

    func set(_ id: JobRunID, _ startedAt: Instant) { stored.withLock { $0 = (id, startedAt) } }

    var value: (JobRunID, Instant)? { stored.withLock { $0 } }
}
