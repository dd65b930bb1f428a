import Foundation
import Primitives
import TestSupport
import Testing

@Suite("Calendar periods")
struct CalendarPeriodsTests {
    private static let lengths: [Int32] = [1, 3, 6, 12]
    private static let months: Int32 = 8 * 12

    @Test func `31 January goes on to the last of February and to 31 March`() throws {
        let zone = try ZoneDatabase.machine.zone(named: "Europe/Amsterdam")
        let start = try #require(Instant(rfc3339: "2026-01-31T09:15:00.250Z"))
        let made = try #require(
            CalendarPeriods(from: start, continuing: nil, months: 1, count: 24, in: zone))
        let ends = made.periods.map { $0.end.rfc3339() }
        #expect(
            ends.prefix(5) == [
                "2026-02-28T09:15:00.250Z", "2026-03-31T08:15:00.250Z", "2026-04-30T08:15:00.250Z",
                "2026-05-31T08:15:00.250Z", "2026-06-30T08:15:00.250Z",
            ])
        #expect(ends.last == "2028-01-31T09:15:00.250Z")
        #expect(made.anchor == CalendarAnchor(at: start, months: 24))
    }

    @Test func `in every zone, from sampled anchors, periods tile on the anchor's day`() async throws {
        var tally = Tally()
        var generator = SplitMix64(seed: 2_026_01_31)
        for zone in try Zones.all() {
            await Task.yield()
            for index in 0..<8 {
                // The last two are around the end of a year's first month, in the list's years and after them.
                let day = try #require(
                    index < 6
                        ? CivilDate(daysSinceEpoch: generator.integer(12_000...27_000))
                        : CivilDate(year: index == 6 ? 2026 : 2040, month: 1, day: 31))
                try check(anchor(on: day, &generator, zone), zone, &tally)
            }
        }
        tally.report("every zone")
    }

    @Test(arguments: Zones.hard)
    func `from every day of a leap year and of the one before, periods tile on the anchor's day`(
        name: String
    ) async throws {
        var tally = Tally()
        var generator = SplitMix64(seed: 2_026_01_31)
        let zone = try ZoneDatabase.machine.zone(named: name)
        // Around Apia's lost day where there is one, this year and the next elsewhere.
        let year = name == "Pacific/Apia" ? 2007 : name == "Pacific/Kwajalein" ? 1991 : 2027
        let first = try #require(CivilDate(year: year, month: 1, day: 1)).daysSinceEpoch
        for day in first..<(first + 731) {
            await Task.yield()
            let date = try #require(CivilDate(daysSinceEpoch: day))
            try check(anchor(on: date, &generator, zone), zone, &tally)
        }
        tally.report(name)
        if name == "Pacific/Apia" || name == "Pacific/Kwajalein" { #expect(tally.jumpedOver > 0) }
    }

    @Test func `one by one or all at once, the same periods`() async throws {
        let zones = try Zones.all()
        await forAll(3_000) { generator in
            let zone = generator.pick(zones)
            let start = Instant(milliseconds: generator.integer(0...4_000_000_000_000))
            let months = Int32(generator.integer(1...13))
            let count = Int32(generator.integer(1...24))
            let whole = CalendarPeriods(from: start, continuing: nil, months: months, count: count, in: zone)
            var anchor: CalendarAnchor?
            var periods: [ServicePeriod] = []
            for _ in 0..<count {
                let next = CalendarPeriods(
                    from: periods.last?.end ?? start, continuing: anchor, months: months, count: 1, in: zone)
                guard let next else { throw Violation(description: "no period after \(periods.count)") }
                periods += next.periods
                anchor = next.anchor
            }
            try same(whole?.periods, periods, "\(zone.name) from \(start.rfc3339())")
            try same(whole?.anchor, anchor)
        }
    }

    /// A tenant's zone, or its rules, may change between two periods.
    @Test func `whatever the zone becomes, the next period follows the last and is not empty`() async throws {
        let zones = try Zones.all()
        await forAll(20_000) { generator in
            var end = Instant(milliseconds: generator.integer(0...4_000_000_000_000))
            var anchor: CalendarAnchor?
            for _ in 0..<6 {
                let zone = generator.pick(zones)
                let months = Int32(generator.pick(Self.lengths))
                let made = CalendarPeriods(from: end, continuing: anchor, months: months, count: 1, in: zone)
                guard let made, let period = made.periods.first else {
                    throw Violation(description: "no period from \(end.rfc3339()) in \(zone.name)")
                }
                try same(period.start, end)
                // Four days: a shorter month's end, and the zones a day apart.
                let shortest = (Int64(months) * 28 - 4) * 86_400_000
                try holds(period.milliseconds > shortest, "\(months) months of \(period.milliseconds) ms")
                end = period.end
                anchor = made.anchor
            }
        }
    }

    @Test func `an anchor that does not lead past the start is counted anew`() throws {
        let start = ManualClock.start
        let stray = CalendarAnchor(at: Instant(milliseconds: 0), months: 2)
        let made = try #require(
            CalendarPeriods(from: start, continuing: stray, months: 1, count: 2, in: .utc))
        #expect(
            made.periods.map { $0.end.rfc3339(fractionDigits: 0) } == [
                "2026-02-28T00:00:00Z", "2026-03-31T00:00:00Z",
            ])
        #expect(made.anchor == CalendarAnchor(at: start, months: 2))
    }

    @Test(arguments: [(1, 1200, 120), (1200, 1200, 7), (12, 12, 1)] as [(Int32, Int32, Int32)])
    func `the calendar ends with the year 9999`(paid: Int32, months: Int32, count: Int32) throws {
        let start = paid == 12 ? "9999-06-01T00:00:00Z" : "2026-01-31T00:00:00Z"
        let anchor = CalendarAnchor(at: try #require(Instant(rfc3339: start)), months: 0)
        let made = CalendarPeriods(
            from: anchor.at, continuing: anchor, months: months, count: count, in: .utc)
        #expect((made == nil) == (count != 7))
    }

    /// An instant on this day in the zone, at some time of it or amid the hours in which clocks jump.
    private func anchor(on day: CivilDate, _ generator: inout SplitMix64, _ zone: Zone) -> Instant {
        let time: Int64 =
            generator.chance(oneIn: 3)
            ? generator.integer(3_600_000...10_799_999) : generator.integer(0...86_399_999)
        return zone.instant(of: LocalTime(day, millisecondOfDay: time))
    }

    /// Eight years of periods of each length from the anchor, held against days that are counted another way.
    private func check(_ anchor: Instant, _ zone: Zone, _ tally: inout Tally) throws {
        let first = try #require(zone.local(anchor))
        for months in Self.lengths {
            let made = CalendarPeriods(
                from: anchor, continuing: nil, months: months, count: Self.months / months, in: zone)
            guard let made else { throw Violation(description: "nothing from \(anchor.rfc3339())") }
            var (end, year, month) = (anchor, first.date.year, first.date.month)
            for period in made.periods {
                try holds(period.start == end && period.end > end, "\(zone.name) at \(end.rfc3339())")
                end = period.end
                for _ in 0..<months { (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1) }
                let day = min(first.date.day, Self.length(month, year))
                try holds(
                    try isRight(end, zone, year, month, day, first.millisecondOfDay, &tally),
                    "\(zone.name): \(end.rfc3339()) is not \(year)-\(month)-\(day), from \(anchor.rfc3339())")
            }
            tally.periods += made.periods.count
        }
    }

    /// On the day at the anchor's time of day; only where clocks jump over that, as much later.
    private func isRight(
        _ end: Instant, _ zone: Zone, _ year: Int, _ month: Int, _ day: Int, _ time: Int64,
        _ tally: inout Tally
    ) throws -> Bool {
        guard let shown = zone.local(end) else { return false }
        if shown.date.year == year && shown.date.month == month && shown.date.day == day
            && shown.millisecondOfDay == time
        {
            return true
        }
        tally.jumpedOver += 1
        // A moment before the jump clocks show less than was wanted, and now more: nothing between was ever shown.
        guard let wanted = CivilDate(year: year, month: month, day: day) else { return false }
        func walls(_ local: LocalTime) -> Int64 {
            local.date.daysSinceEpoch * 86_400_000 + local.millisecondOfDay
        }
        let lateness = walls(shown) - wanted.daysSinceEpoch * 86_400_000 - time
        guard lateness > 0, lateness <= 86_400_000,
            let before = zone.local(Instant(milliseconds: end.milliseconds - lateness))
        else { return false }
        return walls(before) < wanted.daysSinceEpoch * 86_400_000 + time
    }

    private static func length(_ month: Int, _ year: Int) -> Int {
        [
            31, year % 4 == 0 && year % 100 != 0 || year % 400 == 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31,
            30, 31,
        ][
            month - 1]
    }

    private struct Tally {
        var periods = 0
        var jumpedOver = 0

        func report(_ what: String) {
            let version = ZoneDatabase.machine.version ?? "unknown"
            print("calendar periods, \(what): \(periods), \(jumpedOver) ends jumped over (tz \(version))")
            #expect(periods > 10_000)
        }
    }
}
