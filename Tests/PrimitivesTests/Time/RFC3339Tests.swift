import Foundation
import Primitives
import Testing

@Suite("RFC 3339")
struct RFC3339Tests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", Int64(0)), ("1970-01-01T00:00:00.001Z", 1),
            ("1969-12-31T23:59:59.999Z", -1),
            ("2026-01-31T00:00:00Z", 1_769_817_600_000), ("2026-01-31t00:00:00z", 1_769_817_600_000),
            ("2026-01-31T01:30:00+01:30", 1_769_817_600_000),
            ("2026-01-30T19:00:00-05:00", 1_769_817_600_000),
            ("2026-01-31T00:00:00-00:00", 1_769_817_600_000),
            ("2026-01-31T23:59:00+23:59", 1_769_817_600_000),
            ("2026-01-31T00:00:00.5Z", 1_769_817_600_500), ("2026-01-31T00:00:00.25Z", 1_769_817_600_250),
            ("2026-01-31T00:00:00.9999999999999999999999Z", 1_769_817_600_999),
            ("2026-01-31T00:00:00.0009Z", 1_769_817_600_000),
            ("1969-12-31T23:59:59.9999Z", -1), ("2024-02-29T12:00:00Z", 1_709_208_000_000),
            ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("0001-01-01T00:00:00Z", Instant.earliest.milliseconds),
            ("9999-12-31T23:59:59.999Z", Instant.farthest.milliseconds),
            ("2016-12-31T23:59:59Z", 1_483_228_799_000),
        ] as [(String, Int64)])
    func `instants in numbers`(text: String, milliseconds: Int64) {
        #expect(Instant(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-01-31", "2026-01-31T00:00:00", "2026-01-31 00:00:00Z", "2026-01-31T00:00Z",
        "26-01-31T00:00:00Z",
        "2026-1-31T00:00:00Z", "2026-01-31T0:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T00:60:00Z",
        "2016-12-31T23:59:60Z", "2026-01-31T00:00:61Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z", "2026-00-10T00:00:00Z", "2026-13-10T00:00:00Z", "2026-01-00T00:00:00Z",
        "2026-01-32T00:00:00Z", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "-2026-01-31T00:00:00Z",
        "+2026-01-31T00:00:00Z", "2026-01-31T00:00:00.Z", "2026-01-31T00:00:00,5Z",
        "2026-01-31T00:00:00+0100",
        "2026-01-31T00:00:00+01", "2026-01-31T00:00:00+24:00", "2026-01-31T00:00:00+01:60",
        "2026-01-31T00:00:00Z ",
        " 2026-01-31T00:00:00Z", "2026-01-31T00:00:00ZZ", "2026-01-31T00:00:00UTC",
        "2026-01-31T00:00:00\u{2212}01:00",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "２026-01-31T00:00:00Z", "20260131T000000Z",
    ])
    func `what is no instant is refused`(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func `every instant survives being written and read`() async {
        await forAll(20_000) { generator in
            let instant = generator.anyInstant()
            try same(Instant(rfc3339: instant.rfc3339()), instant)
            let second = Instant(rfc3339: instant.rfc3339(fractionDigits: 0))
            try holds((0..<1000).contains(instant.milliseconds(since: try #require(second))), "\(instant)")
        }
    }

    @Test func `a zone moves the clock on the wall and not the instant`() async {
        await forAll { generator in
            let instant = Instant(milliseconds: generator.integer(-60_000_000_000_000...250_000_000_000_000))
            let minutes = generator.integer(-1439...1439)
            let local = Instant(milliseconds: instant.milliseconds + minutes * 60_000).rfc3339().dropLast()
            let (hours, rest) = minutes.magnitude.quotientAndRemainder(dividingBy: 60)
            let zone =
                (minutes < 0 ? "-" : "+") + (hours < 10 ? "0" : "") + "\(hours):" + (rest < 10 ? "0" : "")
                + "\(rest)"
            try same(Instant(rfc3339: local + zone), instant, "\(local)\(zone)")
        }
    }

    /// Foundation changes to the Julian calendar before 1582, which RFC 3339 does not.
    @Test func `Foundation reads what we write, and writes what we write`() async throws {
        let style = Date.ISO8601FormatStyle()
        let first = try #require(Instant(rfc3339: "1600-01-01T00:00:00Z")).milliseconds / 1000
        await forAll { generator in
            let seconds = generator.integer(first...Instant.farthest.milliseconds / 1000)
            let text = Instant(milliseconds: seconds * 1000).rfc3339(fractionDigits: 0)
            let date = Date(timeIntervalSince1970: Double(seconds))
            try same(text, date.formatted(style))
            try same(try Date(text, strategy: style), date)
        }
    }

    @Test func `outside the years that RFC 3339 knows the text is wrong but says what is meant`() {
        #expect(
            Instant(milliseconds: Instant.farthest.milliseconds + 1).rfc3339() == "10000-01-01T00:00:00.000Z")
        #expect(
            Instant(milliseconds: Instant.earliest.milliseconds - 1).rfc3339() == "0000-12-31T23:59:59.999Z")
        #expect(Instant(milliseconds: .max).rfc3339() == "292278994-08-17T07:12:55.807Z")
        #expect(Instant(milliseconds: .min).rfc3339() == "-292275055-05-16T16:47:04.192Z")
    }

    @Test func `random text never crashes the parser`() async {
        let letters = Array("0123456789-+:.TtZz ")
        await forAll { generator in
            var text = Array(generator.anyInstant().rfc3339())
            for _ in 0..<generator.integer(1...3) {
                text[Int(generator.integer(0...Int64(text.count - 1)))] = generator.pick(letters)
            }
            _ = Instant(rfc3339: String(text))
            _ = Instant(rfc3339: String(text.prefix(Int(generator.integer(0...24)))))
        }
    }
}
