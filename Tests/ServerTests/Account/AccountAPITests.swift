import HTTPTypes
import Primitives
import Provisioning
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Notes what it was asked to compare with; nothing is ever right.
private final class NotingHasher: SecretHasher {
    let asked = Mutex<[String?]>([])
    func hash(_ password: String) async throws -> String { password }
    func verify(_ password: String, _ encoded: String?) async throws -> Bool {
        asked.withLock { $0.append(encoded) }
        return false
    }
}

@Suite("Signing in", .database)
struct AccountAPITests {
    private static let password = "correct horse battery"
    private let json: HTTPFields = [.contentType: "application/json; charset=utf-8"]

    private func world(_ limits: SignInLimits = SignInLimits()) async throws -> DoorWorld {
        try await DoorWorld(try #require(TestDatabase.current), password: Self.password, limits: limits)
    }

    private func body(_ email: String, _ password: String = AccountAPITests.password) -> String {
        #"{"email":"\#(email)","password":"\#(password)"}"#
    }

    private func code(_ answer: SeenAnswer) throws -> String? {
        try JSON.parse(answer.body.utf8)["error"]?["code"]?.stringValue
    }

    @Test func `the right password opens a session of its own tenant`() async throws {
        let world = try await world()
        let answer = try await world.ask(
            .post, "/t/brio/account/v1/sessions", json, body: body(DoorTenant.email))

        #expect(answer.status == 201)
        let said = try JSON.parse(answer.body.utf8)
        #expect(said["token_type"] == "Bearer")
        #expect(said["expires_at"] == "2026-02-01T00:00:00.000Z")
        let token = try #require(said["token"]?.stringValue)
        let brio = world.tenants.brio
        let principal = try await world.sessions.principal(
            for: token, tenant: brio.id, dialect: TinyDialect.name)
        #expect(principal?.customer == brio.customer)
        #expect(
            try await world.sessions.principal(
                for: token, tenant: world.tenants.alba.id, dialect: TinyDialect.name) == nil)
    }

    @Test func `an address may be typed in capitals`() async throws {
        let world = try await world()
        let answer = try await world.ask(
            .post, "/t/alba/account/v1/sessions", json, body: body(DoorTenant.email.uppercased()))
        #expect(answer.status == 201)
    }

    @Test func `an unknown address, a wrong password and a closed account get the same answer`() async throws
    {
        let world = try await world()
        let wrong = try await world.ask(
            .post, "/t/alba/account/v1/sessions", json, body: body(DoorTenant.email, "wrong"))
        let unknown = try await world.ask(
            .post, "/t/alba/account/v1/sessions", json, body: body("nobody@example.test"))
        try await world.tenants.execute("UPDATE customers SET active = false WHERE tenant_id = 1")
        let closed = try await world.ask(
            .post, "/t/alba/account/v1/sessions", json, body: body(DoorTenant.email))

        #expect((wrong.status, try code(wrong)) == (401, "invalid_credentials"))
        #expect((unknown.status, unknown.body) == (wrong.status, wrong.body))
        #expect((closed.status, closed.body) == (wrong.status, wrong.body))
    }

