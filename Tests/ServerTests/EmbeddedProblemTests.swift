import Foundation
import TestSupport
import Testing

@testable import Server

@Suite("What keeps the embedded PostgreSQL from serving")
struct EmbeddedProblemTests {
    @Test func `a folder without PostgreSQL in TOLLGATE_POSTGRES_BIN is named`() throws {
        #expect(throws: EmbeddedProblem.programsUnusable(directory: "/nowhere")) {
            try PostgresPrograms.find(wanted: nil, environment: ["TOLLGATE_POSTGRES_BIN": "/nowhere"])
        }
    }

    @Test func `the newest installed PostgreSQL is taken, unless the cluster needs another`() throws {
        let newest = try PostgresPrograms.find(wanted: nil)
        #expect(newest.major >= 15)
        #expect(try PostgresPrograms.find(wanted: newest.major) == newest)
        #expect(throws: EmbeddedProblem.programsMissing(version: 9)) { try PostgresPrograms.find(wanted: 9) }
    }

    @Test func `a cluster of a version that is not installed is left alone`() async throws {
        try await withEmbeddedFolder { folder in
            let directory = DataDirectory(folder)
            try FileManager.default.createDirectory(
                atPath: directory.cluster, withIntermediateDirectories: true)
            try "9\n".write(toFile: "\(directory.cluster)/PG_VERSION", atomically: false, encoding: .utf8)
            await #expect(throws: EmbeddedProblem.programsMissing(version: 9)) {
                try await EmbeddedPostgres.start(folder)
            }
        }
    }

    @Test(.enabled("only root starts PostgreSQL as somebody else") { geteuid() == 0 })
    func `the folder that PostgreSQL's user may not enter is named`() async throws {
        try await withEmbeddedFolder { folder in
            let closed = "\(folder)/closed"
            try FileManager.default.createDirectory(
                atPath: closed, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700]
            )
            await #expect(
                throws: EmbeddedProblem.directoryUnreachable(directory: "\(closed)/data", folder: closed)
            ) {
                try await EmbeddedPostgres.start("\(closed)/data")
            }
        }
    }

    @Test func `a data directory that is a file is refused`() async throws {
        try await withEmbeddedFolder { folder in
            try "x".write(toFile: "\(folder)/file", atomically: false, encoding: .utf8)
            await #expect(throws: EmbeddedProblem.self) { try await EmbeddedPostgres.start("\(folder)/file") }
        }
    }

    @Test func `what PostgreSQL says when it does not start is passed on`() async throws {
        try await withEmbeddedFolder { folder in
            let postgres = try await EmbeddedPostgres.start(folder)
            await postgres.stop()
            try "nonsense = 1\n".write(
                toFile: "\(postgres.directory.cluster)/postgresql.conf", atomically: false, encoding: .utf8
            )
            try postgres.account.own("\(postgres.directory.cluster)/postgresql.conf")
            do {
                _ = try await EmbeddedPostgres.start(folder)
                Issue.record("it started")
            } catch EmbeddedProblem.programFailed(_, let words) {
                #expect(words.contains("nonsense"), "\(words)")
            }
        }
    }

    @Test(arguments: [
        ("/var/lib/tollgate/postgres/run", true),
        ("/a folder/run", false), ("/a,b", false), ("/it's", false), ("/Füße", false),
        ("/" + String(repeating: "a", count: 92), true), ("/" + String(repeating: "a", count: 93), false),
    ])
    func `a socket's folder is plain and short enough`(folder: String, fits: Bool) {
        #expect(SocketDirectory.fits(folder) == fits)
    }

    @Test(arguments: [(1_000_000_000, "128MB"), (8_589_934_592, "1024MB"), (1_000_000_000_000, "2048MB")])
    func `an eighth of the memory is PostgreSQL's, within bounds`(bytes: Int, buffers: String) {
        #expect(ClusterSettings.memory(UInt64(bytes)).first { $0.0 == "shared_buffers" }?.1 == buffers)
    }
}
