import Foundation
import Primitives
import Testing

/// Zones of the machine's tz database, and files that are made for a test.
enum Zones {
    private static let folder = "/usr/share/zoneinfo"

    /// Gaps and overlaps of every sort: no change at all, an hour north and south, half an hour, a day, a month of
    /// fasting, an island on the other side of the date line, summer that is winter turned round.
    static let hard = [
        "UTC", "Europe/Amsterdam", "Europe/Dublin", "America/Juneau", "America/Santiago", "Africa/Casablanca",
        "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kwajalein", "Asia/Gaza",
    ]

    /// Every zone that the table of zones lists.
    static func all() throws -> [Zone] {
        let table = try String(contentsOfFile: "\(folder)/zone1970.tab", encoding: .utf8)
        let names = table.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { String($0.split(separator: "\t")[2]) }
        #expect(names.count > 300)
        return try names.map { try ZoneDatabase.machine.zone(named: $0) }
    }

    static func bytes(of name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }

    /// A file that lists no change and has this rule.
    static func file(rule: String) -> [UInt8] {
        let header = Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
        // Counts of flags (two), leap seconds, changes, kinds and bytes of names.
        let counts: [UInt8] = [0, 0, 0, 0, 1, 0].flatMap { [0, 0, 0, $0] }
        let kind = [UInt8](repeating: 0, count: 6)
        let none = [UInt8](repeating: 0, count: 24)
        return header + none + header + counts + kind + Array("\n\(rule)\n".utf8)
    }
}
