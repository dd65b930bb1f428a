internal import Synchronization

/// Lets a signal cancel a piece of work, which then fails and cleans up after itself.
final class TaskCancellation: Sendable {
    private struct State {
        var isCancelled = false
        var cancel: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    func cancel() {
        let cancel = state.withLock { state in
            state.isCancelled = true
            return state.cancel
        }
        cancel?()
    }

    /// Runs the work; a failure of it after `cancel` is told as `CommandFailure.failed`.
    func run<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let task = Task { try await work() }
        let isLate = state.withLock { state in
            state.cancel = { task.cancel() }
            return state.isCancelled
        }
        if isLate { task.cancel() }
        do {
            return try await task.value
        } catch  where state.withLock({ $0.isCancelled }) {
            throw CommandFailure.failed("stopped before the end; nothing was written")
        }
    }
}
