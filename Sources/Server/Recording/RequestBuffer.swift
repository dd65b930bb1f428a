internal import Synchronization

/// The requests that have been answered and not yet written down: bounded in rows and bytes, whatever the database does.
final class RequestBuffer: Sendable {
    /// What became of a request that was handed over.
    enum Place: Sendable, Hashable {
        case kept
        /// Kept, and there are enough now to be written without waiting for more.
        case enough
        /// There was no room. It is the first since there was some, or not.
        case dropped(isFirst: Bool)
    }

    private struct State {
        var waiting: [LoggedRequest] = []
        /// Being written. They take room until the database has them.
        var underWay: [LoggedRequest] = []
        var bytes = 0
        var isFull = false
    }

    private let state = Mutex(State())
    private let rowsMax: Int
    private let bytesMax: Int
    private let batchRows: Int

    init(rowsMax: Int, bytesMax: Int, batchRows: Int) {
        (self.rowsMax, self.bytesMax, self.batchRows) = (rowsMax, bytesMax, batchRows)
    }

    /// How many have not been written down.
    var count: Int { state.withLock { $0.waiting.count + $0.underWay.count } }

    func append(_ request: LoggedRequest) -> Place {
        state.withLock { state in
            let bytes = request.byteCount
            guard state.waiting.count + state.underWay.count < rowsMax, state.bytes + bytes <= bytesMax else {
                defer { state.isFull = true }
                return .dropped(isFirst: !state.isFull)
            }
            state.waiting.append(request)
            state.bytes += bytes
            return state.waiting.count == batchRows ? .enough : .kept
        }
    }

    /// The oldest of them, at most a batch; the same ones again until they are settled. Empty where there are none.
    func batch() -> [LoggedRequest] {
        state.withLock { state in
            if state.underWay.isEmpty {
                state.underWay = Array(state.waiting.prefix(batchRows))
                state.waiting.removeFirst(state.underWay.count)
            }
            return state.underWay
        }
    }

    /// The batch has been written, or given up: there is room again.
    func settle() {
        state.withLock { state in
            state.bytes -= state.underWay.reduce(0) { $0 + $1.byteCount }
            state.underWay = []
            state.isFull = false
        }
    }
}
