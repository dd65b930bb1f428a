internal import Synchronization

/// A value read from the database, read again when it is too old or known to have changed; whoever asks
/// meanwhile waits for the same read.
final class Snapshot<Value: Sendable>: Sendable {
    private struct Stamp: Equatable {
        let all: UInt64
        let own: UInt64
    }

    private struct Loaded {
        let value: Value
        let stamp: Stamp
        let at: ContinuousClock.Instant
    }

    private struct Loading {
        let number: UInt64
        let stamp: Stamp
        let task: Task<Value, any Error>
    }

    private struct State {
        var loaded: Loaded?
        var loading: Loading?
        var own: UInt64 = 0
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())
    private let freshness: Freshness
    private let read: @Sendable () async throws -> Value

    init(_ freshness: Freshness, read: @escaping @Sendable () async throws -> Value) {
        self.freshness = freshness
        self.read = read
    }

    /// The value that was read last, however old.
    var last: Value? { state.withLock { $0.loaded?.value } }

    func invalidate() { state.withLock { $0.own += 1 } }

    /// The value, read again first where it may not be used any more.
    func current() async throws -> Value {
        switch look() {
        case .use(let value): return value
        case .wait(let task): return try await task.value
        }
    }

    /// The value, read again first where it may not be used any more, but the last one where that fails or
    /// takes longer than the limit.
    /// - Throws: what the read failed with, where nothing was ever read before.
    func current(waiting limit: Duration) async throws -> Value {
        switch look() {
        case .use(let value): return value
        case .wait(let task):
            guard let last else { return try await task.value }
            return await FirstAnswer.of(limit) { try await task.value } ?? last
        }
    }

    private enum Look {
        case use(Value)
        case wait(Task<Value, any Error>)
    }

    private func look() -> Look {
        let now = ContinuousClock.now
        let all = freshness.generation
        return state.withLock { state in
            let stamp = Stamp(all: all, own: state.own)
            guard let loaded = state.loaded, loaded.stamp == stamp else { return .wait(load(&state, stamp)) }
            switch freshness.use(atAge: now - loaded.at) {
            case .asItIs: return .use(loaded.value)
            case .whileRefreshing:
                _ = load(&state, stamp)
                return .use(loaded.value)
            case .notAnyMore: return .wait(load(&state, stamp))
            }
        }
    }

    /// Joins the read that is under way, unless it began before the last change.
    private func load(_ state: inout State, _ stamp: Stamp) -> Task<Value, any Error> {
        if let loading = state.loading, loading.stamp == stamp { return loading.task }
        state.lastNumber += 1
        let number = state.lastNumber
        let task = Task {
            let begun = ContinuousClock.now
            let result: Result<Value, any Error>
            do { result = .success(try await self.read()) } catch { result = .failure(error) }
            self.finish(number, stamp, begun, result)
            return try result.get()
        }
        state.loading = Loading(number: number, stamp: stamp, task: task)
        return task
    }

    private func finish(
        _ number: UInt64, _ stamp: Stamp, _ begun: ContinuousClock.Instant, _ result: Result<Value, any Error>
    ) {
        state.withLock { state in
            if state.loading?.number == number { state.loading = nil }
            // An older read may end after a newer one.
            guard case .success(let value) = result, state.loaded.map({ $0.at <= begun }) ?? true else {
                return
            }
            state.loaded = Loaded(value: value, stamp: stamp, at: begun)
        }
    }
}
