import Primitives
import Testing

@testable import Postgres

@Suite struct PostgresTimestampTests {
    @Test(
        arguments: [
            (0, 946_684_800_000), (999, 946_684_800_000), (1000, 946_684_800_001), (-1, 946_684_799_999),
            (-1000, 946_684_799_999), (-1001, 946_684_799_998),
        ] as [(Int64, Int64)])
    func `microseconds are truncated towards the past`(microseconds: Int64, milliseconds: Int64) throws {
        let instant = try PostgresTimestamp.instant(forMicroseconds: microseconds)
        #expect(instant == Instant(milliseconds: milliseconds))
    }

    @Test func `an infinite timestamp is refused`() {
        #expect(throws: Unreadable.self) { try PostgresTimestamp.instant(forMicroseconds: .max) }
        #expect(throws: Unreadable.self) { try PostgresTimestamp.instant(forMicroseconds: .min) }
    }

    /// A date out of a request must become an error of the server, neither a crash nor `infinity`.
    @Test(arguments: [Int64.max, .min, .max / 1000 + 1_000_000_000_000])
    func `an instant out of range is refused by the server`(milliseconds: Int64) async throws {
        let connection = try await Scratch().connect()
        let error = #expect(throws: PostgresError.self) {
            try connection.query("SELECT \(Instant(milliseconds: milliseconds))")
        }
        #expect(error?.sqlState == .dateTimeFieldOverflow)
    }
}
