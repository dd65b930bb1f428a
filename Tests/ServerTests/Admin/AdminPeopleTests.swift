import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("People and keys of the admin API", .database)
struct AdminPeopleTests {
    @Test func `whoever is let in can sign in, at their own tenant alone`() async throws {
        let world = try await AdminWorld()
        let made = try await world.ask(
            .post, "/tenants/alba/people", as: world.person(.owner, of: 1),
            body: ["email": "Zoe@Example.test", "name": "Zoë", "role": "catalogue"])
        #expect(made.status == 201)
        let password = try #require(made.json["password"]?.stringValue)
        func signIn(_ tenant: String) async throws -> Int {
            try await world.ask(
                .post, "/sessions",
                body: [
                    "email": "zoe@example.test", "password": .string(password), "tenant": .string(tenant),
                ]
            ).status
        }
        #expect(try await signIn("alba") == 201)
        #expect(try await signIn("brio") == 401)
        // The same address is somebody else at Brio, and nobody can tell from Brio that it is taken at Alba.
        let other = try await world.ask(
            .post, "/tenants/brio/people", as: world.person(.owner, of: 2),
            body: [
                "email": "zoe@example.test", "name": "Zoe", "role": "owner", "password": "a password of hers",
            ])
        #expect((other.status, other.json["password"]) == (201, .null))
        let again = try await world.ask(
            .post, "/tenants/alba/people", as: world.person(.owner, of: 1),
            body: ["email": "zoe@example.test", "name": "Zoe", "role": "owner"])
        #expect((again.outcome, again.field) == ("409 email_taken", "email"))
    }

    @Test(
        arguments: [
            (["name": "N", "role": "owner"], "email"), (["email": "a@b", "role": "owner"], "name"),
            (["email": "a@b", "name": "N"], "role"), (["email": "a@b", "name": "N", "role": "boss"], "role"),
            (["email": "a b@c", "name": "N", "role": "owner"], "email"),
            (["email": "a@b@c", "name": "N", "role": "owner"], "email"),
            (["email": "a@b", "name": "", "role": "owner"], "name"),
            (["email": "a@b", "name": "a\u{7}b", "role": "owner"], "name"),
            (["email": "a@b", "name": "N", "role": "owner", "password": "short"], "password"),
            (["email": "a@b", "name": "N", "role": "owner", "tenant_id": 2], "tenant_id"),
        ] as [(JSON, String)])
    func `somebody who cannot be let in like that is refused by field`(body: JSON, field: String) async throws
    {
        let world = try await AdminWorld()
        let before = try await world.rows()
        let reply = try await world.ask(.post, "/people", as: world.person(.owner), body: body)
        #expect((reply.outcome, reply.field) == ("422 invalid_field", field))
        let after = try await world.rows()
        #expect(before == after)
    }

    @Test func `a change holds to what was read, and says so where it is another by now`() async throws {
        let world = try await AdminWorld()
        let owner = world.person(.owner)
        let path = "/people/\(world.person(.support).actor.id)"
        let read = try await world.ask(.get, path, as: owner)
        let tag = try #require(read.headers[.eTag])
        let bare = try await world.ask(.patch, path, as: owner, body: ["name": "Sam"])
        #expect(bare.outcome == "428 precondition_required")
        let changed = try await world.ask(.patch, path, as: owner, [.ifMatch: tag], body: ["name": "Sam"])
        #expect((changed.status, changed.json["name"]) == (200, "Sam"))
        #expect(try await world.ask(.get, path, as: owner).headers[.eTag] == changed.headers[.eTag])
        let stale = try await world.ask(.patch, path, as: owner, [.ifMatch: tag], body: ["name": "Tim"])
        #expect(stale.outcome == "412 precondition_failed")
        let weak = try await world.ask(
            .patch, path, as: owner, [.ifMatch: "W/\(changed.headers[.eTag] ?? "")"], body: ["name": "Tim"])
        #expect(weak.outcome == "412 precondition_failed")
    }

