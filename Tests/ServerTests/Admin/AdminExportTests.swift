import Crypto
import Foundation
import HTTPTypes
import Postgres
import Primitives
import ServiceLifecycle
import TestSupport
import Testing

@testable import Server

/// Exports over HTTP; what is in them is the business of the tests of exports.
@Suite("Downloading exports", .database)
struct AdminExportTests {
    private static let year = "from=2026-01&to=2027-01"

    @Test func `an export is downloaded, and its manifest says what was`() async throws {
        let world = try await AdminWorld()
        try await world.writeJournal(300, noteBytes: 40)
        // A key, for a session would be over by then.
        let finance = world.key(.finance, of: 1)
        let bound = "recorded_before=2026-03-01"
        world.clock.advance(days: 60)
        let file = try await world.ask(
            .get, "/tenants/alba/exports/journal?\(Self.year)&\(bound)&format=csv", as: finance)
        #expect(file.status == 200 && file.headers[.contentType] == "text/csv; charset=utf-8; header=present")
        #expect(
            file.headers[.contentDisposition]
                == "attachment; filename=\"alba-journal-2026-01-01-2027-01-01.csv\"")
        #expect(file.headers[.cacheControl] == "no-store" && file.headers[.contentLength] == nil)
        #expect(file.body.split(separator: "\r\n").count == 301)
        let manifest = try await world.ask(
            .get, "/tenants/alba/exports/journal/manifest?\(Self.year)&\(bound)", as: finance
        ).json
        #expect(manifest["final"] == true && manifest["file"]?["rows"] == 300)
        #expect(manifest["file"]?["bytes"] == .integer(Int64(file.body.utf8.count)))
        let hash = SHA256.hash(data: Data(file.body.utf8)).map { String(format: "%02x", $0) }.joined()
        #expect(manifest["file"]?["sha256"] == .string(hash))
        let brio = try await world.ask(
            .get, "/tenants/brio/exports/journal?\(Self.year)", as: world.key(.finance))
        #expect(brio.status == 200)
        #expect(brio.body.split(separator: "\r\n").count == 1, "the other tenant has no entries")
    }

    @Test(
        arguments: [
            ("orders", "from=2026-01", "400 invalid_query", "to"),
            ("orders", "from=2026-02&to=2026-01", "400 invalid_query", "to"),
            ("orders", "from=soon&to=2026-01", "400 invalid_query", "from"),
            ("orders", "from=2026-01&to=2026-02&recorded_before=x", "400 invalid_query", "recorded_before"),
            ("orders", "from=2026-01&to=2026-02&format=hledger", "400 invalid_query", "format"),
            ("orders", "from=2026-01&to=2026-02&format=pdf", "400 invalid_query", "format"),
            ("orders", "from=2026-01&to=2026-02&limit=5", "400 invalid_query", nil),
            ("deferred-revenue", "from=1000-01&to=2026-02", "400 invalid_query", "to"),
            ("gifts", "from=2026-01&to=2026-02", "404 not_found", nil),
        ] as [(String, String, String, String?)])
    func `what cannot be asked is refused before a file begins`(
        kind: String, query: String, outcome: String, field: String?
    ) async throws {
        let world = try await AdminWorld()
        let reply = try await world.ask(
            .get, "/tenants/alba/exports/\(kind)?\(query)", as: world.key(.owner, of: 1))
        #expect(reply.outcome == outcome && reply.field == field, "\(reply.body)")
    }

    @Test func `a download arrives whole over a socket, with its digest behind it`() async throws {
        let world = try await AdminWorld()
        try await world.writeJournal(2_000, noteBytes: 1_000)
        try await world.serving { port in
            let client = try #require(RawClient(port: port))
            client.send(world.request("journal?\(Self.year)&format=jsonl", as: world.key(.finance, of: 1)))
            let answer = await client.read(until: "Repr-Digest: sha-256=:", orUntil: "repr-digest: sha-256=:")
            let parts = try #require(answer.range(of: "\r\n\r\n"))
            let body = try Self.unchunked(Array(answer[parts.upperBound...].utf8))
            #expect(answer.hasPrefix("HTTP/1.1 200 OK") && body.count > 2_000_000)
            let rest = await client.read(until: "\r\n\r\n")
            let hash = Data(SHA256.hash(data: Data(body))).base64EncodedString()
            #expect((answer + rest).contains("\(hash):"), "\(rest)")
        }
    }

    /// The whole of it would be many times what sockets and channel hold, so the statement waits for the client.
    @Test(arguments: [true, false])
    func `a client that goes away, or takes nothing, leaves no transaction and no place taken`(
        hangsUp: Bool
    ) async throws {
        let world = try await AdminWorld()
        try await world.writeJournal(3_000, noteBytes: 20_000)
        let finance = world.key(.finance, of: 1)
        var settings = HTTPSettings()
        settings.writeSeconds = hangsUp ? 60 : 1
        try await world.serving(settings) { port in
            let client = try #require(RawClient(port: port, takesLittle: true))
            client.send(world.request("journal?\(Self.year)", as: finance))
            _ = await client.read(until: "entry_id,")
            #expect(try await world.copying() == 1)
            let second = try await world.ask(.get, "/tenants/alba/exports/orders?\(Self.year)", as: finance)
            if hangsUp {
                #expect(second.outcome == "429 rate_limited" && second.headers[.retryAfter] == "10")
                let other = try await world.ask(
                    .get, "/tenants/brio/exports/orders?\(Self.year)", as: world.key(.finance))
                #expect(other.status == 200, "another tenant has a place of its own")
                client.hangUp()
            }
            try await eventually("the statement to end") { try await world.copying() == 0 }
            try await eventually("a place to be free") {
                try await world.ask(.get, "/tenants/alba/exports/orders?\(Self.year)", as: finance).status
                    == 200
            }
        }
        #expect(try await world.copying() == 0)
    }

    @Test func `places are one for each tenant, and a few for all`() throws {
        let places = ExportPlaces(limit: 2)
        var first: ExportPlaces.Place? = try places.take(TenantID(1))
        #expect(throws: ExportRefusal.running) { _ = try places.take(TenantID(1)) }
        let second = try places.take(TenantID(2))
        #expect(throws: ExportRefusal.busy) { _ = try places.take(TenantID(3)) }
        #expect(first != nil)
        first = nil
        let again = try places.take(TenantID(1))
        withExtendedLifetime((second, again)) {}
    }

    /// The bytes that a chunked body carries, up to its last chunk.
    private static func unchunked(_ bytes: [UInt8]) throws -> [UInt8] {
        var body: [UInt8] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0D) {
            let text = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
            let length = try #require(Int(text, radix: 16))
            if length == 0 { break }
            body += rest[(end + 2)..<(end + 2 + length)]
            rest = rest[(end + 4 + length)...]
        }
        return body
    }
}

