import Foundation
import Logging
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Settings")
struct SettingsTests {
    @Test func `without anything said there is a data directory and a port`() async throws {
        let settings = try await Settings.read(flags: [:], environment: [:])
        #expect(settings.port == 8080)
        #expect(settings.host == "127.0.0.1")
        #expect(settings.location == .embedded(DataDirectory(".tollgate")))
    }

    @Test func `a flag wins over the environment, and that over the file`() async throws {
        try await withEmbeddedFolder { folder in
            let file = "\(folder)/settings.json"
            try #"{"port": 1, "host": "file", "log": {"level": "error"}}"#
                .write(toFile: file, atomically: false, encoding: .utf8)
            let settings = try await Settings.read(
                flags: ["port": "3"],
                environment: ["TOLLGATE_PORT": "2", "TOLLGATE_HOST": "environment", "TOLLGATE_CONFIG": file]
            )
            #expect(settings.port == 3)
            #expect(settings.host == "environment")
            #expect(settings.logLevel == .error)
        }
    }

    @Test func `a database address makes the server the operator's and is never shown`() async throws {
        let settings = try await Settings.read(
            flags: [:],
            environment: [
                "TOLLGATE_DATABASE_URL": "postgres://me:word@db/x", "TOLLGATE_INSTALLATION_KEY": "c2VjcmV0",
            ]
        )
        #expect(settings.databaseURL?.reveal() == "postgres://me:word@db/x")
        var shown = ""
        dump(settings, to: &shown)
        for text in [shown, "\(settings)", String(reflecting: settings)] {
            #expect(!text.contains("word") && !text.contains("c2VjcmV0"))
        }
    }

    @Test func `what clients may take can be set, within reason`() async throws {
        let settings = try await Settings.read(
            flags: [:],
            environment: [
                "TOLLGATE_CONNECTIONS": "9000", "TOLLGATE_CONNECTIONS_PER_ADDRESS": "50",
                "TOLLGATE_SECONDS_HEAD": "5", "TOLLGATE_SECONDS_BODY": "6", "TOLLGATE_SECONDS_IDLE": "7",
                "TOLLGATE_UNKNOWN_KEYS": "10/1m", "TOLLGATE_REQUEST_LOG_WRITTEN": "false",
            ])
        #expect(settings.connections == 9_000 && settings.connectionsPerAddress == 50)
        #expect((settings.headSeconds, settings.bodySeconds, settings.idleSeconds) == (5, 6, 7))
        #expect(settings.unknownKeys == .sliding(limit: 10, window: 60_000))
        #expect(!settings.writesRequestLog && Settings().writesRequestLog)
        let senseless = [
            ("CONNECTIONS", "0"), ("SECONDS_HEAD", "0"), ("UNKNOWN_KEYS", "many"),
            ("REQUEST_LOG_WRITTEN", "perhaps"),
        ]
        for (name, value) in senseless {
            await #expect(throws: CommandFailure.self) {
                try await Settings.read(flags: [:], environment: ["TOLLGATE_\(name)": value])
            }
        }
    }

    @Test func `trusted proxies are addresses and networks`() async throws {
        func read(_ text: String) async throws -> [String] {
            try await Settings.read(flags: [:], environment: ["TOLLGATE_TRUSTED_PROXIES": text])
                .trustedProxies.map(\.description)
        }
        #expect(try await read("10.0.0.0/8, ::1,192.0.2.7") == ["10.0.0.0/8", "::1", "192.0.2.7"])
        for (text, said) in [
            ("10.0.0.1/8", "the network is 10.0.0.0/8"), ("proxy.internal", "is no address or network"),
            ("10.0.0.1,", "is no address or network"), ("0.0.0.0/0", "anybody could say"),
            ("::/0", "anybody could say"),
        ] {
            await #expect {
                try await read(text)
            } throws: {
                ($0 as? CommandFailure)?.exitCode == 2 && "\($0)".contains(said)
            }
        }
    }

    @Test func `an empty variable is one that is not set`() async throws {
        let settings = try await Settings.read(flags: [:], environment: ["TOLLGATE_DATABASE_URL": ""])
        #expect(settings.databaseURL == nil)
    }

    @Test(arguments: [["up", "--port", "0"], ["serve", "--port", "0"], ["work"]])
    func `behind a pgbouncer, what runs refuses to start without a way past it`(
        command: [String]
    ) async throws {
        try await withEmbeddedFolder { folder in
            let flags = ["--data", "\(folder)/data"]
            // Nobody listens on port 1: an attempt to connect would fail in another way.
            let refused = try await runCommand(
                Tollgate.path, command + flags,
                environment: [
                    "TOLLGATE_DATABASE_URL": "postgres://127.0.0.1:1/x",
                    "TOLLGATE_DATABASE_PREPARED": "false",
                ])
            #expect(refused.status == 2)
            #expect(refused.errors.contains("TOLLGATE_DATABASE_DIRECT_URL"), "\(refused.errors)")
        }
    }

    @Test func `a way past the pgbouncer is asked for only where there is a pgbouncer`() throws {
        var settings = Settings()
        settings.preparesStatements = false
        try settings.requireSessionsOfOnesOwn()
        settings.databaseURL = Secret("postgres://bouncer/x")
        #expect(throws: CommandFailure.self) { try settings.requireSessionsOfOnesOwn() }
        settings.directDatabaseURL = Secret("postgres://server/x")
        try settings.requireSessionsOfOnesOwn()
        settings.directDatabaseURL = nil
        settings.preparesStatements = true
        try settings.requireSessionsOfOnesOwn()
    }

    @Test(arguments: [
        ["port": "many"], ["port": "65536"], ["log.level": "loud"], ["database.prepared": "perhaps"],
        ["config": "/nowhere/settings.json"],
    ])
    func `what makes no sense is bad usage`(flags: [String: String]) async throws {
        do {
            _ = try await Settings.read(flags: flags, environment: [:])
            Issue.record("accepted")
        } catch let failure as CommandFailure {
            #expect(failure.exitCode == 2)
        }
    }
}