    @Test func `of twenty who change what they read, one does`() async throws {
        let world = try await AdminWorld()
        let owner = world.person(.owner)
        let path = "/people/\(world.person(.support).actor.id)"
        let tag = try #require(try await world.ask(.get, path, as: owner).headers[.eTag])
        let outcomes = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try await world.ask(
                        .patch, path, as: owner, [.ifMatch: tag], body: ["name": .string("Name \(number)")]
                    ).status
                }
            }
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes == [200: 1, 412: 19])
    }

    @Test func `the last owner stays, whoever wants two of them gone at once`() async throws {
        let world = try await AdminWorld()
        let (first, key) = (world.person(.owner, of: 1), world.key(.owner, of: 1))
        let path = "/tenants/alba/people/"
        for change: JSON in [["role": "support"], ["active": false]] {
            let reply = try await world.ask(
                .patch, "\(path)\(first.actor.id)", as: key, [.ifMatch: "*"], body: change)
            #expect(reply.outcome == "409 last_owner")
        }
        let second = try await world.ask(
            .post, "/tenants/alba/people", as: key,
            body: ["email": "second@example.test", "name": "Second", "role": "owner"])
        let other = try #require(second.json["person"]?["id"]?.stringValue)
        let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
            for id in [first.actor.id.description, other] {
                group.addTask {
                    try await world.ask(
                        .patch, "\(path)\(id)", as: key, [.ifMatch: "*"], body: ["active": false]
                    ).outcome
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }.sorted()
        }
        #expect(outcomes == ["200", "409 last_owner"])
    }

    @Test func `a key is shown once, opens its own side, and is over when it is revoked`() async throws {
        let world = try await AdminWorld()
        let owner = world.person(.owner, of: 1)
        let made = try await world.ask(
            .post, "/tenants/alba/keys", as: owner,
            body: [
                "name": "robot", "role": "finance", "expires_at": "2026-02-01T00:00:00Z",
                "allowed_sources": ["192.0.2.0/24"],
            ])
        let text = try #require(made.json["text"]?.stringValue)
        #expect(text.hasPrefix("tga_1_"))
        let id = try #require(made.json["key"]?["id"]?.stringValue)
        let shown = try await world.ask(.get, "/tenants/alba/keys/\(id)", as: owner)
        #expect(shown.json == made.json["key"])
        let rows = try await world.rows()
        #expect(!rows.contains(text))

        #expect(try await world.ask(.get, "/tenants/alba", token: text).status == 200)
        #expect(try await world.ask(.get, "/tenants/alba-sandbox", token: text).status == 200)
        #expect(try await world.ask(.get, "/tenants/brio", token: text).outcome == "404 not_found")
        #expect(try await world.ask(.get, "/me", token: text).json["kind"] == "key")
        #expect(
            try await world.ask(.get, "/me", token: text, from: "198.51.100.1").outcome == "401 unauthorized")
        let revoke = "/tenants/alba/keys/\(id)/revoke"
        #expect(
            try await world.ask(.post, revoke, as: world.person(.owner, of: 2)).outcome == "404 not_found")
        let revoked = try await world.ask(.post, revoke, as: owner)
        #expect(revoked.json["revoked_at"]?.stringValue != nil)
        #expect(try await world.ask(.get, "/me", token: text).outcome == "401 unauthorized")
        #expect(try await world.ask(.post, revoke, as: owner).json == revoked.json)
    }

    @Test func `a key is over when its time is`() async throws {
        let world = try await AdminWorld()
        let made = try await world.ask(
            .post, "/keys", as: world.person(.owner),
            body: ["name": "short", "role": "owner", "expires_at": "2026-01-31T01:00:00Z"])
        let text = try #require(made.json["text"]?.stringValue)
        world.clock.advance(milliseconds: 3_599_999)
        #expect(try await world.ask(.get, "/me", token: text).status == 200)
        world.clock.advance(milliseconds: 1)
        #expect(try await world.ask(.get, "/me", token: text).outcome == "401 unauthorized")
        let late = try await world.ask(
            .post, "/keys", as: world.person(.owner),
            body: ["name": "late", "role": "owner", "expires_at": "2026-01-31T01:00:00Z"])
        #expect((late.outcome, late.field) == ("422 invalid_field", "expires_at"))
    }

    @Test func `a list is gone through page by page, and what comes in between moves nothing`() async throws {
        let world = try await AdminWorld()
        let owner = world.person(.owner)
        var (seen, cursor): ([String], String?) = ([], nil)
        repeat {
            let query = "limit=2" + (cursor.map { "&cursor=\($0)" } ?? "")
            let page = try await world.ask(.get, "/people?\(query)", as: owner)
            seen += page.json["items"]?.arrayValue?.compactMap { $0["email"]?.stringValue } ?? []
            cursor = page.json["next_cursor"]?.stringValue
            _ = try await world.spare(seen.count, in: .platform)
        } while cursor != nil
        #expect(seen == StaffRole.allCases.reversed().map { "\($0.rawValue)@example.test" })
        for query in [
            "limit=0", "limit=201", "limit=x", "cursor=x", "cursor=c7", "color=red", "limit=1&limit=2",
        ] {
            let reply = try await world.ask(.get, "/people?\(query)", as: owner)
            #expect(reply.outcome == "400 invalid_query", "\(query)")
        }
    }

    @Test func `a tenant's staff see their tenant and its sandbox, the platform's see all`() async throws {
        let world = try await AdminWorld()
        func slugs(_ visitor: AdminVisitor) async throws -> [String] {
            try await world.ask(.get, "/tenants", as: visitor).json["items"]?.arrayValue?
                .compactMap { $0["slug"]?.stringValue } ?? []
        }
        #expect(try await slugs(world.person(.readOnly)) == ["alba", "alba-sandbox", "brio"])
        #expect(try await slugs(world.person(.support, of: 1)) == ["alba", "alba-sandbox"])
        #expect(try await slugs(world.key(.support, of: 2)) == ["brio"])
    }
}
