import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Who changed what", .database)
struct AdminAuditTests {
    @Test func `a change is recorded with who, from where, and only what differs`() async throws {
        let world = try await AdminWorld()
        let (owner, support) = (world.person(.owner), world.person(.support, of: 1))
        let changed = try await world.ask(
            .patch, "/tenants/alba/people/\(support.actor.id)", as: owner,
            [.ifMatch: "*", .requestID: "request-7"],
            body: ["role": "finance", "name": "support", "password": "another horse battery"],
            from: "192.0.2.77")
        #expect(changed.status == 200)
        let page = try await world.ask(.get, "/tenants/alba/audit", as: owner)
        let record = try #require(page.json["items"]?.arrayValue?.first)
        #expect(record["action"] == "updateTenantPerson")
        #expect(record["object"] == ["kind": "person", "id": .string(support.actor.id.description)])
        #expect(record["before"] == ["role": "support"])
        #expect(record["after"] == ["role": "finance", "password_changed": true])
        #expect(record["at"] == "2026-01-31T00:00:00.000Z")
        #expect((record["address"], record["request_id"]) == ("192.0.2.77", "request-7"))
        #expect(
            record["actor"] == [
                "kind": "person", "id": .string(owner.actor.id.description), "name": "owner@example.test",
                "platform": true,
            ])
        // The tenant reads of it too, but not where the platform's people are; another tenant reads nothing.
        let own = try await world.ask(.get, "/tenants/alba/audit", as: world.person(.owner, of: 1))
        #expect(own.json["items"]?.arrayValue?.first?["address"] == .null)
        let other = try await world.ask(.get, "/tenants/brio/audit", as: world.person(.owner, of: 2))
        #expect(other.json["items"] == [])
        #expect(try await world.ask(.get, "/audit", as: owner).json["items"] == [])
    }

    @Test func `what changes nothing leaves no record, and neither does a refusal`() async throws {
        let world = try await AdminWorld()
        let owner = world.person(.owner)
        let path = "/people/\(world.person(.support).actor.id)"
        for (body, status) in [(["name": "support"], 200), ([:], 200), (["role": "boss"], 422)]
            as [(JSON, Int)]
        {
            #expect(
                try await world.ask(.patch, path, as: owner, [.ifMatch: "*"], body: body).status == status)
        }
        #expect(try await world.lastRecord() == nil)
        #expect(try await world.ask(.get, "/me", as: world.person(.support)).status == 200)
    }

    @Test func `records are found by actor, action, object and time`() async throws {
        let world = try await AdminWorld()
        let (owner, key) = (world.person(.owner), world.key(.owner))
        for (visitor, number) in [(owner, 1), (key, 2), (owner, 3)] {
            _ = try await world.ask(
                .post, "/people", as: visitor,
                body: ["email": .string("p\(number)@x.test"), "name": "P", "role": "support"])
            world.clock.advance(milliseconds: 1_000)
        }
        let made = try await world.ask(
            .post, "/keys", as: owner, body: ["name": "robot", "role": "read_only"])
        func count(_ query: String) async throws -> Int? {
            try await world.ask(.get, "/audit?\(query)", as: owner).json["items"]?.arrayValue?.count
        }
        #expect(try await count("actor=\(owner.actor.id)") == 3)
        #expect(try await count("action=createPerson") == 3)
        #expect(try await count("object=key") == 1)
        #expect(try await count("object_id=\(made.json["key"]?["id"]?.stringValue ?? "")") == 1)
        #expect(try await count("since=2026-01-31T00:00:01Z&until=2026-01-31T00:00:03Z") == 2)
        #expect(try await count("since=2026-01-31T01:00:01%2B01:00") == 3)
        #expect(try await count("limit=2") == 2)
    }
}

@Suite("Repeated requests of the admin API", .database)
struct AdminIdempotencyTests {
    private let body: JSON = ["name": "robot", "role": "finance"]

    @Test func `a repeated request gives the first answer, secret and all, and is carried out once`()
        async throws
    {
        let world = try await AdminWorld()
        let owner = world.person(.owner, of: 1)
        let key: HTTPFields = [.idempotencyKey: "k-1"]
        let first = try await world.ask(.post, "/tenants/alba/keys", as: owner, key, body: body)
        let second = try await world.ask(.post, "/tenants/alba/keys", as: owner, key, body: body)
        #expect((first.status, second.status) == (201, 201))
        #expect(first.body == second.body)
        #expect((first.headers[.idempotencyHit], second.headers[.idempotencyHit]) == (nil, "true"))
        let keys = try await world.ask(.get, "/tenants/alba/keys", as: owner)
        #expect(keys.json["items"]?.arrayValue?.filter { $0["name"] == "robot" }.count == 1)

        let other = try await world.ask(
            .post, "/tenants/alba/keys", as: owner, key, body: ["name": "robot", "role": "owner"])
        #expect(other.outcome == "409 idempotency_key_reused")
        let elsewhere = try await world.ask(
            .post, "/tenants/alba/people", as: owner, key,
            body: ["email": "a@b.test", "name": "A", "role": "owner"])
        #expect(elsewhere.outcome == "409 idempotency_key_reused")
        // Somebody else's key of the same name is another one; so is the platform's at another tenant.
        let brio = world.person(.owner, of: 2)
        #expect(try await world.ask(.post, "/tenants/brio/keys", as: brio, key, body: body).status == 201)
        let malformed = try await world.ask(
            .post, "/tenants/alba/keys", as: owner, [.idempotencyKey: ""], body: body)
        #expect(malformed.outcome == "400 invalid_idempotency_key")
    }

    @Test func `twenty at once under one key make one`() async throws {
        let world = try await AdminWorld()
        let owner = world.person(.owner)
        let outcomes = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await world.ask(.post, "/keys", as: owner, [.idempotencyKey: "k"], body: body).status
                }
            }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(outcomes.isSubset(of: [201, 409]))
        let keys = try await world.ask(.get, "/keys", as: owner)
        #expect(keys.json["items"]?.arrayValue?.filter { $0["name"] == "robot" }.count == 1)
    }

    @Test func `what was refused may be asked again under its key`() async throws {
        let world = try await AdminWorld()
        let owner = world.person(.owner)
        let key: HTTPFields = [.idempotencyKey: "again", .ifMatch: "\"old\""]
        let path = "/people/\(world.person(.support).actor.id)"
        #expect(
            try await world.ask(.patch, path, as: owner, key, body: ["name": "Sam"]).outcome
                == "412 precondition_failed")
        var good = key
        good[.ifMatch] = "*"
        #expect(try await world.ask(.patch, path, as: owner, good, body: ["name": "Sam"]).status == 200)
        let replayed = try await world.ask(.patch, path, as: owner, key, body: ["name": "Sam"])
        #expect((replayed.status, replayed.headers[.idempotencyHit]) == (200, "true"))
        #expect(replayed.headers[.eTag] != nil)
    }
}
