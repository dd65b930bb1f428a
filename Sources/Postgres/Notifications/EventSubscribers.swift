internal import Synchronization

/// The streams that receive a listener's events.
final class EventSubscribers: Sendable {
    typealias Event = NotificationListener.Event

    private struct State {
        var continuations: [Int: AsyncStream<Event>.Continuation] = [:]
        var lastID = 0
        var isConnected = false
        var isFinished = false
    }

    private let state = Mutex(State())

    /// A stream of everything from now on; one that starts while connected is told so first.
    func subscribe() -> AsyncStream<Event> {
        // A reader that falls far behind loses the oldest, and is told that something was missed.
        let (stream, continuation) = AsyncStream.makeStream(
            of: Event.self, bufferingPolicy: .bufferingNewest(4096))
        let id: Int? = state.withLock { state in
            guard !state.isFinished else { return nil }
            state.lastID += 1
            state.continuations[state.lastID] = continuation
            if state.isConnected { continuation.yield(.connected) }
            return state.lastID
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.continuations.removeValue(forKey: id) }
        }
        return stream
    }

    func send(_ event: Event) {
        let (continuations, isConnected) = state.withLock { state in
            switch event {
            case .connected: state.isConnected = true
            case .disconnected: state.isConnected = false
            case .notification: break
            }
            return (Array(state.continuations.values), state.isConnected)
        }
        for continuation in continuations {
            guard case .dropped = continuation.yield(event), isConnected else { continue }
            continuation.yield(.connected)
        }
    }

    func finish() {
        let continuations = state.withLock { state in
            state.isFinished = true
            defer { state.continuations = [:] }
            return Array(state.continuations.values)
        }
        for continuation in continuations { continuation.finish() }
    }
}
