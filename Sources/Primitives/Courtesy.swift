internal import Synchronization

/// How long background work rests after a batch, so that others come through: in proportion to what it worked and to how
/// busy the others are; not at all where nobody else is there.
///
/// Others are seen by the transactions that they begin: the database's own counter of them, less those of this work. So
/// it needs no rights, and no word from those who serve customers.
public final class Courtesy: Sendable {
    /// How much it gives way.
    public struct Settings: Sendable, Hashable {
        /// The rest beside busy others, in percent of the time that was worked.
        public var restPercent: Int64
        /// So many transactions of others in a second are busy; fewer shorten the rest in proportion.
        public var busyPerSecond: Int64 = 20

        public init(restPercent: Int64) {
            self.restPercent = restPercent
        }
    }

    private struct State {
        /// At the last look.
        var looked: (begun: Int64, own: Int64, at: ContinuousClock.Instant)?
        /// Others' transactions in a second, between the last two looks; before the second, busy ones are supposed.
        var othersPerSecond: Int64?
    }

    private let settings: Settings
    private let state = Mutex(State())

    public init(_ settings: Settings) {
        self.settings = settings
    }

    /// Takes where the counters of transactions stand; neither ever goes back.
    ///
    /// - Parameters:
    ///   - begun: all that were ever given an id by the server, the own ones as well.
    ///   - own: those of this work that wrote something.
    public func look(begun: Int64, own: Int64, at moment: ContinuousClock.Instant) {
        state.withLock { state in
            guard let last = state.looked else {
                state.looked = (begun, own, moment)
                return
            }
            let milliseconds = (moment - last.at).milliseconds
            // Over a shorter time one transaction more or less would be a crowd.
            guard milliseconds >= Self.shortestWindow else { return }
            let others = max(0, begun - last.begun - (own - last.own))
            state.othersPerSecond = others * 1_000 / milliseconds
            state.looked = (begun, own, moment)
        }
    }

    /// The rest that is due after so long at work.
    public func rest(after worked: Duration) -> Duration {
        let others = state.withLock { $0.othersPerSecond } ?? settings.busyPerSecond
        return worked * (settings.restPercent * min(others, settings.busyPerSecond))
            / (settings.busyPerSecond * 100)
    }

    private static let shortestWindow: Int64 = 50
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
