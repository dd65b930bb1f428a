internal import Synchronization

/// Bounds how long somebody else may take.
enum Deadline {
    /// The answer, or `unreachable` after so many ms; whoever does not answer is cancelled and not waited for.
    static func within<T: Sendable>(
        milliseconds: Int64, _ ask: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        let answer = FirstAnswer<T>()
        let asking = Task {
            do { answer.give(.success(try await ask())) } catch { answer.give(.failure(error)) }
        }
        let timer = Task {
            // Cancelled when the answer came first.
            guard (try? await Task.sleep(for: .milliseconds(milliseconds))) != nil else { return }
            answer.give(.failure(GatewayProblem.unreachable("no answer within \(milliseconds) ms")))
            asking.cancel()
        }
        defer { timer.cancel() }
        return try await answer.value()
    }
}

/// The first of several answers; later ones are dropped.
private final class FirstAnswer<T: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<T, any Error>)
        case given(Result<T, any Error>)
        case taken
    }

    private let state = Mutex<State>(.open)

    func give(_ result: Result<T, any Error>) {
        let waiter: CheckedContinuation<T, any Error>? = state.withLock { state in
            switch state {
            case .open:
                state = .given(result)
                return nil
            case .awaited(let continuation):
                state = .taken
                return continuation
            case .given, .taken: return nil
            }
        }
        waiter?.resume(with: result)
    }

    func value() async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let ready: Result<T, any Error>? = state.withLock { state in
                guard case .given(let result) = state else {
                    state = .awaited(continuation)
                    return nil
                }
                state = .taken
                return result
            }
            if let ready { continuation.resume(with: ready) }
        }
    }
}
