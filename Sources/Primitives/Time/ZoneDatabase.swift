internal import Foundation
internal import Synchronization

/// The machine's tz database: compiled zones in a folder, as every Unix has them.
///
/// A zone is read once in the life of a process; an update of the database is seen after a restart.
public final class ZoneDatabase: Sendable {
    /// The one that the rest of the machine uses.
    public static let machine = ZoneDatabase(folder: "/usr/share/zoneinfo")

    private let folder: String
    private let known = Mutex<[String: Zone]>(["UTC": .utc])

    public init(folder: String) {
        self.folder = folder
    }

    /// The zone of this name; UTC is there without a file.
    public func zone(named name: String) throws(ZoneUnreadable) -> Zone {
        if let zone = known.withLock({ $0[name] }) { return zone }
        guard Self.isName(name), let file = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
            throw ZoneUnreadable("the time zone \"\(name)\" is not in \(folder)")
        }
        let zone: Zone
        do throws(ZoneUnreadable) {
            zone = try Zone(name: name, file: file)
        } catch {
            throw ZoneUnreadable("the time zone \"\(name)\" in \(folder) \(error)")
        }
        known.withLock { $0[name] = zone }
        return zone
    }

    /// Which release of the tz database it is, like `2025b`; `nil` where the folder does not say.
    public var version: String? {
        let file = FileManager.default.contents(atPath: "\(folder)/tzdata.zi") ?? Data()
        let line = String(decoding: file.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return line.hasPrefix("# version ") ? String(line.dropFirst(10)) : nil
    }

    /// Names are words with capitals, `America/Port-au-Prince`: what else is in the folder (`posixrules`, `right/…`) or
    /// outside of it is no zone.
    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= 64
            && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { word in
                guard let first = word.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first)
                else { return false }
                return word.unicodeScalars.allSatisfy {
                    $0.isASCII
                        && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
                            || "_+-".unicodeScalars.contains($0))
                }
            }
    }
}
