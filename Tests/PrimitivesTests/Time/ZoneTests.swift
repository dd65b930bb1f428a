import Primitives
import TestSupport
import Testing

@Suite("Time zones")
struct ZoneTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let zone: String
        let shown: String
        let instant: String
        /// What clocks show at the instant, where that is something else.
        let instead: String?

        init(_ zone: String, _ shown: String, _ instant: String, instead: String? = nil) {
            (self.zone, self.shown, self.instant, self.instead) = (zone, shown, instant, instead)
        }
        var testDescription: String { "\(shown) in \(zone)" }
    }

    static let rows: [Row] = [
        Row("UTC", "2026-01-31T12:00:00", "2026-01-31T12:00:00Z"),
        Row("Europe/Amsterdam", "2026-01-31T12:00:00", "2026-01-31T11:00:00Z"),
        Row("Europe/Amsterdam", "2026-07-31T12:00:00", "2026-07-31T10:00:00Z"),
        Row("Asia/Kathmandu", "2026-01-31T12:00:00", "2026-01-31T06:15:00Z"),
        Row("Pacific/Kiritimati", "2026-01-31T12:00:00", "2026-01-30T22:00:00Z"),
        // Jumped over: as much later as clocks jump.
        Row(
            "Europe/Amsterdam", "2026-03-29T02:30:00", "2026-03-29T01:30:00Z", instead: "2026-03-29T03:30:00"),
        Row("America/Juneau", "2026-03-08T02:30:00", "2026-03-08T11:30:00Z", instead: "2026-03-08T03:30:00"),
        Row(
            "Australia/Lord_Howe", "2026-10-04T02:10:00", "2026-10-03T15:40:00Z",
            instead: "2026-10-04T02:40:00"),
        Row(
            "Africa/Casablanca", "2026-03-22T02:30:00", "2026-03-22T02:30:00Z", instead: "2026-03-22T03:30:00"
        ),
        Row("Pacific/Apia", "2011-12-30T10:00:00", "2011-12-30T20:00:00Z", instead: "2011-12-31T10:00:00"),
        // Beyond the list of changes: by the rule for all years.
        Row(
            "Europe/Amsterdam", "2100-03-28T02:30:00", "2100-03-28T01:30:00Z", instead: "2100-03-28T03:30:00"),
        Row("America/Santiago", "2101-01-15T12:00:00", "2101-01-15T15:00:00Z"),
        Row("Europe/Dublin", "2101-07-15T12:00:00", "2101-07-15T11:00:00Z"),
        // Shown twice: the earlier one.
        Row("Europe/Amsterdam", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),
        Row("Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00Z"),
        Row("Africa/Casablanca", "2026-02-15T02:30:00", "2026-02-15T01:30:00Z"),
        Row("America/Juneau", "2026-11-01T01:30:00", "2026-11-01T09:30:00Z"),
        // On the very edges.
        Row("Europe/Amsterdam", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z"),
        Row(
            "Europe/Amsterdam", "2026-03-29T02:00:00", "2026-03-29T01:00:00Z", instead: "2026-03-29T03:00:00"),
        Row("Europe/Amsterdam", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z"),
        Row("Europe/Amsterdam", "2026-10-25T02:00:00", "2026-10-25T00:00:00Z"),
        Row("Europe/Amsterdam", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z"),
    ]

    @Test(arguments: rows) func `what clocks show has its instant`(row: Row) throws {
        let zone = try ZoneDatabase.machine.zone(named: row.zone)
        let instant = zone.instant(of: try shown(row.shown))
        #expect(instant.rfc3339(fractionDigits: 0) == row.instant)
        #expect(zone.local(instant) == (try shown(row.instead ?? row.shown)))
    }

    @Test func `what clocks show leads back to the instant, or to the first that shows the same`()
        async throws
    {
        let zones = try Zones.all()
        await forAll(50_000) { generator in
            let zone = generator.pick(zones)
            let instant = Instant(milliseconds: generator.integer(-2_500_000_000_000...9_000_000_000_000))
            guard let local = zone.local(instant) else {
                throw Violation(description: "no clock at \(instant)")
            }
            let back = zone.instant(of: local)
            try holds(
                back <= instant && zone.local(back) == local,
                "\(zone.name): \(instant.rfc3339()) led to \(back.rfc3339())")
            try holds(
                back.milliseconds(since: instant) > -86_400_001,
                "\(zone.name): \(instant.rfc3339()) a day off")
        }
    }

    /// A rule is in force from the file's first change on where it lists none.
    @Test(
        arguments: [
            ("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59Z", "2026-03-08T01:59:59"),
            ("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z", "2026-03-08T03:00:00"),
            ("EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00Z", "2026-11-01T01:00:00"),
            // Day 60 is 1 March in every year for J, 29 February in a leap year without.
            ("AAA0BBB,J60/0,J300/0", "2028-02-29T23:59:59Z", "2028-02-29T23:59:59"),
            ("AAA0BBB,J60/0,J300/0", "2028-03-01T00:00:00Z", "2028-03-01T01:00:00"),
            ("AAA0BBB,59/0,300/0", "2028-02-29T00:00:00Z", "2028-02-29T01:00:00"),
            ("AAA0BBB,59/0,300/0", "2027-03-01T00:00:00Z", "2027-03-01T01:00:00"),
            // Summer in the south, over the new year; half an hour of it.
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-01-01T00:00:00Z", "2026-01-01T11:00:00"),
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-06-01T00:00:00Z", "2026-06-01T10:30:00"),
            // Times before and long after midnight.
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", "2026-03-28T22:59:59"),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", "2026-03-29T00:00:00"),
            ("IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-27T00:00:00Z", "2026-03-27T03:00:00"),
        ])
    func `the rule of a file goes on for ever`(rule: String, instant: String, local: String) throws {
        let zone = try Zone(name: "Test/Rule", file: Zones.file(rule: rule))
        #expect(zone.local(try #require(Instant(rfc3339: instant))) == (try shown(local)))
    }

    @Test(
        arguments: [
            "EST", "5", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0",
            "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,J0,J5", "EST5EDT,J366,J5", "EST5EDT,366,5", "<+01-1", "EST99",
            "EST5EDT,M3.2.0/168,M11.1.0", "EST5EDT,M3.2.0,M11.1.0 ", "E5", "EST5EDT,M3.2.0,M11.1.0/",
        ])
    func `a rule that is none makes the file unreadable`(rule: String) {
        #expect(throws: ZoneUnreadable.self) { try Zone(name: "Test/Rule", file: Zones.file(rule: rule)) }
    }

    @Test func `a broken file is refused or read, and never stops the process`() async throws {
        let file = try Zones.bytes(of: "Europe/Amsterdam")
        for length in 0..<min(file.count, 400) {
            #expect(throws: ZoneUnreadable.self) { try Zone(name: "Cut", file: file.prefix(length)) }
        }
        await forAll(5_000) { generator in
            var broken = file
            for _ in 0..<generator.integer(1...6) {
                broken[Int(generator.integer(0...Int64(file.count - 1)))] = UInt8(generator.integer(0...255))
            }
            guard let zone = try? Zone(name: "Broken", file: broken) else { return }
            for _ in 0..<20 {
                let instant = Instant(
                    milliseconds: generator.integer(-9_000_000_000_000...99_000_000_000_000))
                if let local = zone.local(instant) { _ = zone.instant(of: local) }
            }
        }
    }

    @Test(
        arguments: [
            "", "/", "Nowhere", "europe/amsterdam", "Europe", "Europe/", "/UTC", "../zoneinfo/UTC",
            "Europe/../UTC", "right/UTC", "posix/UTC", "posixrules", "localtime", "tzdata.zi", "zone1970.tab",
            "Europe/Amsterdam\u{0}", "Europe//Amsterdam", " UTC", "GMT+2",
        ])
    func `what is no zone is not looked for outside of the zones`(name: String) {
        #expect(throws: ZoneUnreadable.self) { try ZoneDatabase.machine.zone(named: name) }
    }

    @Test func `UTC needs no database, and a machine without one says what it lacks`() throws {
        let none = ZoneDatabase(folder: "/nowhere")
        #expect(try none.zone(named: "UTC") == .utc)
        #expect(none.version == nil)
        #expect(throws: ZoneUnreadable.self) { try none.zone(named: "Europe/Amsterdam") }
        do throws(ZoneUnreadable) {
            _ = try none.zone(named: "Europe/Amsterdam")
        } catch {
            #expect(error.description == "the time zone \"Europe/Amsterdam\" is not in /nowhere")
        }
    }

    /// `2026-01-31T12:00:00`, whatever the zone.
    private func shown(_ text: String) throws -> LocalTime {
        try #require(Instant(rfc3339: text + "Z").flatMap(Zone.utc.local))
    }
}
