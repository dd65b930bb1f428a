internal import Synchronization

/// When a snapshot may still be used: one for all snapshots of a cache.
final class Freshness: Sendable {
    private struct State {
        var isHearing = false
        var generation: UInt64 = 0
    }

    /// What a snapshot's age allows.
    enum Use {
        case asItIs
        /// Good enough for this caller; the next ones should find a newer one.
        case whileRefreshing
        case notAnyMore
    }

    private let state = Mutex(State())
    private let heard: Duration
    private let deaf: Duration

    /// - Parameters:
    ///   - heard: the age in milliseconds at which a snapshot is read again although no change was notified.
    ///   - deaf: the age in milliseconds that is still good while no change can be notified.
    init(heard: Int64, deaf: Int64) {
        self.heard = .milliseconds(heard)
        self.deaf = .milliseconds(deaf)
    }

    /// Counts what makes every snapshot out of date.
    var generation: UInt64 { state.withLock { $0.generation } }
    var isHearing: Bool { state.withLock { $0.isHearing } }

    func invalidateAll() { state.withLock { $0.generation += 1 } }

    /// Whatever was notified before the listener was connected has been missed.
    func setHearing(_ isHearing: Bool) {
        state.withLock { state in
            if isHearing { state.generation += 1 }
            state.isHearing = isHearing
        }
    }

    func use(atAge age: Duration) -> Use {
        guard isHearing else { return age <= deaf ? .asItIs : .notAnyMore }
        // A poll that fails a few times leaves the notifications in charge; when it fails for long, so do they.
        if age <= heard { return .asItIs }
        return age <= heard * 4 ? .whileRefreshing : .notAnyMore
    }
}

/// A value read from the database, read again when it is too old or known to have changed; whoever asks meanwhile
/// waits for the same read.
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
        let now = ContinuousClock.now
        let all = freshness.generation
        let (value, task) = state.withLock { state -> (Value?, Task<Value, any Error>?) in
            let stamp = Stamp(all: all, own: state.own)
            guard let loaded = state.loaded, loaded.stamp == stamp else { return (nil, load(&state, stamp)) }
            switch freshness.use(atAge: now - loaded.at) {
            case .asItIs: return (loaded.value, nil)
            case .whileRefreshing:
                _ = load(&state, stamp)
                return (loaded.value, nil)
            case .notAnyMore: return (nil, load(&state, stamp))
            }
        }
        if let value { return value }
        guard let task else { preconditionFailure("neither a value nor a read of it") }
        return try await task.value
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
            guard case .success(let value) = result, state.loaded.map({ $0.at <= begun }) ?? true else { return }
            state.loaded = Loaded(value: value, stamp: stamp, at: begun)
        }
    }
}

/// Snapshots by key, each made when first asked for.
final class SnapshotTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let snapshots = Mutex<[Key: Snapshot<Value>]>([:])
    private let make: @Sendable (Key) -> Snapshot<Value>

    init(_ make: @escaping @Sendable (Key) -> Snapshot<Value>) {
        self.make = make
    }

    subscript(key: Key) -> Snapshot<Value> {
        snapshots.withLock { snapshots in
            if let known = snapshots[key] { return known }
            let made = make(key)
            snapshots[key] = made
            return made
        }
    }
}
