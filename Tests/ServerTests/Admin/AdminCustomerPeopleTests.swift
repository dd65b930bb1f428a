import HTTPTypes
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("The people who sign in for customers, as staff work with them", .database)
struct AdminCustomerPeopleTests {
    /// Whom a pair of address and password lets in at the account API, in a process that remembers nothing.
    private func signIn(
        _ world: AdminWorld, _ email: String, _ password: String, tenant: Int64 = 1
    ) async throws -> SignIn.Result {
        let parts = DoorParts(world.database)
        let proving = Proving(
            pool: world.database.pool(.account), hasher: DoorWorld.hasher,
            secrets: AuthenticatorSecrets(seal: parts.seal), limiter: SlidingWindowLimiter(),
            clock: world.clock)
        return try await SignIn(proving: proving, sessions: parts.sessions).attempt(
            SignIn.Credentials(email: email, password: password), from: "192.0.2.1",
            tenant: TenantID(tenant))
    }

    private func isGood(_ token: String, _ world: AdminWorld) async throws -> Bool {
        try await DoorParts(world.database).sessions.principal(
            for: token, tenant: TenantID(1), dialect: Sessions.account) != nil
    }

    private func token(_ result: SignIn.Result) throws -> String {
        guard case .signedIn(let token) = result else {
            Issue.record("\(result)")
            return ""
        }
        return token.text
    }

    private func path(_ world: AdminWorld) -> String {
        "/tenants/alba/customers/\(world.tenants.alba.customer)/people"
    }

    private let eve: JSON = ["username": "eve", "email": "Eve@example.test", "role": "editor"]

