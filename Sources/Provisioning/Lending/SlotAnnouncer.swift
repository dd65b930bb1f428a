public import Logging
public import Postgres
internal import Synchronization

/// Tells the workers that desired state has changed, after the change was committed.
///
/// A NOTIFY takes a lock of the whole database until its commit is flushed, so none belongs into the transaction of a
/// purchase: one goes out by itself for all the changes of a while. The workers' poll stands behind it.
public final class SlotAnnouncer: Sendable {
    private enum State {
        case idle
        case announcing
        /// Something has changed since the last NOTIFY was begun.
        case behind
    }

    private let pool: PostgresPool
    private let pauseMilliseconds: Int64
    private let wake: @Sendable () -> Void
    private let logger: Logger
    private let state = Mutex(State.idle)

    /// - Parameters:
    ///   - pool: any role; one connection is enough.
    ///   - pauseMilliseconds: how far two NOTIFYs are apart at least.
    ///   - wake: wakes the workers of this process, at every change.
    public init(
        pool: PostgresPool, pauseMilliseconds: Int64 = 50, logger: Logger,
        wake: @escaping @Sendable () -> Void = {}
    ) {
        self.pool = pool
        self.pauseMilliseconds = pauseMilliseconds
        self.logger = logger
        self.wake = wake
    }

    /// Called after a commit that changed desired state, from any thread; returns at once and never fails.
    public func slotsChanged() {
        wake()
        let isFirst = state.withLock { state in
            defer { state = state == .idle ? .announcing : .behind }
            return state == .idle
        }
        if isFirst { Task { await announce() } }
    }

    private func announce() async {
        repeat {
            state.withLock { $0 = .announcing }
            do {
                try await pool.transaction(tenant: nil) { transaction in
                    _ = try transaction.pipeline(SlotStore.announce())
                }
            } catch {
                logger.warning(
                    "other processes' workers were not woken and will poll", metadata: ["reason": "\(error)"])
            }
            try? await Task.sleep(for: .milliseconds(pauseMilliseconds))
        } while isBehind()
    }

    /// Whether another NOTIFY is due; otherwise the next change begins anew.
    private func isBehind() -> Bool {
        state.withLock { state in
            if state == .behind { return true }
            state = .idle
            return false
        }
    }
}
