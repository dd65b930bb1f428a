import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("The second factor of staff", .database)
struct AdminSecondFactorTests {
    private static let password = AdminWorld.password

    private func signIn(
        _ world: AdminWorld, tenant: String? = nil, code: String? = nil
    ) async throws -> AdminReply {
        var body = JSONObject()
        if let tenant { body["tenant"] = .string(tenant) }
        body["email"] = "owner@example.test"
        body["password"] = .string(Self.password)
        if let code { body["code"] = .string(code) }
        return try await world.ask(.post, "/sessions", body: .object(body))
    }

    private func code(_ secret: OneTimeSecret, _ world: AdminWorld) -> String {
        OneTimeCode(of: secret, at: OneTimeStep(at: world.clock.now())).text
    }

    /// Turns it on for the platform's owner; the secret, the recovery codes and a session that takes a code.
    private func turnOn(_ world: AdminWorld) async throws -> (OneTimeSecret, [String]) {
        let owner = world.person(.owner)
        let offer = try await world.ask(
            .post, "/me/second-factor", as: owner, body: ["password": .string(Self.password)])
        let spelling = try #require(offer.json["secret"]?.stringValue)
        let secret = try #require(OneTimeSecret(bytes: Base32.decode(spelling) ?? []))
        #expect(offer.json["uri"] == .string(secret.uri(issuer: "Tollgate", person: "owner@example.test")))
        // Begun is not on.
        #expect(try await signIn(world).status == 201)
        let confirmed = try await world.ask(
            .post, "/me/second-factor/confirm", as: owner, body: ["code": .string(code(secret, world))])
        let codes = confirmed.json["recovery_codes"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(codes.count == RecoveryCode.batch)
        #expect(try await world.ask(.get, "/me", as: owner).outcome == "401 unauthorized")
        return (secret, codes)
    }

    @Test func `once it is on, signing in takes a code, and each code once`() async throws {
        let world = try await AdminWorld()
        let (secret, _) = try await turnOn(world)
        #expect(try await signIn(world).outcome == "401 code_required")
        // The very code that turned it on is used up.
        #expect(try await signIn(world, code: code(secret, world)).outcome == "401 invalid_code")
        world.clock.advance(milliseconds: 30_000)
        let fresh = code(secret, world)
        #expect(try await signIn(world, code: "12345").outcome == "401 invalid_code")
        #expect(try await signIn(world, code: fresh).status == 201)
        #expect(try await signIn(world, code: fresh).outcome == "401 invalid_code")
    }

    @Test func `one code opens one of twenty doors at which it is shown at once`() async throws {
        let world = try await AdminWorld(limits: .unbounded, proofs: ProofLimits(perPerson: .off))
        let (secret, _) = try await turnOn(world)
        world.clock.advance(milliseconds: 30_000)
        let code = code(secret, world)
        let signedIn = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await signIn(world, code: code).status } }
            return try await group.reduce(0) { $0 + ($1 == 201 ? 1 : 0) }
        }
        #expect(signedIn == 1)
    }

    @Test func `ten codes that are wrong are all that a person may try in ten minutes, from wherever`()
        async throws
    {
        let world = try await AdminWorld(limits: .unbounded)
        let (secret, _) = try await turnOn(world)
        for _ in 0..<10 { #expect(try await signIn(world, code: "12345").outcome == "401 invalid_code") }
        #expect(try await signIn(world, code: code(secret, world)).outcome == "429 rate_limited")
        // A neighbour of the same address is another person, and a password alone is not counted.
        #expect(try await signIn(world, tenant: "brio").status == 201)
        #expect(try await signIn(world).outcome == "401 code_required")
        world.clock.advance(milliseconds: 620_000)
        #expect(try await signIn(world, code: code(secret, world)).status == 201)
    }

    @Test func `a recovery code is good once, in place of an authenticator that is lost`() async throws {
        let world = try await AdminWorld()
        let (_, codes) = try await turnOn(world)
        #expect(try await signIn(world, code: codes[0].lowercased()).status == 201)
        #expect(try await signIn(world, code: codes[0]).outcome == "401 invalid_code")
        #expect(try await signIn(world, code: codes[1]).status == 201)
    }

    @Test func `turning it off takes password and code, and neither is in the log`() async throws {
        let world = try await AdminWorld()
        let (secret, codes) = try await turnOn(world)
        world.clock.advance(milliseconds: 30_000)
        let token = try await signIn(world, code: code(secret, world)).json["token"]?.stringValue
        func remove(_ password: String, _ code: String) async throws -> AdminReply {
            try await world.ask(
                .post, "/me/second-factor/remove", token: token,
                body: ["password": .string(password), "code": .string(code)])
        }
        #expect(try await remove("wrong horse battery", codes[3]).field == "password")
        #expect(try await remove(Self.password, "123456").field == "code")
        #expect(try await remove(Self.password, codes[3]).status == 200)
        #expect(try await signIn(world).status == 201)
        let record = try await world.lastRecord()
        #expect(record?.before == ["second_factor": true])
        #expect(record?.after == ["second_factor": false])
        let rows = try await world.rows()
        for secret in [secret.spelling(), Self.password] + codes { #expect(!rows.contains(secret)) }
    }

    @Test func `an owner turns it off for somebody who lost it`() async throws {
        let world = try await AdminWorld()
        _ = try await turnOn(world)
        let path = "/people/\(world.person(.owner).actor.id)/second-factor/reset"
        let reply = try await world.ask(.post, path, as: world.key(.owner))
        #expect(reply.json["second_factor"] == false)
        #expect(try await signIn(world).status == 201)
        #expect(try await world.ask(.post, path, as: world.key(.owner)).outcome == "409 second_factor_off")
    }
}

extension SignInLimits {
    /// Nobody is told to come back.
    static var unbounded: Self {
        var limits = Self()
        (limits.perAddress, limits.perEmail) = (.off, .off)
        return limits
    }
}
