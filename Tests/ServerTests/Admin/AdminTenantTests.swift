import Catalog
import HTTPTypes
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Tenants, as the platform works with them", .database)
struct AdminTenantTests {
    private let cora: JSON = [
        "slug": "cora", "name": "Cora", "currency": "JPY", "timezone": "Asia/Tokyo", "grace": "2d",
        "sandbox": true, "wholesale": ["credit_limit": "50000 JPY"],
    ]

    @Test func `a tenant is made once with its sandbox and its accounts, as a file would make it`()
        async throws
    {
        let world = try await AdminWorld(books: false)
        let owner = world.person(.owner)
        let key: HTTPFields = [.idempotencyKey: "cora"]
        let made = try await world.ask(.post, "/tenants", as: owner, key, body: cora)
        let again = try await world.ask(.post, "/tenants", as: owner, key, body: cora)
        #expect((made.status, made.body) == (201, again.body), "\(made.body)")
        #expect(again.headers[.idempotencyHit] == "true")
        #expect(made.json["grace_seconds"] == 172_800 && made.json["timezone"] == "Asia/Tokyo")
        #expect(made.json["sandbox"] == true && made.json["wholesale"]?["credit_limit"] == "50000 JPY")
        let shown = try await world.ask(.get, "/tenants/cora", as: world.key(.finance))
        #expect((shown.body, shown.headers[.eTag]) == (made.body, made.headers[.eTag]))
        let record = try #require(try await world.lastRecord())
        #expect((record.action, record.object, record.objectID) == ("createTenant", "tenant", "cora"))
        #expect(record.after?["currency"] == "JPY" && record.before == nil)
        // A file that says the same finds everything there, accounts included.
        let file = "tenants: [" + String(decoding: cora.encoded(), as: UTF8.self) + "]"
        let report = try await world.office.apply(file, dryRun: true)
        #expect(report.lines.isEmpty, "\(report.text)")
        let accounts = try await world.database.owner.run { connection in
            try connection.query(
                """
                SELECT t.slug, a.floor_minor FROM accounts a JOIN tenants t ON t.id = a.tenant_id
                WHERE a.role = 'float' ORDER BY t.slug
                """
            ).map { "\(try $0.get(0, as: String.self)) \(try $0.get(1, as: Int64.self))" }
        }
        #expect(accounts == ["cora -50000", "cora-sandbox -1000000"])
        #expect(try await world.database.brokenInvariants().isEmpty)
        // It can be worked with at once.
        let person = try await world.ask(
            .post, "/tenants/cora/people", as: owner,
            body: ["email": "cora@example.test", "name": "Cora", "role": "owner"])
        #expect(person.status == 201)
    }

    @Test func `names that are taken or kept, and what no file could say, are refused by field`()
        async throws
    {
        let world = try await AdminWorld(books: false)
        let before = try await world.marks()
        for (change, outcome, field) in [
            (["slug": "alba"], "409 name_taken", "slug"),
            (["slug": "alba-sandbox"], "422 invalid_field", "slug"),
            (["slug": "Cora"], "422 invalid_field", "slug"),
            (["currency": "XXY"], "422 invalid_field", "currency"),
            (["timezone": "Mars/Olympus"], "422 invalid_field", "timezone"),
            (["grace": "soon"], "422 invalid_field", "grace"),
            (["wholesale": ["credit_limit": "5 EUR"]], "422 invalid_field", "wholesale.credit_limit"),
            (["wholesale": ["float": "5 JPY"]], "422 invalid_field", "wholesale.float"),
            (["wholesale": [:]], "422 invalid_field", "wholesale.credit_limit"),
            (["customers": []], "422 invalid_field", "customers"),
        ] as [(JSON, String, String)] {
            var body = cora.objectValue ?? JSONObject()
            for member in change.objectValue?.members ?? [] { body[member.key] = member.value }
            let reply = try await world.ask(
                .post, "/tenants", as: world.person(.owner), body: .object(body))
            #expect((reply.outcome, reply.field) == (outcome, field), "\(change): \(reply.body)")
        }
        let kept = try await world.ask(
            .post, "/tenants", as: world.person(.owner, of: 1), body: cora)
        #expect(kept.outcome == "403 forbidden")
        #expect(try await world.marks() == before)
    }

