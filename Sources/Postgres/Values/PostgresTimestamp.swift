internal import Primitives

/// `timestamptz` counts microseconds from 2000-01-01 UTC; instants count milliseconds from 1970.
enum PostgresTimestamp {
    static let epochMilliseconds: Int64 = 946_684_800_000

    /// An instant beyond what 64 bits of microseconds can hold becomes one that the server refuses (22008):
    /// an absurd date from a request must not end the process.
    static func microseconds(for instant: Instant) -> Int64 {
        let (shifted, underflow) = instant.milliseconds.subtractingReportingOverflow(epochMilliseconds)
        let (microseconds, overflow) = shifted.multipliedReportingOverflow(by: 1000)
        guard underflow || overflow else { return microseconds }
        // The two extreme patterns mean `infinity`, which would be accepted.
        return instant.milliseconds < 0 ? Int64.min + 1 : Int64.max - 1
    }

    /// Truncates towards the past, so that an earlier timestamp never reads as a later instant.
    static func instant(forMicroseconds microseconds: Int64) throws -> Instant {
        guard microseconds != .max, microseconds != .min else {
            throw Unreadable("an infinite timestamp is no instant")
        }
        let milliseconds = microseconds >= 0 ? microseconds / 1000 : ~(~microseconds / 1000)
        return Instant(milliseconds: milliseconds + epochMilliseconds)
    }
}
