internal import Synchronization

/// Waits for work, but not longer than a limit; work that is late goes on by itself.
enum FirstAnswer {
    /// What the work returned, `nil` where it threw or took longer than the limit.
    static func of<T: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> T
    ) async -> T? {
        await withCheckedContinuation { continuation in
            let waiting = Waiting(continuation)
            let timer = Task {
                // Cancelled: the work was faster.
                guard (try? await Task.sleep(for: limit)) != nil else { return }
                waiting.resume(nil)
            }
            Task {
                let result = try? await work()
                timer.cancel()
                waiting.resume(result)
            }
        }
    }

    /// Resumes a continuation with the first of two answers.
    private final class Waiting<T: Sendable>: Sendable {
        private let continuation: Mutex<CheckedContinuation<T?, Never>?>

        init(_ continuation: CheckedContinuation<T?, Never>) {
            self.continuation = Mutex(continuation)
        }

        func resume(_ answer: T?) {
            let waiting = continuation.withLock { continuation in
                defer { continuation = nil }
                return continuation
            }
            waiting?.resume(returning: answer)
        }
    }
}
