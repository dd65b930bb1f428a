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
        // A poll that fails a few times leaves the notifications in charge; when it fails for long, so do
        // they.
        if age <= heard { return .asItIs }
        return age <= heard * 4 ? .whileRefreshing : .notAnyMore
    }
}
