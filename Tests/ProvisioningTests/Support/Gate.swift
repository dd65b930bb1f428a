import Dispatch

/// Opened once; whoever waits goes on then.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() { semaphore.signal() }

    /// Blocks the thread: for jobs of a pool, which have one of their own.
    func waitOnThread() { semaphore.wait() }

    /// For one waiter in a test.
    func wait() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                self.semaphore.wait()
                continuation.resume()
            }
        }
    }
}
