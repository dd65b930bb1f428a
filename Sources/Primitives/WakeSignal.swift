internal import Synchronization

/// Lets one sleeper sleep until it is woken, or for so long.
public final class WakeSignal: Sendable {
    private struct State {
        var isPending = false
        var sleeper: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    public init() {}

    /// Wakes the sleeper, or spares it the next sleep.
    public func wake() {
        let sleeper = state.withLock { state in
            let sleeper = state.sleeper
            state.sleeper = nil
            state.isPending = sleeper == nil
            return sleeper
        }
        sleeper?.resume()
    }

    /// Sleeps until woken, or for so many ms; returns at once where it was woken since the last sleep.
    public func sleep(atMostMilliseconds limit: Int64) async {
        let timer = Task {
            guard (try? await Task.sleep(for: .milliseconds(limit))) != nil else { return }
            wake()
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    guard !state.isPending else {
                        state.isPending = false
                        return true
                    }
                    state.sleeper = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
        timer.cancel()
    }
}