@Suite("The installation's key")
struct KeyFileTests {
    private func settings(_ folder: String, _ change: (inout Settings) -> Void = { _ in }) -> Settings {
        var settings = Settings()
        settings.directory = DataDirectory(folder)
        change(&settings)
        return settings
    }

    private let first = DatabaseAccess.Purpose(command: "up", mustRunServer: true, mayCreate: true)

    @Test func `a new installation gets a key that only its owner may read`() async throws {
        try await withEmbeddedFolder { folder in
            let made = try KeyFile.keys(settings(folder), for: first, SeededRandom())
            #expect(made.all.map(\.bytes) == [SeededRandom().bytes(32)])
            let facts = try FileManager.default.attributesOfItem(atPath: "\(folder)/installation.key")
            #expect(facts[.posixPermissions] as? Int == 0o600)
            let again = try KeyFile.keys(settings(folder), for: first, SeededRandom(seed: 2))
            #expect(again.newest.bytes == made.newest.bytes, "made once")
        }
    }

    @Test func `an installation whose key is lost is not given another`() async throws {
        try await withEmbeddedFolder { folder in
            let cluster = DataDirectory(folder).cluster
            try FileManager.default.createDirectory(atPath: cluster, withIntermediateDirectories: true)
            try "15\n".write(toFile: "\(cluster)/PG_VERSION", atomically: false, encoding: .utf8)
            #expect(throws: CommandFailure.self) {
                try KeyFile.keys(settings(folder), for: first, SeededRandom())
            }
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/installation.key"))
        }
    }

    @Test func `an operator's own server needs a key of its own`() async throws {
        try await withEmbeddedFolder { folder in
            let server = settings(folder) { $0.databaseURL = Secret("postgres://db/x") }
            do {
                _ = try KeyFile.keys(server, for: first, SeededRandom())
                Issue.record("accepted")
            } catch CommandFailure.failed(let sentence) {
                #expect(sentence.contains("TOLLGATE_INSTALLATION_KEY"))
            }
        }
    }

    private static let (one, two) = (
        Data(repeating: 1, count: 32).base64EncodedString(),
        Data(repeating: 2, count: 32).base64EncodedString()
    )

    @Test
    func `several keys are read newest first, from commas or lines, and a key without an id is the first`()
        throws
    {
        for text in [
            "2:\(Self.two),\(Self.one)", "# since May\n2:\(Self.two)\n1:\(Self.one)\n",
            "2: \(Self.two) , \(Self.one)",
        ] {
            let given = settings("/nowhere") { $0.installationKey = Secret(text) }
            let keys = try KeyFile.keys(given, for: first, SeededRandom())
            #expect(keys.newest.id == 2 && keys.newest.bytes == [UInt8](repeating: 2, count: 32))
            #expect(keys.former.map(\.id) == [1])
        }
    }

    @Test(arguments: [
        "short", "", "AAAA", "1:\(one),\(two)", "0:\(one)", "256:\(one)", "x:\(one)", "2:", "\(one),short",
    ])
    func `what is no list of keys with ids of their own is refused`(text: String) throws {
        let given = settings("/nowhere") { $0.installationKey = Secret(text) }
        #expect(throws: CommandFailure.self) { try KeyFile.keys(given, for: first, SeededRandom()) }
    }
}
