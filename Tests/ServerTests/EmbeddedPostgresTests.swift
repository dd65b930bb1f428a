import Foundation
import TestSupport
import Testing

@testable import Server

@Suite("Embedded PostgreSQL")
struct EmbeddedPostgresTests {
    @Test func `the first start makes a private and durable cluster`() async throws {
        try await withEmbeddedFolder { folder in
            let postgres = try await EmbeddedPostgres.start("\(folder)/data")
            #expect(try postgres.ask("SELECT current_database()::text") == "tollgate")
            for (setting, wanted) in [
                ("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on"),
                ("data_checksums", "on"), ("hot_standby", "off"),
                ("listen_addresses", ""), ("server_encoding", "UTF8"), ("TimeZone", "UTC"),
            ] {
                #expect(try postgres.ask("SELECT current_setting('\(setting)')") == wanted, "\(setting)")
            }
            let mode = try FileManager.default.attributesOfItem(atPath: "\(folder)/data/postgres")[
                .posixPermissions]
            #expect(mode as? Int == 0o700)
            await postgres.stop()
            #expect(Postmaster.running(on: postgres.directory) == nil)
        }
    }

    @Test func `what was committed is there after a stop and a start`() async throws {
        try await withEmbeddedFolder { folder in
            let first = try await EmbeddedPostgres.start(folder)
            try first.tell("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
            await first.stop()
            let second = try await EmbeddedPostgres.start(folder)
            #expect(try second.ask("SELECT n FROM kept") == 7)
            await second.stop()
        }
    }

    @Test func `a second up on the same directory is refused and hears who holds it`() async throws {
        try await withEmbeddedFolder { folder in
            let first = try await EmbeddedPostgres.start(folder)
            let refusal = EmbeddedProblem.inUse(directory: folder, by: "tollgate up (pid \(getpid()))")
            await #expect(throws: refusal) { try await EmbeddedPostgres.start(folder) }
            #expect(try first.ask("SELECT 1") == 1, "the first is not disturbed")
            await first.stop()
        }
    }

    @Test func `a server that was killed is started again and keeps what was committed`() async throws {
        try await withEmbeddedFolder { folder in
            let postgres = try await EmbeddedPostgres.start(folder)
            try postgres.tell("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
            let killed = try #require(postgres.serverPID)
            kill(killed, SIGKILL)
            try await eventually("another server") {
                postgres.serverPID != killed && postgres.serverPID != nil
            }
            try await eventually("the table") { (try? postgres.ask("SELECT n FROM kept") as Int64) == 7 }
            #expect(postgres.failure == nil)
            await postgres.stop()
        }
    }

    /// What `kill -9` of tollgate leaves behind: a server without a parent, and nobody who holds the lock.
    @Test func `a server that outlived its parent is stopped and started anew`() async throws {
        try await withEmbeddedFolder { folder in
            let first = try await EmbeddedPostgres.start(folder)
            try first.tell("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
            await first.stop()
            let orphan = try first.account.command(
                first.programs.postgres,
                ClusterSettings.arguments(
                    first.directory, socket: try SocketDirectory.prepare(first.directory, first.account),
                    memoryBytes: 1 << 30
                )
            ).start(output: "\(folder)/orphan.log")
            let survivor = ServerProcess(pid: orphan)
            try await eventually("the orphan") { survivor.postmaster.isReady(on: first.directory) }

            let second = try await EmbeddedPostgres.start(folder)
            #expect(survivor.hasEnded)
            #expect(second.serverPID != orphan)
            #expect(try second.ask("SELECT n FROM kept") == 7)
            await second.stop()
        }
    }

    @Test func `a pid file that outlived its server is no obstacle`() async throws {
        try await withEmbeddedFolder { folder in
            let first = try await EmbeddedPostgres.start(folder)
            let pidFile = try String(contentsOfFile: first.directory.pidFile, encoding: .utf8)
            await first.stop()
            try pidFile.write(toFile: first.directory.pidFile, atomically: false, encoding: .utf8)
            try first.account.own(first.directory.pidFile)
            let second = try await EmbeddedPostgres.start(folder)
            #expect(try second.ask("SELECT 1") == 1)
            await second.stop()
        }
    }

    @Test func `an initdb that was interrupted is started over`() async throws {
        try await withEmbeddedFolder { folder in
            let directory = DataDirectory(folder)
            let half = "\(directory.clusterInTheMaking)/base"
            try FileManager.default.createDirectory(atPath: half, withIntermediateDirectories: true)
            try "15".write(
                toFile: "\(directory.clusterInTheMaking)/PG_VERSION", atomically: false, encoding: .utf8)
            let postgres = try await EmbeddedPostgres.start(folder)
            #expect(try postgres.ask("SELECT current_database()::text") == "tollgate")
            #expect(!FileManager.default.fileExists(atPath: directory.clusterInTheMaking))
            await postgres.stop()
        }
    }

    @Test func `a path too long for a socket gets a short folder, recorded where others find it`()
        async throws
    {
        try await withEmbeddedFolder { folder in
            let long =
                folder + "/"
                + Array(repeating: "a rather, 'long' folder name", count: 5).joined(separator: "/")
            let postgres = try await EmbeddedPostgres.start(long)
            #expect(!postgres.socketDirectory.hasPrefix(folder))
            #expect(postgres.socketDirectory.utf8.count < 90)
            #expect(try postgres.ask("SELECT 1") == 1)
            #expect(SocketDirectory.noted(DataDirectory(long)) == postgres.socketDirectory)
            let facts = try FileManager.default.attributesOfItem(atPath: postgres.socketDirectory)
            #expect(facts[.posixPermissions] as? Int == 0o700)
            await postgres.stop()
            #expect(!FileManager.default.fileExists(atPath: postgres.socketDirectory))
        }
    }
}
