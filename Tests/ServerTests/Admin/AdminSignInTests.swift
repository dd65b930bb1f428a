import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Signing in at the admin API", .database)
struct AdminSignInTests {
    private func credentials(
        _ email: String = "owner@example.test", _ password: String = AdminWorld.password,
        tenant: String? = nil, code: String? = nil
    ) -> JSON {
        var body = JSONObject()
        body["email"] = .string(email)
        body["password"] = .string(password)
        if let tenant { body["tenant"] = .string(tenant) }
        if let code { body["code"] = .string(code) }
        return .object(body)
    }

    @Test func `the right password opens the books of its own side and no others`() async throws {
        let world = try await AdminWorld()
        let platform = try await world.ask(.post, "/sessions", body: credentials("OWNER@example.test"))
        #expect(platform.status == 201)
        #expect(platform.json["expires_at"] == "2026-01-31T12:00:00.000Z")
        let token = try #require(platform.json["token"]?.stringValue)
        let me = try await world.ask(.get, "/me", token: token)
        #expect((me.json["role"], me.json["tenant"]) == ("owner", .null))

        let brio = try await world.ask(.post, "/sessions", body: credentials(tenant: "brio"))
        let own = try #require(brio.json["token"]?.stringValue)
        #expect(try await world.ask(.get, "/me", token: own).json["tenant"] == "brio")
        #expect(try await world.ask(.get, "/tenants/brio", token: own).status == 200)
        #expect(try await world.ask(.get, "/tenants/alba", token: own).outcome == "404 not_found")
        #expect(try await world.ask(.get, "/people", token: own).outcome == "403 forbidden")
    }

    @Test func `unknown people, tenants and passwords get one answer, and so does whoever is closed`()
        async throws
    {
        let world = try await AdminWorld()
        try await world.tenants.execute(
            "UPDATE staff SET active = false WHERE tenant_id = 0 AND role = 'support'")
        let refused = [
            credentials("nobody@example.test"), credentials(tenant: "nowhere"),
            credentials("owner@example.test", "wrong horse battery"),
            credentials("support@example.test"),
            credentials("not an address"), credentials(DoorTenant.email, tenant: "alba"),
        ]
        for body in refused {
            let reply = try await world.ask(.post, "/sessions", body: body)
            #expect(reply.outcome == "401 invalid_credentials", "\(body)")
        }
    }

    @Test(
        arguments: [
            (.string("text"), "400 invalid_json", nil), ([:], "422 invalid_field", "email"),
            (["email": 7], "422 invalid_field", "email"),
            (["email": "a@b"], "422 invalid_field", "password"),
            (["email": "a@b", "password": ""], "422 invalid_field", "password"),
            (["email": "a@b", "password": "p", "pasword": "p"], "422 invalid_field", "pasword"),
            (["email": "a@b", "password": "p", "code": 1], "422 invalid_field", "code"),
        ] as [(JSON, String, String?)])
    func `a body that is wrong says which field is`(body: JSON, outcome: String, field: String?) async throws
    {
        let world = try await AdminWorld()
        let reply = try await world.ask(.post, "/sessions", body: body)
        #expect((reply.outcome, reply.field) == (outcome, field))
        #expect(reply.json["error"]?["request_id"]?.stringValue == reply.headers[.requestID])
    }

    @Test func `attempts are counted by caller and by person, each tenant apart`() async throws {
        var limits = SignInLimits()
        limits.perAddress = .sliding(limit: 4, window: 60_000)
        limits.perEmail = .sliding(limit: 2, window: 60_000)
        let world = try await AdminWorld(limits: limits)
        func attempt(_ tenant: String?, from peer: String) async throws -> AdminReply {
            try await world.ask(
                .post, "/sessions", body: credentials("owner@example.test", "wrong horse", tenant: tenant),
                from: peer)
        }
        #expect(try await attempt("alba", from: "192.0.2.1").status == 401)
        #expect(try await attempt("alba", from: "192.0.2.2").status == 401)
        let third = try await attempt("alba", from: "192.0.2.3")
        #expect(third.outcome == "429 rate_limited")
        #expect(Int(third.headers[.retryAfter] ?? "") ?? 0 > 0)
        #expect(try await attempt("brio", from: "192.0.2.3").status == 401)
        world.clock.advance(milliseconds: 62_000)
        #expect(
            try await world.ask(.post, "/sessions", body: credentials(tenant: "alba")).status == 201)
    }

    @Test func `a customer's token opens no books, and a session of staff no shop`() async throws {
        let world = try await AdminWorld()
        let customers = Sessions(
            pool: world.database.pool(.door), cache: PrincipalCache(), clock: world.clock,
            random: SeededRandom(), installationKey: .init(data: DoorWorld.installationKey),
            audiences: [AdminAPI.name])
        let alba = world.tenants.alba
        let token = try await customers.issue(
            for: alba.user, of: alba.customer, role: .admin, tenant: alba.id)
        #expect(try await world.ask(.get, "/me", token: token.text).outcome == "401 unauthorized")
        for staff in [world.person(.owner), world.person(.owner, of: 1)] {
            #expect(
                try await customers.principal(
                    for: staff.token, tenant: alba.id, dialect: Sessions.account) == nil)
        }
    }

    @Test(arguments: ["password", "role", "active", "signOut"])
    func `a session is over as soon as its person has changed`(what: String) async throws {
        let world = try await AdminWorld()
        let (owner, finance) = (world.person(.owner, of: 1), world.person(.finance, of: 1))
        let path = "/tenants/alba/people/\(finance.actor.id)"
        #expect(try await world.ask(.get, "/me", as: finance).status == 200)
        let change: JSON? =
            switch what {
            case "password": ["password": "another horse battery"]
            case "role": ["role": "support"]
            case "active": ["active": false]
            default: nil
            }
        let reply =
            if let change {
                try await world.ask(.patch, path, as: owner, [.ifMatch: "*"], body: change)
            } else {
                try await world.ask(.delete, "/sessions", as: finance)
            }
        #expect(reply.status == 200)
        #expect(try await world.ask(.get, "/me", as: finance).outcome == "401 unauthorized")
        // Brio's finance, of the same address, goes on.
        #expect(try await world.ask(.get, "/me", as: world.person(.finance, of: 2)).status == 200)
    }

    @Test func `a session is over when its time is`() async throws {
        let world = try await AdminWorld()
        let owner = world.person(.owner)
        world.clock.advance(milliseconds: 12 * 3_600_000 - 1)
        #expect(try await world.ask(.get, "/me", as: owner).status == 200)
        world.clock.advance(milliseconds: 1)
        #expect(try await world.ask(.get, "/me", as: owner).outcome == "401 unauthorized")
    }
}
