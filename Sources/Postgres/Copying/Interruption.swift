internal import Foundation

/// Cancels a running statement when its reader goes away, and never the statement of a later job.
final class Interruption: @unchecked Sendable {
    // Both are touched only under the lock, which is held while the request to cancel is on its way: `end`
    // waits for it, so the server has dealt with it before the connection is used again.
    private let lock = NSLock()
    private var canceller: Canceller?
    private var isRequested = false

    /// Whether the job should not even start.
    func begin(_ canceller: Canceller) -> Bool {
        lock.withLock {
            self.canceller = canceller
            return !isRequested
        }
    }

    func end() {
        lock.withLock { canceller = nil }
    }

    /// Cancels on a thread of its own: the caller may be a task's cancellation handler, which must not wait
    /// for the network.
    func request() {
        Thread.detachNewThread { [self] in
            lock.withLock {
                isRequested = true
                canceller?.cancel()
            }
        }
    }
}
