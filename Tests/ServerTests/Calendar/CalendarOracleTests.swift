import Foundation
import Primitives
import TestSupport
import Testing

@Suite("Calendar periods, as Python counts them")
struct CalendarOracleTests {
    /// Python's zoneinfo reads the same database by another program, dateutil's relativedelta adds the months.
    @Test func `eight years of periods in every zone end as Python says`() async throws {
        var random = SplitMix64(seed: 20_260_131)
        var lines: [String] = []
        var periods = 0
        for zone in try Self.zones() {
            for _ in 0..<12 {
                // 1985 to 2085: in the lists of changes and beyond them.
                let start = Instant(
                    milliseconds: Int64.random(in: 473_000_000_000...3_630_000_000_000, using: &random))
                let months = [1, 3, 6, 12].randomElement(using: &random)!
                let made = try #require(
                    CalendarPeriods(
                        from: start, continuing: nil, months: Int32(months), count: Int32(96 / months),
                        in: zone))
                let ends = made.periods.map { "\($0.end.milliseconds)" }.joined(separator: " ")
                lines.append("\(zone.name)\t\(start.milliseconds)\t\(months)\t\(ends)")
                periods += made.periods.count
            }
        }
        print("\(periods) periods against Python, tz \(ZoneDatabase.machine.version ?? "unknown")")
        let file = FileManager.default.temporaryDirectory.appending(path: "periods-\(UUID().uuidString)")
        try lines.joined(separator: "\n").write(to: file, atomically: false, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        try await Python.run(
            ["\(TestPaths.repository)/Tests/python/calendar_oracle.py", file.path(percentEncoded: false)],
            needing: "dateutil")
    }

    private static func zones() throws -> [Zone] {
        let table = try String(contentsOfFile: "/usr/share/zoneinfo/zone1970.tab", encoding: .utf8)
        return try table.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { try ZoneDatabase.machine.zone(named: String($0.split(separator: "\t")[2])) }
    }
}
