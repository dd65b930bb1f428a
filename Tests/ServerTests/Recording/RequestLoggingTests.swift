import HTTPTypes
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

/// From the front door to the table.
@Suite("Requests at the door", .database)
struct RequestLoggingTests {
    /// A gate with a recorder beside it; returns when all has been written.
    private func recorded(
        _ settings: Gate.Settings = Gate.Settings(), by recording: RequestRecorder.Settings = .init(),
        _ body: (GateWorld) async throws -> Void
    ) async throws -> TestDatabase {
        let database = try #require(TestDatabase.current)
        let recorder = RequestRecorder(
            pool: database.pool(.recorder, threads: 1), settings: recording, logger: .quiet)
        try await running(recorder) {
            try await GateWorld.with(database, settings: settings, recorder: recorder, body)
        }
        return database
    }

    private func log(
        _ database: TestDatabase, _ tenant: Int64, _ customer: CustomerID
    ) async throws -> [String] {
        let history = RequestHistory(pool: database.pool(.door))
        let page = try await history.page(of: customer, tenant: TenantID(tenant), .init(limit: 100))
        return try #require(page).items.reversed().map { "\($0.method) \($0.path) \($0.route) \($0.status)" }
    }

    private func ask(
        _ world: GateWorld, _ method: HTTPRequest.Method, _ target: String, at tenant: GateTenant? = nil,
        _ headers: [(String, String)], _ body: String? = nil
    ) async throws -> SeenAnswer {
        var fields = HTTPFields()
        for (name, value) in headers {
            fields.append(HTTPField(name: HTTPField.Name(name)!, value: value))
        }
        return try await world.door.ask(
            method, target, host: (tenant ?? world.alba).host, fields, body: body)
    }

    private func plans(
        _ world: GateWorld, at tenant: GateTenant? = nil, _ headers: [(String, String)]
    ) async throws -> SeenAnswer {
        try await ask(world, .get, "/api/proxy?op=plans", at: tenant, headers)
    }

    @Test func `every request of an account is in its log, whatever came of it`() async throws {
        var settings = Gate.Settings()
        settings.rateLimit = .sliding(limit: 4, window: 60_000)
        var accounts: [(Int64, CustomerID)] = []
        let database = try await recorded(settings) { world in
            accounts = [(1, world.alba.alice.id), (1, world.alba.bob.id), (2, world.brio.alice.id)]
            let key = ("x-api-key", world.alba.alice.key)
            _ = try await plans(world, [key])
            _ = try await ask(world, .post, "/api/proxy", [key], "{")
            _ = try await ask(world, .post, "/api/proxy", [key], #"{"op":"purchase"}"#)
            _ = try await ask(world, .get, "/api/proxy?op=no", [key])
            #expect(try await plans(world, [key]).status == 429)
            // Somebody else's, and nobody's.
            _ = try await plans(world, at: world.brio, [("x-api-key", world.brio.alice.key)])
            _ = try await plans(world, at: world.brio, [key])
            _ = try await plans(world, [("x-api-key", "rk_" + String(repeating: "x", count: 40))])
            _ = try await plans(world, [])
            _ = try await ask(world, .get, "/elsewhere", [key])
        }
        #expect(
            try await log(database, accounts[0].0, accounts[0].1) == [
                "GET /api/proxy operation 200", "POST /api/proxy operation 400",
                "POST /api/proxy operation 400", "GET /api/proxy operation 400",
                "GET /api/proxy operation 429",
            ])
        #expect(try await log(database, accounts[1].0, accounts[1].1) == [])
        #expect(try await log(database, accounts[2].0, accounts[2].1) == ["GET /api/proxy operation 200"])
    }

