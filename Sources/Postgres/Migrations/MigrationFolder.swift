internal import Foundation

/// Reads migrations from a directory of `NNNN-name/{up.sql, check_before.sql?, check_after.sql?}`.
public enum MigrationFolder {
    /// The migrations in the order of their numbers, which must count up from 1 without a gap.
    public static func load(directory: String) throws -> [Migration] {
        let root = URL(fileURLWithPath: directory, isDirectory: true)
        let folders = try FileManager.default.contentsOfDirectory(atPath: root.path)
            .filter { !$0.hasPrefix(".") }
            .sorted()
        var migrations: [Migration] = []
        for folder in folders {
            let expected = migrations.count + 1
            guard let number = number(of: folder) else {
                throw MigrationError.badFolder("\(folder) is not called NNNN-name")
            }
            guard number == expected else {
                throw MigrationError.badFolder("\(folder): the number \(expected) was expected")
            }
            migrations.append(try migration(named: folder, in: root.appendingPathComponent(folder)))
        }
        return migrations
    }

    private static func number(of folder: String) -> Int? {
        let parts = folder.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 4, !parts[1].isEmpty else { return nil }
        guard parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(parts[0])
    }

    private static func migration(named name: String, in folder: URL) throws -> Migration {
        func text(_ file: String) throws -> String? {
            let url = folder.appendingPathComponent(file)
            guard FileManager.default.fileExists(atPath: url.path) else { return nil }
            return try String(contentsOf: url, encoding: .utf8)
        }
        guard let up = try text("up.sql") else { throw MigrationError.badFolder("\(name) has no up.sql") }
        return Migration(
            name: name, up: up, checkBefore: try text("check_before.sql"),
            checkAfter: try text("check_after.sql")
        )
    }
}
