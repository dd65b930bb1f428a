import Primitives
import TestSupport
import Testing

@testable import Billing

@Suite("When automatic renewals are tried")
struct RenewalScheduleTests {
    private static let hour: Int64 = 3_600_000
    private static let day = 24 * hour
    private let end = ManualClock.start

    private func at(_ milliseconds: Int64) -> Instant {
        Instant(milliseconds: end.milliseconds + milliseconds)
    }

    private static let firsts: [(Int64, Int64)] = [
        (-30 * day, -hour), (-2 * hour, -hour), (-2 * hour + 2, -hour + 1), (-hour, -hour / 2), (-2, -1),
        (-1, 0),
    ]

    @Test(arguments: firsts)
    func `first an hour before the end, of short periods from their middle`(start: Int64, first: Int64) throws
    {
        let period = try #require(ServicePeriod(start: at(start), end: end))
        // A period of one millisecond has no middle: it is tried at its end.
        #expect(RenewalSchedule.first(for: period) == at(first))
    }

    private static let tenDays = 10 * day
    private static let nexts: [(Int64, Int64, Int64)] = [
        (-hour, tenDays, 0), (-1, tenDays, 0), (0, tenDays, 6 * hour), (6 * hour - 1, tenDays, 6 * hour),
        (6 * hour, tenDays, day), (day - 1, tenDays, day), (day, tenDays, 2 * day),
        (9 * day - 1, tenDays, 9 * day), (9 * day, tenDays, tenDays), (12 * day, tenDays, tenDays),
        (0, 0, 0), (-hour, 0, 0), (0, hour, hour), (6 * hour, day, day),
    ]

    @Test(arguments: nexts)
    func `then at the end, after six hours and after every day, within the grace`(
        now: Int64, grace: Int64, next: Int64
    ) {
        #expect(
            RenewalSchedule.next(after: at(now), end: end, graceMilliseconds: grace) == at(next),
            "at \(now) with a grace of \(grace)")
    }

    private static let ends: [(Int64, Int64, Bool)] = [
        (-1, 0, false), (0, 0, true), (0, 1, false), (day - 1, day, false), (day, day, true),
    ]

    @Test(arguments: ends)
    func `it is over with the grace`(now: Int64, grace: Int64, isOver: Bool) {
        #expect(RenewalSchedule.isOver(end: end, graceMilliseconds: grace, at: at(now)) == isOver)
    }

    /// Whoever runs, how often and when: the tries go forward, there are never more than four on a day, and they end.
    @Test func `whenever it is run, tries go forward to the end of the grace and are few`() async {
        var random = SplitMix64(seed: 20_260_131)
        for number in 0..<20_000 {
            if number.isMultiple(of: 512) { await Task.yield() }
            let grace = Int64(random.next() % UInt64(20 * Self.day))
            var now = at(-Int64(random.next() % UInt64(2 * Self.hour)))
            var byDay: [Instant: Int] = [:]
            while !RenewalSchedule.isOver(end: end, graceMilliseconds: grace, at: now) {
                byDay[now.startOfDay, default: 0] += 1
                let next = RenewalSchedule.next(after: now, end: end, graceMilliseconds: grace)
                #expect(next > now && next <= at(grace), "case \(number)")
                // A run is late by up to a day and a half.
                now = Instant(
                    milliseconds: next.milliseconds + Int64(random.next() % UInt64(36 * Self.hour)) / 3)
            }
            #expect(byDay.values.allSatisfy { $0 <= 4 }, "case \(number)")
        }
    }

    private static let bounds: [(Int64?, Int32)] = [
        (nil, 4), (30 * day, 4), (day, 4), (12 * hour, 4), (hour, 26), (60_000, 1_442), (1, 86_400_002),
    ]

    @Test(arguments: bounds)
    func `a day has room for every renewal of a short period, and for few of a long one`(
        period: Int64?, most: Int32
    ) {
        #expect(RenewalBounds.renewalsMax(periodMilliseconds: period) == most)
    }

    @Test func `the counts of another day are forgotten`() {
        let yesterday = AutoRenewal(renewsAt: end, triedOn: at(-Self.day), tries: 3, renewals: 2)
        #expect(
            yesterday.counted(on: at(5)) == AutoRenewal(renewsAt: end, triedOn: end, tries: 0, renewals: 0))
        #expect(yesterday.counted(on: at(-1)) == yesterday)
    }
}