    @Test func `a key that is known and refused is in its account's log, and not used`() async throws {
        var customer: CustomerID?
        let database = try await recorded { world in
            customer = world.alba.bob.id
            let key = ("x-api-key", world.alba.bob.key)
            try await world.execute(
                "UPDATE api_keys SET revoked_at = \(world.clock.now()) WHERE id = \(world.alba.bob.keyID)")
            #expect(try await plans(world, [key]).status == 401)
            #expect(try await plans(world, at: world.brio, [key]).status == 401)
        }
        #expect(
            try await log(database, 1, try #require(customer)) == ["GET /api/proxy operation 401"])
        let used: Int = try await database.owner.run { connection in
            try connection.query("SELECT count(*) FROM api_keys WHERE last_used_at IS NOT NULL")[0].get(0)
        }
        #expect(used == 0)
    }

    /// Such a key is under no limit, and what waits to be written has room for so much only.
    @Test func `who keeps knocking with a refused key does not fill the log`() async throws {
        var customer: CustomerID?
        let database = try await recorded { world in
            customer = world.alba.bob.id
            try await world.execute(
                "UPDATE api_keys SET revoked_at = \(world.clock.now()) WHERE id = \(world.alba.bob.keyID)")
            for _ in 0..<70 {
                #expect(try await plans(world, [("x-api-key", world.alba.bob.key)]).status == 401)
            }
            #expect(try await plans(world, [("x-api-key", world.alba.alice.key)]).status == 200)
            world.clock.advance(milliseconds: 62_000)
            #expect(try await plans(world, [("x-api-key", world.alba.bob.key)]).status == 401)
        }
        let log = try await log(database, 1, try #require(customer))
        #expect(log == Array(repeating: "GET /api/proxy operation 401", count: 61))
    }

    @Test func `switched off, no request is written, and the key's last use is`() async throws {
        var off = RequestRecorder.Settings()
        off.writesRequests = false
        let database = try await recorded(by: off) { world in
            for tenant in [world.alba, world.brio] {
                let answer = try await plans(world, at: tenant, [("x-api-key", tenant.alice.key)])
                #expect(answer.status == 200)
            }
        }
        let written: [Int] = try await database.owner.run { connection in
            try [
                "SELECT count(*) FROM request_log",
                "SELECT count(*) FROM api_keys WHERE last_used_at IS NOT NULL",
            ].map { try connection.query(Statement($0))[0].get(0) }
        }
        #expect(written == [0, 2])
    }

    @Test func `the key's last use is written, to the minute, and only where it was good`() async throws {
        let database = try await recorded { world in
            for _ in 0..<3 { _ = try await plans(world, [("x-api-key", world.alba.alice.key)]) }
            world.clock.advance(milliseconds: 1_000)
            _ = try await plans(world, [("x-api-key", world.alba.alice.key)])
            _ = try await plans(world, at: world.brio, [("x-api-key", world.alba.bob.key)])
        }
        let used: [Instant] = try await database.owner.run { connection in
            try connection.query("SELECT last_used_at FROM api_keys WHERE last_used_at IS NOT NULL")
                .map { try $0.get(0) }
        }
        #expect(used == [ManualClock.start])
    }

    @Test func `a link's requests are its owner's, and the link is not shown`() async throws {
        var token = ""
        var alice: CustomerID?
        let database = try await recorded { world in
            alice = world.alba.alice.id
            let key = ("x-api-key", world.alba.alice.key)
            let bought = try await ask(
                world, .post, "/api/proxy", [key],
                #"{"op":"purchase","planId":"\#(world.alba.mobile7.gate)"}"#)
            let link = try #require(
                try JSON.parse(Array(bought.body.utf8))["subscription"]?["rotate"]?["rotatePath"]?.stringValue
            )
            token = String(try #require(link.split(separator: "/").last))
            world.clock.advance(milliseconds: 1)
            _ = try await ask(world, .get, "/r/\(token)", [])
            _ = try await ask(world, .get, "/r/\(token)x", [])
        }
        let log = try await log(database, 1, try #require(alice))
        #expect(log.count == 2)
        #expect(log.last?.hasPrefix("GET /r/… rotate") == true, "\(log)")
        try await expect(database, holdsNo: [token])
    }

    /// People paste secrets anywhere; here they are in every place that a request has.
    @Test func `no secret is in any row`() async throws {
        var secrets: [String] = []
        let database = try await recorded { world in
            let (alice, bob) = (world.alba.alice, world.alba.bob)
            let session = try await world.session(alice.admin, of: alice, at: world.alba, role: .admin)
            let token = String(session.1.dropFirst("Bearer ".count))
            secrets = [alice.key, bob.key, token, "hunter2-password"]
            for credential in [("x-api-key", alice.key), session] {
                for secret in secrets {
                    _ = try await ask(world, .get, "/api/proxy?op=plans&key=\(secret)", [credential])
                    _ = try await ask(world, .get, "/api/proxy?op=\(secret)", [credential])
                    _ = try await ask(world, .post, "/api/proxy", [credential], #"{"op":"\#(secret)"}"#)
                    _ = try await ask(
                        world, .post, "/api/proxy", [credential, ("Idempotency-Key", secret)], "{}")
                    _ = try await ask(world, .get, "/r/\(secret)", [credential])
                    _ = try await ask(world, .get, "/\(secret)", [credential])
                    _ = try await plans(
                        world,
                        [
                            credential, ("User-Agent", secret), ("X-Forwarded-For", secret),
                            ("Referer", secret),
                        ])
                }
                for secret in secrets.dropLast() {
                    _ = try await plans(world, [credential, ("X-Request-Id", secret)])
                }
                _ = try await plans(world, [credential, ("X-Request-Id", "order-4711")])
            }
        }
        try await expect(database, holdsNo: secrets)
        let named: Int = try await database.owner.run {
            try $0.query("SELECT count(*) FROM request_log WHERE request_id = 'order-4711'")[0].get(0)
        }
        #expect(named == 2)
    }

    private func expect(_ database: TestDatabase, holdsNo secrets: [String]) async throws {
        let rows: [String] = try await database.owner.run { connection in
            try connection.query("SELECT request_log::text FROM request_log").map { try $0.get(0) }
        }
        #expect(!rows.isEmpty)
        for secret in secrets {
            #expect(!secret.isEmpty)
            #expect(rows.filter { $0.contains(secret) } == [], "\(secret)")
        }
    }

    private static let ours = IdentifierBits(milliseconds: 1_769_817_600_000, sequence: 7)

    @Test(arguments: [
        ("/services", "/services", "/services"),
        ("/services/17", "/services/{id}", "/services/17"),
        ("/services/\(ours.hexString)/extend", "/services/{id}/extend", "/services/\(ours.hexString)/extend"),
        ("/services/\(ours.uuidString)", "/services/{id}", "/services/\(ours.uuidString)"),
        ("/services/\(ours.base36String)", "/services/{id}", "/services/\(ours.base36String)"),
        ("/services/sub_\(ours.ulidString)", "/services/{id}", "/services/sub_\(ours.ulidString)"),
        // Not an id of ours, whatever it is.
        ("/services/hunter2", "/services/{id}", "/services/…"),
        ("/services/0123456789abcdef01234567", "/services/{id}", "/services/…"),
        ("/services/5f2b8c1e-3a4d-4e5f-8a9b-0c1d2e3f4a5b", "/services/{id}", "/services/…"),
        ("/services/12345678901", "/services/{id}", "/services/…"),
        ("/r/opx_live_0123456789abcdef0123456789abcdef", "/r/{token}", "/r/…"),
    ])
    func `a path is shown with its ids and nothing else that was put there`(
        path: String, pattern: String, shown: String
    ) {
        #expect(LoggedPath.of(path, pattern) == shown)
    }

    @Test(arguments: [
        ("order-4711", "order-4711"), ("0198f2b8c1e0a1b2c3d4e5f6", "0198f2b8c1e0a1b2c3d4e5f6"),
        ("rk_abc", "…"), ("eyJh.eyJz.c2ln", "…"), ("", "…"),
    ])
    func `a request's own name is shown unless it looks like a key`(text: String, shown: String) {
        #expect(LoggedPath.requestID(text) == shown)
    }
}
