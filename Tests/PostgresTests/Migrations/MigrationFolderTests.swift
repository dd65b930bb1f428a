import Foundation
import Postgres
import Testing

@Suite struct MigrationFolderTests {
    private func load(_ files: [String: String]) throws -> [Migration] {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("migrations-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        return try MigrationFolder.load(directory: root.path)
    }

    @Test func `migrations are loaded in the order of their numbers`() throws {
        let migrations = try load([
            "0002-b/up.sql": "two", "0001-a/up.sql": "one", "0001-a/check_before.sql": "before",
            "0002-b/check_after.sql": "after",
        ])
        #expect(
            migrations == [
                Migration(name: "0001-a", up: "one", checkBefore: "before"),
                Migration(name: "0002-b", up: "two", checkAfter: "after"),
            ]
        )
    }

    @Test(arguments: [
        (["0001-a/up.sql", "0003-c/up.sql"], "0003-c: the number 2 was expected"),
        (["0001-a/up.sql", "0001-b/up.sql"], "0001-b: the number 2 was expected"),
        (["0002-a/up.sql"], "0002-a: the number 1 was expected"),
        (["first/up.sql"], "first is not called NNNN-name"),
        (["001-a/up.sql"], "001-a is not called NNNN-name"),
        (["0001-a/down.sql"], "0001-a has no up.sql"),
    ])
    func `a gap, a repetition or a wrong name is refused`(paths: [String], problem: String) {
        #expect(throws: MigrationError.badFolder(problem)) {
            try load(Dictionary(uniqueKeysWithValues: paths.map { ($0, "SELECT 1") }))
        }
    }
}
