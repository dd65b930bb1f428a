internal import Foundation

/// Tells what time it is; handed in wherever time matters, so that tests can move it.
public protocol WallClock: Sendable {
    func now() -> Instant
}

/// The machine's clock, truncated to milliseconds.
public struct SystemClock: WallClock {
    public init() {}

    public func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