    @Test(arguments: [
        ("", "invalid_json"), ("{", "invalid_json"), ("[]", "invalid_body"), ("{}", "invalid_email"),
        (#"{"email":7,"password":"p"}"#, "invalid_email"),
        (#"{"email":"no-at","password":"p"}"#, "invalid_email"),
        (#"{"email":"a@b"}"#, "invalid_password"), (#"{"email":"a@b","password":""}"#, "invalid_password"),
        (#"{"email":"a@b","email":"a@b","password":"p"}"#, "invalid_json"),
    ])
    func `a body that says nothing useful is a 400 that says what`(
        body: String, expected: String
    ) async throws {
        let world = try await world()
        let answer = try await world.ask(.post, "/t/alba/account/v1/sessions", json, body: body)
        #expect((answer.status, try code(answer)) == (400, expected))
    }

    @Test func `the path, the method, the type and the size are checked in neutral words`() async throws {
        let world = try await world()
        let unknown = try await world.ask(.get, "/t/alba/account/v1/nothing")
        #expect((unknown.status, try code(unknown)) == (404, "not_found"))
        let method = try await world.ask(.get, "/t/alba/account/v1/sessions")
        #expect((method.status, try code(method)) == (405, "method_not_allowed"))
        #expect(method.headers[.allow] == "POST, DELETE")
        let type = try await world.ask(
            .post, "/t/alba/account/v1/sessions", [.contentType: "text/plain"], body: body(DoorTenant.email))
        #expect((type.status, try code(type)) == (415, "unsupported_media_type"))
        let size = try await world.ask(
            .post, "/t/alba/account/v1/sessions", json, body: String(repeating: " ", count: 70_000))
        #expect((size.status, try code(size)) == (413, "body_too_large"))
        let tenant = try await world.ask(
            .post, "/t/nobody/account/v1/sessions", json, body: body(DoorTenant.email))
        #expect((tenant.status, try code(tenant)) == (404, "not_found"))
    }

    @Test func `attempts are counted by caller and by address, each tenant apart`() async throws {
        var limits = SignInLimits()
        limits.perAddress = .sliding(limit: 3, window: 60_000)
        limits.perEmail = .sliding(limit: 2, window: 60_000)
        let world = try await world(limits)
        func attempt(_ tenant: String, _ email: String, from peer: String) async throws -> SeenAnswer {
            try await world.ask(
                .post, "/t/\(tenant)/account/v1/sessions", json, body: body(email, "wrong"), from: peer)
        }
        // The third for Ann is one too many, wherever it comes from …
        #expect(try await attempt("alba", DoorTenant.email, from: "192.0.2.1").status == 401)
        #expect(try await attempt("alba", DoorTenant.email.uppercased(), from: "192.0.2.2").status == 401)
        let refused = try await attempt("alba", DoorTenant.email, from: "192.0.2.3")
        #expect((refused.status, try code(refused)) == (429, "rate_limited"))
        #expect(Int(refused.headers[.retryAfter] ?? "") ?? 0 > 0)
        // … and the fourth from one caller, whomever it is for.
        for number in 0..<2 {
            #expect(try await attempt("alba", "x\(number)@y.z", from: "192.0.2.1").status == 401)
        }
        #expect(try await attempt("alba", "x9@y.z", from: "192.0.2.1").status == 429)
        // Brio's Ann is another person.
        #expect(try await attempt("brio", DoorTenant.email, from: "192.0.2.1").status == 401)

        world.clock.advance(milliseconds: 62_000)
        let later = try await world.ask(
            .post, "/t/alba/account/v1/sessions", json, body: body(DoorTenant.email))
        #expect(later.status == 201)
    }

    @Test func `an unknown address is work for the hasher too, and a used-up count is none`() async throws {
        let world = try await world()
        let hasher = NotingHasher()
        var limits = SignInLimits()
        limits.perAddress = .sliding(limit: 2, window: 60_000)
        let seal = Seal(InstallationKey(id: 1, bytes: DoorWorld.installationKey)!)
        let signIn = SignIn(
            proving: Proving(
                pool: world.database.pool(.account), hasher: hasher,
                secrets: AuthenticatorSecrets(seal: seal), limiter: SlidingWindowLimiter(),
                clock: world.clock),
            sessions: world.sessions, limits: limits)
        for email in ["nobody@example.test", DoorTenant.email, "third@example.test"] {
            _ = try await signIn.attempt(
                .init(email: email, password: "p"), from: "192.0.2.1", tenant: world.tenants.alba.id)
        }
        let asked = hasher.asked.withLock { $0 }
        #expect(asked.count == 2)
        #expect(asked.first == .some(nil))
        #expect(asked.last??.hasPrefix("$argon2id$") == true)
    }
}
