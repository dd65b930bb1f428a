/// A half-open span of service `[start, end)` in UTC; never empty.
public struct ServicePeriod: Sendable, Hashable {
    public let start: Instant
    public let end: Instant

    public init?(start: Instant, end: Instant) {
        guard start < end else { return nil }
        self.start = start
        self.end = end
    }

    public var milliseconds: Int64 { end.milliseconds(since: start) }

    public func contains(_ instant: Instant) -> Bool {
        start <= instant && instant < end
    }

    /// `count` periods of `duration` milliseconds that tile without gap from `start`; `nil` past Int64 or the year 9999.
    public static func tiling(from start: Instant, duration: Int64, count: Int32) -> [ServicePeriod]? {
        precondition(duration > 0 && count > 0, "a tiling needs a positive duration and count")
        let (span, overflow) = duration.multipliedReportingOverflow(by: Int64(count))
        guard !overflow, let end = start.adding(milliseconds: span), end <= Instant.farthest else {
            return nil
        }
        return (0..<Int64(count)).map { index in
            ServicePeriod(unchecked: start.milliseconds + index * duration, duration)
        }
    }

    private init(unchecked start: Int64, _ duration: Int64) {
        self.start = Instant(milliseconds: start)
        end = Instant(milliseconds: start + duration)
    }
}

extension Instant {
    /// 9999-12-31T23:59:59.999Z: the last instant that RFC 3339 can write.
    public static let farthest = Instant(milliseconds: 253_402_300_799_999)
}
