import Primitives
import Testing

@Suite struct MonthSliceTests {
    @Test(arguments: ["UTC", "America/New_York", "Pacific/Apia", "Africa/Casablanca", "America/Sao_Paulo"])
    func `months of a place follow each other without gap, whole but for the first and the last`(
        name: String
    ) async throws {
        let zone = try ZoneDatabase.machine.zone(named: name)
        await forAll(500) { random in
            let start = Instant(milliseconds: .random(in: 0...1_900_000_000_000, using: &random))
            let length = Int64.random(in: 1...100_000_000_000, using: &random)
            let span = ServicePeriod(start: start, end: start.adding(milliseconds: length)!)!
            guard let months = zone.months(of: span, limit: 100) else {
                throw Violation(description: "no months")
            }
            try same(months.first?.period.start, span.start)
            try same(months.last?.period.end, span.end)
            for (month, next) in zip(months, months.dropFirst()) {
                try same(month.period.end, next.period.start)
                try same(month.month.adding(months: 1), next.month)
                try same(zone.local(next.period.start)?.date, next.month, "\(name)")
            }
        }
    }

    @Test func `a month has a name, and too many are none`() {
        let span = ServicePeriod(
            start: Instant(rfc3339: "2026-01-31T23:00:00Z")!, end: Instant(rfc3339: "2026-03-01T00:00:00Z")!)!
        #expect(Zone.utc.months(of: span, limit: 2)?.map(\.name) == ["2026-01", "2026-02"])
        #expect(Zone.utc.months(of: span, limit: 1) == nil)
    }
}
