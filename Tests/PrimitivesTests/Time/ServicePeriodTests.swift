import Primitives
import Testing

@Suite("Service periods")
struct ServicePeriodTests {
    @Test func `periods tile without gap or overlap`() async throws {
        await forAll { generator in
            let start = generator.anyInstant()
            let duration = generator.integer(1...Int64(1) << generator.integer(1...40))
            let count = Int32(generator.integer(1...120))
            let fits =
                Int128(start.milliseconds) + Int128(duration) * Int128(count)
                <= Int128(Instant.farthest.milliseconds)

            guard let periods = ServicePeriod.tiling(from: start, duration: duration, count: count) else {
                return try holds(!fits, "refused \(start) \(duration) × \(count)")
            }

            try holds(fits, "made \(start) \(duration) × \(count)")
            try same(periods.count, Int(count))
            try same(periods[0].start, start)
            for (earlier, later) in zip(periods, periods.dropFirst()) {
                try same(earlier.end, later.start)
                try holds(earlier.contains(earlier.start) && !earlier.contains(earlier.end), "half-open")
                try holds(later.contains(earlier.end), "no gap at \(earlier.end)")
            }
            try same(periods[periods.count - 1].end.milliseconds(since: start), duration * Int64(count))
        }
    }

    @Test(
        arguments: [
            (Int64(0), Int64.max, Int32(1)), (0, .max, 2), (.max, 1, 1), (.min, .max, 120),
            (Instant.farthest.milliseconds, 1, 1), (0, 30 * 86_400_000, .max),
        ] as [(Int64, Int64, Int32)])
    func `periods past Int64 or the year 9999 are refused`(start: Int64, duration: Int64, count: Int32) {
        let periods = ServicePeriod.tiling(
            from: Instant(milliseconds: start), duration: duration, count: count)
        #expect(periods == nil)
    }

    @Test func `the last instant of all can be reached`() {
        let start = Instant(milliseconds: Instant.farthest.milliseconds - 2)
        #expect(ServicePeriod.tiling(from: start, duration: 1, count: 2)?.last?.end == Instant.farthest)
    }

    @Test func `a period is never empty and never runs backwards`() {
        let (a, b) = (Instant(milliseconds: 1), Instant(milliseconds: 2))
        #expect(ServicePeriod(start: a, end: b)?.end == b)
        #expect(ServicePeriod(start: a, end: a) == nil)
        #expect(ServicePeriod(start: b, end: a) == nil)
    }

    @Test func `no duration and no count are mistakes of ours`() async {
        await #expect(processExitsWith: .failure) {
            _ = ServicePeriod.tiling(from: Instant(milliseconds: 0), duration: 0, count: 1)
        }
        await #expect(processExitsWith: .failure) {
            _ = ServicePeriod.tiling(from: Instant(milliseconds: 0), duration: 1, count: 0)
        }
    }
}
