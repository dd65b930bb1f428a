import Primitives
import Testing

@Suite("Durations")
struct DurationTextTests {
    @Test(
        arguments: [
            ("30d", Int64(2_592_000_000)), ("12h", 43_200_000), ("90m", 5_400_000), ("45s", 45_000),
            ("1500ms", 1_500),
            ("1ms", 1), ("007d", 604_800_000), ("9223372036854775807ms", .max),
            ("106751991167d", 9_223_372_036_828_800_000),
        ] as [(String, Int64)])
    func `durations in numbers`(text: String, milliseconds: Int64) {
        #expect(DurationText(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "d", "30", "0d", "0ms", "-1d", "+1d", "1.5h", "1 d", " 1d", "1d ", "1D", "1w", "1y", "1d12h",
        "1dd", "d1", "ms",
        "1µs", "1ns", "１d", "106751991168d", "213503982335d", "18446744073709552s",
        "9223372036854775808ms", "99999999999999999999s", "1e3s", "0x1d",
        "1m s",
    ])
    func `what is no duration is refused`(text: String) {
        #expect(DurationText(text) == nil)
    }

    @Test(
        arguments: [
            (Int64(86_400_000), "1d"), (129_600_000, "36h"), (5_400_000, "90m"), (60_000, "1m"),
            (61_000, "61s"),
            (1_001, "1001ms"), (.max, "9223372036854775807ms"),
        ] as [(Int64, String)])
    func `the largest unit without a remainder`(milliseconds: Int64, text: String) {
        #expect(DurationText(milliseconds: milliseconds)?.description == text)
    }

    @Test func `every positive duration survives being written and read`() async {
        await forAll { generator in
            let unit = generator.pick([Int64(1), 1_000, 60_000, 3_600_000, 86_400_000])
            let (milliseconds, overflow) = generator.anyInt64().multipliedReportingOverflow(by: unit)
            guard !overflow else { return }
            let duration = DurationText(milliseconds: milliseconds)
            try same(duration != nil, milliseconds > 0)
            if let duration { try same(DurationText(duration.description), duration) }
        }
    }
}
