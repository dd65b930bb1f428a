import Foundation
import SchemaFiles
import TestSupport
import Testing

/// The schema exists three times: as migrations, as Swift, and as the one page that is read in review.
@Suite("The schema's three forms")
struct SchemaSnapshotTests {
    @Test func `the binary carries exactly the migrations of the repository`() throws {
        let root = TestPaths.repository + "/sql/migrations"
        let folders = try FileManager.default.contentsOfDirectory(atPath: root).sorted()
        #expect(SchemaFiles.migrations.map(\.name) == folders, "run `make schema`")
        for migration in SchemaFiles.migrations {
            let folder = "\(root)/\(migration.name)"
            #expect(migration.up == text("\(folder)/up.sql"), "run `make schema`: \(migration.name)")
            #expect(
                migration.checkBefore == text("\(folder)/check_before.sql"),
                "run `make schema`: \(migration.name)")
            #expect(
                migration.checkAfter == text("\(folder)/check_after.sql"),
                "run `make schema`: \(migration.name)")
        }
    }

    @Test func `the binary carries exactly the invariants of the repository`() throws {
        let root = TestPaths.repository + "/sql/invariants"
        let files = try FileManager.default.contentsOfDirectory(atPath: root).filter { $0.hasSuffix(".sql") }
            .sorted()
        #expect(SchemaFiles.invariants.map { $0.name + ".sql" } == files, "run `make schema`")
        for invariant in SchemaFiles.invariants {
            #expect(
                invariant.sql == text("\(root)/\(invariant.name).sql"), "run `make schema`: \(invariant.name)"
            )
        }
    }

    @Test func `every invariant says why before it asks`() {
        for invariant in SchemaFiles.invariants {
            #expect(invariant.sql.hasPrefix("-- Why: "), "\(invariant.name)")
        }
    }

    @Test func `the migrations make the schema that schema.sql shows`() async throws {
        try await withDatabase { database in
            let dump = database.server.programs + "/pg_dump"
            let version = try await runCommand(dump, ["--version"]).output
            guard version.contains(") 15.") else {
                // Every major version words a dump in its own way; the page is kept in that of 15.
                try Test.cancel("schema.sql is compared with PostgreSQL 15, and this is \(version)")
            }
            let answer = try await runCommand(
                dump,
                [
                    "--schema-only", "--no-owner", "--host", database.server.socketDirectory,
                    "--username", "tollgate", database.name,
                ]
            )
            #expect(answer.status == 0, "\(answer.errors)")
            try GoldenFile.expect(normalised(answer.output), inFile: TestPaths.repository + "/sql/schema.sql")
        }
    }

    /// Leaves out what differs from one run or server to the next and says nothing about the schema.
    private func normalised(_ dump: String) -> String {
        let noise = ["--", "SET ", "SELECT pg_catalog.set_config", "\\restrict", "\\unrestrict"]
        let lines = dump.split(separator: "\n").filter { line in !noise.contains { line.hasPrefix($0) } }
        let page = lines.map { line in
            ["CREATE TABLE", "CREATE VIEW"].contains { line.hasPrefix($0) } ? "\n" + line : String(line)
        }
        let header = "-- Written by `make schema` from sql/migrations: today's whole schema, to be read.\n"
        return header + page.joined(separator: "\n") + "\n"
    }

    private func text(_ file: String) -> String? {
        // No such file is an answer here: most migrations have no checks.
        try? String(contentsOfFile: file, encoding: .utf8)
    }
}
