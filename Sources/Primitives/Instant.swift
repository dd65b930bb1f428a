/// A moment in UTC, whole milliseconds since 1970-01-01T00:00:00Z; what every dialect can show without rounding.
public struct Instant: Sendable, Hashable, Comparable, Codable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public static func < (left: Instant, right: Instant) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The instant this many milliseconds later; `nil` where the sum leaves Int64.
    public func adding(milliseconds: Int64) -> Instant? {
        let (sum, overflow) = self.milliseconds.addingReportingOverflow(milliseconds)
        return overflow ? nil : Instant(milliseconds: sum)
    }

    /// Milliseconds from `earlier` to this instant; negative where this one is the earlier.
    public func milliseconds(since earlier: Instant) -> Int64 {
        milliseconds - earlier.milliseconds
    }
}
