import Primitives
import Testing

@Suite("Civil dates")
struct CivilDateTests {
    /// Counts from the first day to the last by the rules that children learn, beside the algorithm without loops.
    @Test func `every day of ten thousand years`() throws {
        var days = try #require(CivilDate(year: 1, month: 1, day: 1)).daysSinceEpoch
        for year in 1...9999 {
            let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
            let months = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            for (index, length) in months.enumerated() {
                for day in [1, 2, 15, length] {
                    let date = CivilDate(year: year, month: index + 1, day: day)
                    try #require(date?.daysSinceEpoch == days + Int64(day - 1))
                    try #require(CivilDate(daysSinceEpoch: days + Int64(day - 1)) == date)
                }
                try #require(CivilDate(year: year, month: index + 1, day: length + 1) == nil)
                days += Int64(length)
            }
        }
        #expect(CivilDate(daysSinceEpoch: days) == nil)
    }

    @Test(
        arguments: [(1970, 1, 1, Int64(0)), (1969, 12, 31, -1), (2000, 3, 1, 11_017), (2026, 1, 31, 20_484)]
            as [(Int, Int, Int, Int64)])
    func `days in numbers`(year: Int, month: Int, day: Int, days: Int64) {
        #expect(CivilDate(year: year, month: month, day: day)?.daysSinceEpoch == days)
    }

    @Test(
        arguments: [
            (0, 1, 1), (10_000, 1, 1), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (2026, 2, 29),
            (.min, .max, .min),
        ] as [(Int, Int, Int)])
    func `days that do not exist are refused`(year: Int, month: Int, day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test func `an instant falls on the day that has begun`() async {
        await forAll { generator in
            let instant = generator.anyInstant()
            let date = try #require(CivilDate(of: instant))
            try holds(
                (0..<86_400_000).contains(instant.milliseconds(since: date.start)), "\(instant) on \(date)")
            try same(instant.rfc3339().hasPrefix(date.start.rfc3339().prefix(10)), true)
        }
        #expect(CivilDate(of: Instant(milliseconds: .min)) == nil)
        #expect(CivilDate(of: Instant(milliseconds: .max)) == nil)
    }

    @Test func `dates are ordered like their days`() async {
        await forAll { generator in
            let (a, b) = (generator.integer(-719_162...2_932_896), generator.integer(-719_162...2_932_896))
            try same(CivilDate(daysSinceEpoch: a)! < CivilDate(daysSinceEpoch: b)!, a < b)
        }
    }
}
