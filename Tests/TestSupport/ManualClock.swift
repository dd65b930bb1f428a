public import Primitives
internal import Synchronization

/// Time that moves when told; it starts at the end of a January, because month ends are where billing goes wrong.
public final class ManualClock: WallClock {
    /// 2026-01-31T00:00:00Z.
    public static let start = Instant(milliseconds: 1_769_817_600_000)

    private let instant: Mutex<Instant>

    public init(_ start: Instant = ManualClock.start) {
        instant = Mutex(start)
    }

    public func now() -> Instant { instant.withLock { $0 } }

    /// Moves on by so many milliseconds; back where they are negative.
    public func advance(milliseconds: Int64) {
        instant.withLock { $0 = Instant(milliseconds: $0.milliseconds + milliseconds) }
    }

    public func advance(days: Int64) {
        advance(milliseconds: days * 86_400_000)
    }

    public func set(_ moment: Instant) {
        instant.withLock { $0 = moment }
    }
}
