import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("API keys at the account API", .database)
struct AccountKeyTests {
    private func world(_ body: (AccountWorld) async throws -> Void) async throws {
        var proofs = ProofLimits()
        proofs.perPerson = .off
        try await withDatabase { try await AccountWorld.with($0, proofs: proofs, body) }
    }

    private func draft(_ more: String = "", code: String? = nil, dialect: String = "gate") -> String {
        AccountWorld.proof(code, #","dialect":"\#(dialect)"\#(more)"#)
    }

    @Test func `a key is shown once, opens its own door and no other`() async throws {
        try await world { world in
            let token = try await world.token("eve")
            world.clock.advance(milliseconds: 1_000)
            let made = try await world.ask(
                .post, "/v1/keys", draft(#","label":"Büro 🗝","scopes":["orders:read"]"#), as: token)
            #expect(made.outcome == "201", "\(made.body)")
            let key = try #require(made.json["key"]?.stringValue)
            #expect(try await world.opensGate(key))
            #expect(try await !world.opensGate(key, of: "brio"))
            let listed = try await world.ask(.get, "/v1/keys", as: token)
            #expect(!listed.body.contains(key))
            let first = try #require(listed.json["items"]?.arrayValue?.first)
            #expect(first["label"] == "Büro 🗝")
            #expect(first["id"] == made.json["id"])
            #expect(first["hint"] == made.json["hint"])
            #expect(listed.json["items"]?.arrayValue?.count == 2, "the file's is among them")
            #expect(
                try await world.office.ask(
                    "SELECT label, scopes::text, trials::text, (made_by = (SELECT id FROM customer_users u WHERE username = "
                        + "'eve' AND u.tenant_id = api_keys.tenant_id))::text FROM api_keys WHERE label IS NOT NULL"
                )
                    == ["Büro 🗝 {orders:read} false true"])
        }
    }

    @Test func `a key of another dialect has that dialect's form`() async throws {
        try await world { world in
            let token = try await world.token("ada")
            let made = try await world.ask(.post, "/v1/keys", draft(dialect: "opproxy"), as: token)
            let key = try #require(made.json["key"]?.stringValue)
            #expect(OPProxy.keyForm.accepts(key))
            let account = try await world.ask(
                DoorRequest(
                    method: .get, target: "/t/alba/opproxy/api/v1/account", host: "localhost",
                    headers: [("Authorization", "Bearer \(key)")]))
            #expect(account.status == .ok)
        }
    }

    @Test func `a test key opens the sandbox of its customer, with play money`() async throws {
        try await world { world in
            let token = try await world.token("bea")
            world.clock.advance(milliseconds: 1_000)
            #expect(
                try await world.office.ask(
                    "SELECT count(*)::text FROM customers WHERE email = 'ben@example.com'")
                    == ["2"])
            let body = draft(#","environment":"test""#)
            let made = try await world.ask(.post, "/v1/keys", body, as: token)
            #expect(made.outcome == "201", "\(made.body)")
            let key = try #require(made.json["key"]?.stringValue)
            #expect(Gate.keyForm.environment(of: key) == .test)
            #expect(try await world.opensGate(key))
            #expect(
                try await world.office.ask(
                    "SELECT t.slug, a.balance_minor::text FROM customers c JOIN tenants t ON t.id = c.tenant_id "
                        + "JOIN accounts a ON a.tenant_id = c.tenant_id AND a.owner_id = c.id "
                        + "WHERE c.email = 'ben@example.com' AND t.sandbox_of IS NOT NULL")
                    == ["alba-sandbox 1000000"])
            let second = try await world.ask(.post, "/v1/keys", body, as: token)
            #expect(second.outcome == "201")

            let listed = try await world.ask(.get, "/v1/keys", as: token).json["items"]?.arrayValue ?? []
            #expect(listed.map { $0["environment"] } == ["test", "test", "live"])
            let id = try #require(made.json["id"]?.stringValue)
            let revoked = try await world.ask(.delete, "/v1/keys/\(id)", as: token)
            #expect(revoked.json["revoked_at"]?.stringValue != nil)
            #expect(try await !world.opensGate(key))
        }
    }

    @Test func `a revoked key is nobody's at once, and stays so`() async throws {
        try await world { world in
            let token = try await world.token("ada")
            let made = try await world.ask(.post, "/v1/keys", draft(), as: token)
            let (key, id) = (made.json["key"]?.stringValue ?? "", made.json["id"]?.stringValue ?? "")
            #expect(try await world.opensGate(key))
            let first = try await world.ask(.delete, "/v1/keys/\(id)", as: token)
            world.clock.advance(milliseconds: 5_000)
            let second = try await world.ask(.delete, "/v1/keys/\(id)", as: token)
            #expect(first.outcome == "200" && first.body == second.body)
            #expect(try await !world.opensGate(key))
        }
    }

    @Test func `a key works from its networks and until its end`() async throws {
        try await world { world in
            let token = try await world.token("ada")
            // The world asks from 192.0.2.1.
            for (allow, opens) in [("192.0.2.0/24", true), ("2001:db8::/32", false)] {
                let made = try await world.ask(
                    .post, "/v1/keys",
                    draft(#","allow":["\#(allow)"],"expires_at":"2026-01-31T02:00:00+01:00""#), as: token)
                #expect(made.json["allow"] == [.string(allow)])
                #expect(made.json["expires_at"] == "2026-01-31T01:00:00.000Z")
                let key = try #require(made.json["key"]?.stringValue)
                #expect(try await world.opensGate(key) == opens)
                world.clock.advance(milliseconds: 3_600_000 - (world.clock.now().milliseconds % 3_600_000))
                #expect(try await !world.opensGate(key))
                world.clock.set(ManualClock.start)
            }
        }
    }

    @Test(arguments: [
        (#","dialect":"proxaro""#, "400 invalid_dialect"), (#","dialect":7"#, "400 invalid_dialect"),
        (#","environment":"staging""#, "400 invalid_environment"), (#","label":"""#, "400 invalid_label"),
        (#","label":"a\nb""#, "400 invalid_label"),
        (#","label":"\#(String(repeating: "x", count: 81))""#, "400 invalid_label"),
        (#","scopes":["a","a"]"#, "400 invalid_scopes"), (#","scopes":["ä"]"#, "400 invalid_scopes"),
        (#","scopes":"all""#, "400 invalid_scopes"), (#","allow":[]"#, "400 invalid_allow"),
        (#","allow":["10.0.0.1/8"]"#, "400 invalid_allow"), (#","allow":["home"]"#, "400 invalid_allow"),
        (#","expires_at":"2026-01-31T00:00:00Z""#, "400 invalid_expires_at"),
        (#","expires_at":"tomorrow""#, "400 invalid_expires_at"), (#","code":5"#, "400 invalid_code"),
    ])
    func `a key that cannot be is refused by the field that is wrong`(
        more: String, outcome: String
    ) async throws {
        try await world { world in
            let dialect = more.contains("dialect") ? "" : #","dialect":"gate""#
            let reply = try await world.ask(
                .post, "/v1/keys", AccountWorld.proof(nil, dialect + more), as: try await world.token("ada"))
            #expect(reply.outcome == outcome)
            #expect(try await world.office.ask("SELECT 1 FROM api_keys WHERE made_by IS NOT NULL").isEmpty)
        }
    }

    @Test func `a key takes the password, and a code where they are on`() async throws {
        try await world { world in
            let (secret, _, token) = try await world.turnOnCodes(try await world.token("ada"))
            world.clock.advance(milliseconds: 60_000)
            let wrong = #"{"password":"wrong","dialect":"gate"}"#
            #expect(try await world.ask(.post, "/v1/keys", wrong, as: token).outcome == "401 password_wrong")
            #expect(
                try await world.ask(.post, "/v1/keys", draft(), as: token).outcome
                    == "401 one_time_code_required")
            let code = world.code(of: secret)
            #expect(try await world.ask(.post, "/v1/keys", draft(code: code), as: token).outcome == "201")
            #expect(
                try await world.ask(.post, "/v1/keys", draft(code: code), as: token).outcome
                    == "401 one_time_code_wrong")
        }
    }

    @Test(arguments: ["live", "test"])
    func `twenty times the same request under one key make one key`(environment: String) async throws {
        try await world { world in
            let (secret, _, token) = try await world.turnOnCodes(try await world.token("ada"))
            world.clock.advance(milliseconds: 60_000)
            let body = draft(#","environment":"\#(environment)""#, code: world.code(of: secret))
            let replies = try await withThrowingTaskGroup(of: DoorReply.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await world.ask(
                            .post, "/v1/keys", body, as: token, headers: [("Idempotency-Key", "one")])
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(
                Set(replies.map(\.outcome)).isSubset(of: ["201", "409 idempotency_key_in_flight"]))
            #expect(Set(replies.filter { $0.outcome == "201" }.map(\.body)).count == 1)
            #expect(
                try await world.office.ask("SELECT count(*)::text FROM api_keys WHERE made_by IS NOT NULL")
                    == ["1"])
            // The code is used up, and a repeat needs no other; the password it does.
            let again = try await world.ask(
                .post, "/v1/keys", body, as: token, headers: [("Idempotency-Key", "one")])
            #expect(again.headers[.init("Idempotency-Hit")!] == "true")
            let guessed = try await world.ask(
                .post, "/v1/keys", body.replacing(AccountWorld.password, with: "wrong"), as: token,
                headers: [("Idempotency-Key", "one")])
            #expect(guessed.outcome == "401 password_wrong")
            let other = try await world.ask(
                .post, "/v1/keys", draft(#","label":"other""#), as: token,
                headers: [("Idempotency-Key", "one")])
            #expect(other.outcome == "409 idempotency_key_reused")
        }
    }

    @Test func `a customer has a hundred good keys and no more, however many ask at once`() async throws {
        try await world { world in
            try await world.database.execute(
                "INSERT INTO api_keys (hash, tenant_id, id, customer_id, dialect, hint, created_at) "
                    + "SELECT sha256(n::text::bytea), c.tenant_id, gen_random_uuid(), c.id, 'gate', 'x', now() "
                    + "FROM generate_series(1, 97) n, customers c JOIN tenants t ON t.id = c.tenant_id "
                    + "WHERE c.username = 'ann' AND t.slug = 'alba'")
            let tokens = [try await world.token("ada"), try await world.token("eve")]
            let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<10 {
                    group.addTask {
                        try await world.ask(.post, "/v1/keys", draft(), as: tokens[number % 2]).outcome
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == "201" } == 2)
            #expect(outcomes.count { $0 == "409 too_many_keys" } == 8)
            let bea = try await world.token("bea")
            #expect(try await world.ask(.post, "/v1/keys", draft(), as: bea).outcome == "201")
        }
    }

    @Test func `keys come in pages, the newest first`() async throws {
        try await world { world in
            let token = try await world.token("ada")
            world.clock.advance(milliseconds: 1_000)
            for number in 0..<5 {
                let environment = number % 2 == 0 ? "live" : "test"
                _ = try await world.ask(
                    .post, "/v1/keys",
                    draft(#","label":"\#(number)","environment":"\#(environment)""#), as: token)
                world.clock.advance(milliseconds: 1_000)
            }
            var (labels, cursor): ([JSON?], String?) = ([], nil)
            repeat {
                let page = try await world.ask(
                    .get, "/v1/keys?limit=2" + (cursor.map { "&cursor=\($0)" } ?? ""), as: token)
                labels += (page.json["items"]?.arrayValue ?? []).map { $0["label"] }
                cursor = page.json["next_cursor"]?.stringValue
            } while cursor != nil
            #expect(labels == ["4", "3", "2", "1", "0", .null])
            for (query, outcome) in [
                ("limit=0", "400 invalid_limit"), ("limit=201", "400 invalid_limit"),
                ("cursor=x", "400 invalid_cursor"), ("limit=1&limit=2", "400 invalid_limit"),
            ] {
                #expect(try await world.ask(.get, "/v1/keys?\(query)", as: token).outcome == outcome)
            }
        }
    }
}