extension AdminWorld {
    /// Entries of Alba's that moved no money, each with a note; of January.
    fileprivate func writeJournal(_ count: Int, noteBytes: Int) async throws {
        let now = clock.now()
        try await database.owner.run { connection in
            _ = try connection.query(
                """
                INSERT INTO journal_entries (tenant_id, id, reason, memo, effective_at, recorded_at)
                SELECT 1, lpad(n::text, 32, '0')::uuid, 'cancellation', repeat('x', \(Int32(noteBytes))), \(now), \(now)
                FROM generate_series(1, \(Int32(count))) n
                """)
        }
    }

    /// How many exports the database is busy with, or keeps a transaction open for.
    fileprivate func copying() async throws -> Int64 {
        try await database.owner.run { connection in
            try connection.query(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND (query LIKE 'COPY %' AND state = 'active' OR state LIKE 'idle in transaction%')
                """)[0].get(0)
        }
    }

    fileprivate func request(_ export: String, as visitor: AdminVisitor) -> String {
        """
        GET /admin/v1/tenants/alba/exports/\(export) HTTP/1.1
        Host: books.test
        Authorization: Bearer \(visitor.token)


        """
    }

    /// Serves the door on a port of its own while the body runs.
    fileprivate func serving(
        _ settings: HTTPSettings = HTTPSettings(), _ body: @Sendable (Int) async throws -> Void
    ) async throws {
        var settings = settings
        settings.port = 0
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let server = HTTPServer(door: door, settings: settings, state: ServingState(), logger: .quiet) {
            found.yield($0)
        }
        let group = ServiceGroup(configuration: .init(services: [server], logger: .quiet))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            for await port in ports {
                try await body(port)
                break
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
