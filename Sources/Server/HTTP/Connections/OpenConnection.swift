internal import NIOCore
internal import Synchronization

/// One accepted connection, as the table of all of them sees it.
///
/// Its event loop says what it is doing, without a lock; the table reads that when it has to make room.
final class OpenConnection: Sendable {
    let channel: any Channel
    /// Whose connection it is: an address, or a network of IPv6.
    let source: String
    /// Milliseconds of the monotonic clock since which nothing of it is being worked on, or one of the marks.
    private let quietSince: Atomic<Int64>
    private let wasServed = Atomic(false)
    /// Where the table keeps it; touched only under the table's lock.
    nonisolated(unsafe) var places = (all: 0, ofSource: 0)

    /// A whole request is being answered.
    private static let busy = Int64.max
    /// The table has chosen it to make room.
    private static let leaving = Int64.min
    /// A connection that never brought a whole request counts as quiet for so much longer.
    private static let strangeness: Int64 = 3_600_000

    init(channel: any Channel, source: String) {
        self.channel = channel
        self.source = source
        quietSince = Atomic(Self.now)
    }

    /// Whether a whole request may be begun: not once the connection was given up, for nobody would be told.
    func beginWork() -> Bool {
        let former = quietSince.exchange(Self.busy, ordering: .relaxed)
        guard former != Self.leaving else {
            quietSince.store(Self.leaving, ordering: .relaxed)
            return false
        }
        return true
    }

    /// Everything it asked for has been answered.
    func endWork() {
        wasServed.store(true, ordering: .relaxed)
        becomeQuiet()
    }

    /// From now on it counts as quiet, although it may have asked for something: it does not take its answers.
    func becomeQuiet() {
        let former = quietSince.exchange(Self.now, ordering: .relaxed)
        if former == Self.leaving { quietSince.store(Self.leaving, ordering: .relaxed) }
    }

    /// How long it has been quiet, for comparison: the lowest has been longest. `nil` where it may not be closed.
    var quietRank: Int64? {
        let since = quietSince.load(ordering: .relaxed)
        guard since != Self.busy, since != Self.leaving else { return nil }
        return wasServed.load(ordering: .relaxed) ? since : since - Self.strangeness
    }

    /// Gives it up, unless it has begun to work since it was looked at.
    func leave() -> Bool {
        let since = quietSince.load(ordering: .relaxed)
        guard since != Self.busy, since != Self.leaving else { return false }
        return quietSince.compareExchange(expected: since, desired: Self.leaving, ordering: .relaxed)
            .exchanged
    }

    private static var now: Int64 { Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000) }
}