    @Test func `a tenant is closed, opened and renamed against its ETag, and nobody else's changes`()
        async throws
    {
        let world = try await AdminWorld(books: false)
        let owner = world.key(.owner)
        let brio = try await world.ask(.get, "/tenants/brio", as: owner)
        let first = try await world.ask(.get, "/tenants/alba", as: owner)
        let tag = try #require(first.headers[.eTag])
        let own = try await world.ask(
            .patch, "/tenants/alba", as: world.person(.owner, of: 1), [.ifMatch: tag],
            body: ["active": false])
        #expect(own.outcome == "403 forbidden")
        let key: HTTPFields = [.ifMatch: tag, .idempotencyKey: "close"]
        let closed = try await world.ask(
            .patch, "/tenants/alba", as: owner, key, body: ["active": false, "name": "Alba & Co"])
        #expect(closed.status == 200, "\(closed.body)")
        #expect(closed.json["active"] == false && closed.json["name"] == "Alba & Co")
        let again = try await world.ask(
            .patch, "/tenants/alba", as: owner, key, body: ["active": false, "name": "Alba & Co"])
        #expect((again.body, again.headers[.idempotencyHit]) == (closed.body, "true"))
        let stale = try await world.ask(
            .patch, "/tenants/alba", as: owner, [.ifMatch: tag], body: ["active": true])
        #expect(stale.outcome == "412 precondition_failed")
        #expect(try await world.ask(.patch, "/tenants/alba", as: owner, body: [:]).status == 428)
        let record = try #require(try await world.lastRecord(of: 1))
        #expect((record.action, record.objectID) == ("updateTenant", "alba"))
        #expect(record.before?["active"] == true && record.after?["active"] == false)
        let shown = try await world.ask(.get, "/tenants/alba", as: owner)
        #expect((shown.body, shown.headers[.eTag]) == (closed.body, closed.headers[.eTag]))
        let sandbox = try await world.ask(
            .patch, "/tenants/alba-sandbox", as: owner, [.ifMatch: "*"], body: ["active": false])
        #expect(sandbox.outcome == "409 sandbox_follows")
        #expect(try await world.ask(.get, "/tenants/brio", as: owner).body == brio.body)
        let open = try await world.ask(
            .patch, "/tenants/alba", as: owner, [.ifMatch: "*"], body: ["active": true])
        #expect(open.json["active"] == true)
    }

    @Test func `a sandbox that is switched on has what the tenant sells, and is closed again`() async throws {
        let world = try await AdminWorld(books: false)
        let owner = world.person(.owner)
        _ = try await world.ask(
            .post, "/tenants", as: owner, body: ["slug": "dora", "name": "Dora", "currency": "USD"])
        _ = try await world.make(.plan, 1, "dora")
        let on = try await world.ask(
            .patch, "/tenants/dora", as: owner, [.ifMatch: "*"], body: ["sandbox": true])
        #expect(on.json["sandbox"] == true, "\(on.body)")
        let plans = try await world.ask(.get, "/tenants/dora-sandbox/catalogue/plans", as: owner)
        #expect(plans.json["items"]?.arrayValue?.map { $0["code"] ?? .null } == ["p1"])
        try await world.expectShownIsWhatIs("dora")
        let off = try await world.ask(
            .patch, "/tenants/dora", as: owner, [.ifMatch: on.headers[.eTag] ?? ""],
            body: ["sandbox": false])
        #expect(off.json["sandbox"] == false)
        let twin = try await world.ask(.get, "/tenants/dora-sandbox", as: owner)
        #expect(twin.json["active"] == false)
        try await world.expectShownIsWhatIs("dora")
        let unchanged = try await world.ask(
            .patch, "/tenants/dora", as: owner, [.ifMatch: "*"], body: ["sandbox": false])
        #expect(unchanged.body == off.body)
        let log = try await world.ask(.get, "/tenants/dora/audit?action=updateTenant", as: owner)
        #expect(
            log.json["items"]?.arrayValue?.map { $0["after"] ?? .null }
                == [["sandbox": false], ["sandbox": true]])
    }

    @Test func `a wholesale credit limit is never less than what is spent of it`() async throws {
        let world = try await AdminWorld()
        let (owner, alba) = (world.person(.owner), TenantID(1))
        let brio = try await world.ask(.get, "/tenants/brio", as: owner)
        _ = try await world.buy(for: world.customer("cleo", in: alba), in: alba)
        func limit(_ amount: String) async throws -> AdminReply {
            try await world.ask(
                .patch, "/tenants/alba", as: owner, [.ifMatch: "*"],
                body: ["wholesale": ["credit_limit": .string(amount)]])
        }
        let low = try await limit("6.99 USD")
        #expect((low.outcome, low.field) == ("422 invalid_field", "wholesale.credit_limit"))
        let enough = try await limit("7.00 USD")
        #expect(enough.json["wholesale"]?["credit_limit"] == "7.00 USD", "\(enough.body)")
        #expect(try await world.ask(.get, "/tenants/brio", as: owner).body == brio.body)
        let log = try await world.ask(.get, "/tenants/alba/audit?action=updateTenant", as: owner)
        #expect(
            log.json["items"]?.arrayValue?.map { $0["before"] ?? .null }
                == [["wholesale": ["credit_limit": "100000.00 USD"]]])
        let own = try await world.ask(.get, "/tenants/alba", as: world.person(.owner, of: 1))
        #expect(own.body == enough.body)
    }
}
