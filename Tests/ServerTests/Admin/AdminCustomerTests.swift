import HTTPTypes
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Customers, as staff work with them", .database)
struct AdminCustomerTests {
    @Test func `a customer is made once, found, renamed and closed, each with a record`() async throws {
        let world = try await AdminWorld()
        let support = world.person(.support, of: 1)
        let body: JSON = ["email": "Cleo@Example.test", "username": "cleo"]
        let made = try await world.ask(.post, "/tenants/alba/customers", as: support, body: body)
        #expect((made.status, made.json["email"]) == (201, "cleo@example.test"))
        let id = try #require(made.json["id"]?.stringValue)
        let again = try await world.ask(.post, "/tenants/alba/customers", as: support, body: body)
        #expect((again.outcome, again.field) == ("409 email_taken", "email"))
        let namesake = try await world.ask(
            .post, "/tenants/alba/customers", as: support,
            body: ["email": "other@example.test", "username": "cleo"])
        #expect((namesake.outcome, namesake.field) == ("409 username_taken", "username"))
        // The same person may buy elsewhere.
        let elsewhere = try await world.ask(
            .post, "/tenants/brio/customers", as: world.person(.support, of: 2), body: body)
        #expect(elsewhere.status == 201)

        let path = "/tenants/alba/customers/\(id)"
        let shown = try await world.ask(.get, path, as: support)
        #expect(shown.headers[.eTag] == made.headers[.eTag])
        let tag = try #require(shown.headers[.eTag])
        let closed = try await world.ask(
            .patch, path, as: support, [.ifMatch: tag], body: ["username": "cleopatra", "active": false])
        #expect((closed.json["username"], closed.json["active"]) == ("cleopatra", false))
        let stale = try await world.ask(.patch, path, as: support, [.ifMatch: tag], body: ["active": true])
        #expect(stale.outcome == "412 precondition_failed")
        let record = try #require(try await world.lastRecord(of: 1))
        #expect((record.action, record.objectID) == ("updateCustomer", id))
        #expect(record.before == ["active": true, "username": "cleo"])
        #expect(record.after == ["active": false, "username": "cleopatra"])

        for (query, names) in [
            ("email=cleo@example.test", ["cleopatra"]), ("username=ann", ["ann"]),
            ("active=false", ["cleopatra"]),
            ("active=true", ["ann"]), ("username=nobody", []),
        ] as [(String, [JSON])] {
            let list = try await world.ask(.get, "/tenants/alba/customers?\(query)", as: support)
            #expect(list.json["items"]?.arrayValue?.map { $0["username"] ?? .null } == names, "\(query)")
        }
        let wrong = try await world.ask(.get, "/tenants/alba/customers?active=yes", as: support)
        #expect((wrong.outcome, wrong.field) == ("400 invalid_query", "active"))
    }

    @Test(
        arguments: [
            (["email": "nobody", "username": "x"], "email"), (["email": "a@b.test"], "username"),
            (["email": "a@b.test", "username": ""], "username"),
            (["email": "a@b.test", "username": "with space"], "username"),
            (["email": "a@b.test", "username": "x", "balance": "1.00 USD"], "balance"),
        ] as [(JSON, String)])
    func `what is wrong with a new customer is said by field`(body: JSON, field: String) async throws {
        let world = try await AdminWorld()
        let reply = try await world.ask(
            .post, "/tenants/alba/customers", as: world.person(.owner), body: body)
        #expect((reply.outcome, reply.field) == ("422 invalid_field", field))
    }

    @Test func `nothing of another tenant's is there, whatever is named`() async throws {
        let world = try await AdminWorld()
        let bought = try await world.buy(for: world.customer("cleo", in: TenantID(1)), in: TenantID(1))
        let brio = world.person(.owner, of: 2)
        let paths: [(HTTPRequest.Method, String, JSON?)] = [
            (.get, "/customers/\(bought.customer)", nil),
            (.get, "/customers/\(bought.customer)/balance", nil),
            (.get, "/customers/\(bought.customer)/statement", nil),
            (.get, "/customers/\(bought.customer)/keys", nil),
            (.patch, "/customers/\(bought.customer)", ["active": false]),
            (.patch, "/customers/\(bought.customer)/credit-limit", ["credit_limit": "1.00"]),
            (
                .post, "/customers/\(bought.customer)/credits",
                ["amount": "1.00", "reference": "r", "reason": "x"]
            ),
            (.post, "/customers/\(bought.customer)/keys", ["dialect": "gate"]),
            (.get, "/orders/\(bought.order)", nil), (.post, "/orders/\(bought.order)/refund", [:]),
            (.get, "/orders/\(bought.order)/refund-preview", nil),
            (.get, "/subscriptions/\(bought.subscription)", nil),
            (.patch, "/subscriptions/\(bought.subscription)", ["note": "mine"]),
            (.post, "/subscriptions/\(bought.subscription)/cancel", ["way": "now"]),
            (.post, "/subscriptions/\(bought.subscription)/change-plan", ["plan": "plus"]),
            (.get, "/gateways/\(try await world.gateway(of: TenantID(1)))", nil),
        ]
        let before = try await world.rows()
        for (method, path, body) in paths {
            for (slug, visitor) in [("brio", brio), ("alba", brio), ("brio", world.person(.owner))] {
                let reply = try await world.ask(
                    method, "/tenants/\(slug)\(path)", as: visitor, [.ifMatch: "*"], body: body)
                #expect(reply.outcome == "404 not_found", "\(path) at \(slug)")
            }
        }
        let after = try await world.rows()
        #expect(before == after)
    }