    @Test func `somebody is let in once, with a password that is shown this once`() async throws {
        let world = try await AdminWorld()
        let support = world.person(.support, of: 1)
        let key: HTTPFields = [.idempotencyKey: "eve"]
        let made = try await world.ask(.post, path(world), as: support, key, body: eve)
        let again = try await world.ask(.post, path(world), as: support, key, body: eve)
        #expect((made.status, made.body) == (201, again.body))
        #expect(again.headers[.idempotencyHit] == "true")
        let password = try #require(made.json["password"]?.stringValue)
        #expect(made.json["person"]?["email"] == "eve@example.test")
        #expect(made.json["person"]?["role"] == "editor" && made.json["person"]?["active"] == true)
        _ = try token(try await signIn(world, "eve@example.test", password))
        #expect(try await signIn(world, "eve@example.test", password, tenant: 2) == .refused)
        let record = try #require(try await world.lastRecord(of: 1))
        #expect((record.action, record.object) == ("createCustomerPerson", "customer_person"))
        let list = try await world.ask(.get, path(world), as: world.key(.readOnly, of: 1))
        #expect(
            list.json["items"]?.arrayValue?.map { $0["username"] ?? .null } == ["eve", "ann"])
        let log = try await world.ask(.get, "/tenants/alba/audit", as: support)
        #expect(log.outcome == "403 forbidden")
        // Neither the password nor anything made of it is on record or shown.
        let audit = try await world.ask(.get, "/tenants/alba/audit", as: world.person(.owner, of: 1))
        for text in [audit.body, list.body] {
            #expect(!text.contains(password) && !text.contains("hash") && !text.contains("argon"))
        }
    }

    @Test func `what is wrong with a new person is said by field, and nobody is made`() async throws {
        let world = try await AdminWorld()
        let support = world.person(.support, of: 1)
        let before = try await world.marks()
        for (body, outcome, field) in [
            (["username": "eve", "email": "no", "role": "editor"], "422 invalid_field", "email"),
            (["username": "e e", "email": "e@x.test", "role": "editor"], "422 invalid_field", "username"),
            (["username": "eve", "email": "e@x.test", "role": "owner"], "422 invalid_field", "role"),
            (["username": "eve", "email": "e@x.test"], "422 invalid_field", "role"),
            (
                ["username": "eve", "email": "e@x.test", "role": "editor", "password": "short"],
                "422 invalid_field", "password"
            ),
            (["username": "ann", "email": "e@x.test", "role": "editor"], "409 username_taken", "username"),
            (
                ["username": "eve", "email": .string(DoorTenant.email), "role": "editor"],
                "409 email_taken", "email"
            ),
        ] as [(JSON, String, String)] {
            let reply = try await world.ask(.post, path(world), as: support, body: body)
            #expect((reply.outcome, reply.field) == (outcome, field))
        }
        let toy = try await world.customer("toy", in: TenantID(3))
        let marks = try await world.marks()
        let sandbox = try await world.ask(
            .post, "/tenants/alba-sandbox/customers/\(toy)/people", as: support, body: eve)
        #expect(sandbox.outcome == "409 sandbox_follows")
        #expect(try await world.marks() == marks && marks != before)
    }

    @Test func `a role, an address and whether somebody may come in are changed against the ETag`()
        async throws
    {
        let world = try await AdminWorld()
        let support = world.key(.support, of: 1)
        let made = try await world.ask(.post, path(world), as: support, body: eve)
        let password = made.json["password"]?.stringValue ?? ""
        let one = "\(path(world))/\(made.json["person"]?["id"]?.stringValue ?? "")"
        let session = try token(try await signIn(world, "eve@example.test", password))
        let tag = try #require(try await world.ask(.get, one, as: support).headers[.eTag])
        let finance = try await world.ask(
            .patch, one, as: world.person(.finance, of: 1), [.ifMatch: "*"], body: ["role": "admin"])
        #expect(finance.outcome == "403 forbidden")
        let changed = try await world.ask(
            .patch, one, as: support, [.ifMatch: tag], body: ["role": "viewer", "active": false])
        #expect(changed.json["role"] == "viewer" && changed.json["active"] == false)
        let stale = try await world.ask(
            .patch, one, as: support, [.ifMatch: tag], body: ["active": true])
        #expect(stale.outcome == "412 precondition_failed")
        #expect(try await world.ask(.patch, one, as: support, body: ["active": true]).status == 428)
        #expect(try await !isGood(session, world))
        #expect(try await signIn(world, "eve@example.test", password) == .refused)
        let record = try #require(try await world.lastRecord(of: 1))
        #expect(record.before == ["role": "editor", "active": true])
        #expect(record.after == ["role": "viewer", "active": false])
        let taken = try await world.ask(
            .patch, one, as: support, [.ifMatch: "*"], body: ["email": .string(DoorTenant.email)])
        #expect((taken.outcome, taken.field) == ("409 email_taken", "email"))
        let back = try await world.ask(
            .patch, one, as: support, [.ifMatch: "*"], body: ["active": true, "email": "e@x.test"])
        #expect(back.status == 200)
        _ = try token(try await signIn(world, "e@x.test", password))
    }

    @Test func `another password ends the sessions, and stays when the file comes again`() async throws {
        let world = try await AdminWorld()
        let support = world.person(.support, of: 1)
        let made = try await world.ask(.post, path(world), as: support, body: eve)
        let old = made.json["password"]?.stringValue ?? ""
        let id = made.json["person"]?["id"]?.stringValue ?? ""
        let session = try token(try await signIn(world, "eve@example.test", old))
        let reset = "\(path(world))/\(id)/password/reset"
        let bare = try await world.ask(.post, reset, as: support)
        #expect(bare.status == 400)
        #expect(try await world.ask(.post, reset, as: support, body: [:]).field == "reason")
        let given = try await world.ask(
            .post, reset, as: support, [.idempotencyKey: "p"], body: ["reason": "she called"])
        let again = try await world.ask(
            .post, reset, as: support, [.idempotencyKey: "p"], body: ["reason": "she called"])
        #expect((given.status, given.body) == (200, again.body))
        let new = try #require(given.json["password"]?.stringValue)
        #expect(try await !isGood(session, world))
        #expect(try await signIn(world, "eve@example.test", old) == .refused)
        _ = try token(try await signIn(world, "eve@example.test", new))
        let record = try #require(try await world.lastRecord(of: 1))
        #expect(record.action == "resetCustomerPersonPassword" && record.objectID == id)
        #expect(record.after == ["reason": "she called", "password_changed": true])
        let kinds = try await world.database.owner.run { connection in
            try connection.query(
                "SELECT kind FROM outbox_events WHERE tenant_id = 1 AND payload->>'person' = \(id)"
            ).map { try $0.get(0, as: String.self) }
        }
        #expect(kinds == ["person.password_changed"])
        // What later files are compared with is the password that the first one had.
        let applied: String? = try await world.database.owner.run { connection in
            try connection.query(
                "SELECT applied_password_hash FROM customer_users WHERE tenant_id = 1 AND username = 'eve'")[
                    0
                ]
                .get(0)
        }
        #expect(try await DoorWorld.hasher.verify(old, applied))
        let chosen = try await world.ask(
            .post, reset, as: support, body: ["reason": "again", "password": "another horse battery"])
        #expect(chosen.json["password"] == .null)
        _ = try token(try await signIn(world, "eve@example.test", "another horse battery"))
    }

    @Test func `codes of somebody who lost their app are turned off once, for a reason`() async throws {
        let world = try await AdminWorld()
        let support = world.person(.support, of: 1)
        let made = try await world.ask(.post, path(world), as: support, body: eve)
        let password = made.json["password"]?.stringValue ?? ""
        let id = made.json["person"]?["id"]?.stringValue ?? ""
        let reset = "\(path(world))/\(id)/second-factor/reset"
        let reason: JSON = ["reason": "lost her phone, seen in the shop"]
        let off = try await world.ask(.post, reset, as: support, body: reason)
        #expect(off.outcome == "409 second_factor_off")
        let session = try token(try await signIn(world, "eve@example.test", password))
        let person = try #require(IdentifierBits(uuidString: id).map(UserID.init(bits:)))
        for tenant in [1, 2] as [Int64] {
            try await world.tenants.execute(
                """
                INSERT INTO customer_recovery_codes (tenant_id, user_id, digest, made_at)
                VALUES (\(tenant), \(person), sha256('code'), \(world.clock.now()))
                """)
        }
        try await world.tenants.execute(
            """
            UPDATE customer_users SET totp_secret = '\\x00', totp_confirmed_at = \(world.clock.now()), totp_last_step = 1
            WHERE tenant_id = 1 AND id = \(person)
            """)
        #expect(try await signIn(world, "eve@example.test", password) == .codeRequired)
        #expect(try await world.ask(.post, reset, as: support, body: [:]).field == "reason")
        let finance = try await world.ask(.post, reset, as: world.key(.finance, of: 1), body: reason)
        #expect(finance.outcome == "403 forbidden")
        let key: HTTPFields = [.idempotencyKey: "f"]
        let done = try await world.ask(.post, reset, as: support, key, body: reason)
        #expect((done.status, done.json["second_factor"]) == (200, false))
        #expect(try await world.ask(.post, reset, as: support, key, body: reason).body == done.body)
        #expect(try await !isGood(session, world))
        _ = try token(try await signIn(world, "eve@example.test", password))
        let left = try await world.database.owner.run { connection in
            try connection.query("SELECT tenant_id FROM customer_recovery_codes").map {
                try $0.get(0, as: Int64.self)
            }
        }
        #expect(left == [2])
        let record = try #require(try await world.lastRecord(of: 1))
        #expect(record.before == ["second_factor": true])
        #expect(record.after == ["reason": reason["reason"] ?? .null, "second_factor": false])
    }

    @Test func `another tenant's people, and another customer's, are not there`() async throws {
        let world = try await AdminWorld()
        let (ann, cleo) = (world.tenants.alba.user, try await world.customer("cleo", in: TenantID(1)))
        let (alba, brio) = (world.tenants.alba.customer, world.key(.owner, of: 2))
        let before = try await world.marks()
        for (slug, customer, visitor) in [
            ("brio", alba, brio), ("alba", alba, brio), ("alba", cleo, world.key(.owner, of: 1)),
            ("brio", world.tenants.brio.customer, brio),
        ] {
            let one = "/tenants/\(slug)/customers/\(customer)/people/\(ann)"
            for (method, tail, body) in [
                (.get, "", nil), (.patch, "", ["active": false]),
                (.post, "/password/reset", ["reason": "x"]),
                (.post, "/second-factor/reset", ["reason": "x"]),
            ] as [(HTTPRequest.Method, String, JSON?)] {
                let reply = try await world.ask(
                    method, one + tail, as: visitor, [.ifMatch: "*"], body: body)
                #expect(reply.outcome == "404 not_found")
            }
        }
        #expect(try await world.marks() == before)
    }
}