    @Test func `a key is made with its bounds, shown once, and revoked once`() async throws {
        let world = try await AdminWorld()
        let (support, customer) = (world.person(.support, of: 1), world.tenants.alba.customer)
        let path = "/tenants/alba/customers/\(customer)/keys"
        let made = try await world.ask(
            .post, path, as: support, [.idempotencyKey: "key-1"],
            body: [
                "dialect": "gate", "scopes": ["buy", "read"], "trials": true, "rate_limit": "120/1m",
                "expires_at": "2026-03-01T00:00:00Z", "allowed_sources": ["192.0.2.0/24"],
            ])
        let text = try #require(made.json["text"]?.stringValue)
        let id = try #require(made.json["key"]?["id"]?.stringValue)
        #expect(made.json["key"]?["scopes"] == ["buy", "read"])
        #expect(made.json["key"]?["allowed_sources"] == ["192.0.2.0/24"])
        let rows = try await world.rows()
        #expect(!rows.contains(text))
        // A door lets it in, from where it may be used and while it lasts.
        let pool = world.database.pool(.door, threads: 1)
        func isGood(at tenant: Int64, from address: String) async throws -> Bool {
            let door = APIKeyAuthenticator(pool: pool, cache: PrincipalCache(), clock: world.clock)
            return try await door.principal(
                for: text, tenant: TenantID(tenant), dialect: Gate.name, from: address) != nil
        }
        #expect(try await isGood(at: 1, from: "192.0.2.9"))
        #expect(try await !isGood(at: 1, from: "198.51.100.9"))
        #expect(try await !isGood(at: 2, from: "192.0.2.9"))
        let list = try await world.ask(.get, path, as: support)
        #expect(list.json["items"] == [made.json["key"] ?? .null])
        #expect(made.json["key"]?["label"] == .null && made.json["key"]?["made_by"] == .null)
        let revoked = try await world.ask(.post, "\(path)/\(id)/revoke", as: support)
        #expect(revoked.json["revoked_at"]?.stringValue != nil)
        #expect(try await !isGood(at: 1, from: "192.0.2.9"))
        let again = try await world.ask(
            .post, "\(path)/\(id)/revoke", as: support, [.idempotencyKey: "revoke"])
        #expect(again.json == revoked.json)
        let records = try await world.ask(
            .get, "/tenants/alba/audit?object=customer_key", as: world.person(.owner))
        #expect(
            records.json["items"]?.arrayValue?.map { $0["action"] ?? .null }
                == ["revokeCustomerKey", "createCustomerKey"])
        #expect(!records.body.contains(text))

        let sandbox = try await world.customer("cleo", in: TenantID(3))
        let test = try await world.ask(
            .post, "/tenants/alba-sandbox/customers/\(sandbox)/keys", as: support, body: ["dialect": "gate"])
        #expect(Gate.keyForm.environment(of: test.json["text"]?.stringValue ?? "") == .test)
        for (body, field) in [
            (["dialect": "octoprox"], "dialect"), (["dialect": "gate", "scopes": ["Buy now"]], "scopes"),
            (["dialect": "gate", "rate_limit": "often"], "rate_limit"),
            (["dialect": "gate", "expires_at": "2026-01-01T00:00:00Z"], "expires_at"),
        ] as [(JSON, String)] {
            let reply = try await world.ask(.post, path, as: support, body: body)
            #expect((reply.outcome, reply.field) == ("422 invalid_field", field))
        }
    }

    /// What a customer's own people call their keys, and which of them made which, staff see too.
    @Test func `the label of a key and who made it are shown`() async throws {
        let world = try await AdminWorld()
        let (ids, now) = (world.admin.ids, world.clock.now())
        let (id, maker): (APIKeyID, UserID) = (ids.next(at: now), ids.next(at: now))
        let customer = world.tenants.alba.customer
        try await world.tenants.execute(
            """
            INSERT INTO api_keys (hash, tenant_id, id, customer_id, dialect, hint, label, made_by, created_at)
            VALUES (\(CredentialDigest(of: "labelled").bytes), 1, \(id), \(customer), 'gate', 'rk_…', 'till 3',
                \(maker), \(now))
            """)
        let list = try await world.ask(
            .get, "/tenants/alba/customers/\(customer)/keys", as: world.key(.support, of: 1))
        let key = list.json["items"]?.arrayValue?.first { $0["label"] == "till 3" }
        #expect(key?["made_by"] == .string(maker.description))
    }
}
