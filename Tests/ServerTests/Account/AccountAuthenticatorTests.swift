import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("One-time codes at the account API", .database)
struct AccountAuthenticatorTests {
    private func world(
        proofs: ProofLimits = ProofLimits(), _ body: (AccountWorld) async throws -> Void
    ) async throws {
        var limits = SignInLimits()
        limits.perAddress = .off
        limits.perEmail = .off
        try await withDatabase { try await AccountWorld.with($0, limits: limits, proofs: proofs, body) }
    }

    @Test func `a secret counts once its first code was shown, and not before`() async throws {
        try await world { world in
            let token = try await world.token("ada")
            let begun = try await world.ask(.post, "/v1/me/totp", AccountWorld.proof(), as: token)
            #expect(begun.outcome == "201")
            #expect(
                begun.json["uri"]?.stringValue?.hasPrefix("otpauth://totp/Alba%20%26%20Co:ada%40example.com?")
                    == true)
            #expect(try await world.signIn("ada").outcome == "201")
            let me = try await world.ask(.get, "/v1/me", as: token)
            #expect(me.json["authenticator"]?["on"] == false)

            let wrong = try await world.ask(.post, "/v1/me/totp/confirm", #"{"code":"000000"}"#, as: token)
            #expect(wrong.outcome == "401 one_time_code_wrong")
            let nobody = try await world.ask(
                .post, "/v1/me/totp/confirm", #"{"code":"000000"}"#, as: try await world.token("eve"))
            #expect(nobody.outcome == "409 nothing_to_confirm")

            // Begun again, the first secret is worth nothing.
            let first = OneTimeSecret(bytes: Base32.decode(begun.json["secret"]?.stringValue ?? "") ?? [])
            let (_, recovery, after) = try await world.turnOnCodes(token)
            #expect(recovery.count == 10 && Set(recovery).count == 10)
            #expect(
                try await world.signIn("ada", code: world.code(of: #require(first))).status == .unauthorized)
            let on = try await world.ask(.get, "/v1/me", as: after)
            #expect(on.json["authenticator"]?["recovery_codes_left"] == 10)
            let again = try await world.ask(.post, "/v1/me/totp", AccountWorld.proof(), as: after)
            #expect(again.outcome == "409 authenticator_is_on")
        }
    }

    @Test func `sign-in asks for a code only whom the password is right for`() async throws {
        try await world { world in
            let (secret, _, _) = try await world.turnOnCodes(try await world.token("ada"))
            world.clock.advance(milliseconds: 60_000)
            #expect(try await world.signIn("ada").outcome == "401 one_time_code_required")
            #expect(try await world.signIn("ada", password: "wrong").outcome == "401 invalid_credentials")
            #expect(
                try await world.signIn("ada", password: "wrong", code: world.code(of: secret)).outcome
                    == "401 invalid_credentials")
            #expect(try await world.signIn("ada", code: "123").outcome == "401 one_time_code_wrong")
            #expect(try await world.signIn("ada", code: world.code(of: secret)).outcome == "201")
            // Brio's Ada is another person.
            #expect(try await world.signIn("ada", of: "brio").outcome == "201")
        }
    }

    @Test func `a code is good once, and none from before it is`() async throws {
        try await world { world in
            let (secret, _, _) = try await world.turnOnCodes(try await world.token("ada"))
            // The code that turned it on is used up.
            #expect(
                try await world.signIn("ada", code: world.code(of: secret)).outcome
                    == "401 one_time_code_wrong")
            world.clock.advance(milliseconds: 60_000)
            let code = world.code(of: secret, steps: 1)
            #expect(try await world.signIn("ada", code: code).outcome == "201")
            #expect(try await world.signIn("ada", code: code).outcome == "401 one_time_code_wrong")
            #expect(
                try await world.signIn("ada", code: world.code(of: secret)).outcome
                    == "401 one_time_code_wrong")
        }
    }

    @Test func `of twenty sign-ins at once with one code, one is let in`() async throws {
        try await world(proofs: ProofLimits(perPerson: .off)) { world in
            let (secret, recovery, _) = try await world.turnOnCodes(try await world.token("ada"))
            world.clock.advance(milliseconds: 60_000)
            for code in [world.code(of: secret), recovery[0]] {
                let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<20 { group.addTask { try await world.signIn("ada", code: code).outcome } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(outcomes.count { $0 == "201" } == 1)
                #expect(outcomes.count { $0 == "401 one_time_code_wrong" } == 19)
            }
        }
    }

    @Test func `a recovery code opens an account once, and only its own person's`() async throws {
        try await world { world in
            let (_, recovery, _) = try await world.turnOnCodes(try await world.token("ada"))
            _ = try await world.turnOnCodes(try await world.token("eve"))
            #expect(
                try await world.signIn("eve", code: recovery[0]).outcome == "401 one_time_code_wrong")
            let shown = recovery[0].lowercased().filter { $0 != "-" }
            let token = try await world.token("ada", code: shown)
            #expect(
                try await world.signIn("ada", code: recovery[0]).outcome == "401 one_time_code_wrong")
            let me = try await world.ask(.get, "/v1/me", as: token)
            #expect(me.json["authenticator"]?["recovery_codes_left"] == 9)

            let renewed = try await world.ask(
                .post, "/v1/me/totp/recovery-codes", AccountWorld.proof(recovery[1]), as: token)
            #expect(renewed.outcome == "201")
            #expect(
                try await world.signIn("ada", code: recovery[2]).outcome == "401 one_time_code_wrong")
            let fresh = renewed.json["recovery_codes"]?.arrayValue?.first?.stringValue ?? ""
            #expect(try await world.signIn("ada", code: fresh).outcome == "201")
        }
    }

    @Test func `codes are turned off with password and code, and end with nothing left`() async throws {
        try await world { world in
            let (secret, recovery, token) = try await world.turnOnCodes(try await world.token("ada"))
            world.clock.advance(milliseconds: 60_000)
            for (body, outcome) in [
                (AccountWorld.proof(), "401 one_time_code_required"),
                (#"{"password":"wrong","code":"\#(world.code(of: secret))"}"#, "401 password_wrong"),
                (AccountWorld.proof("999"), "401 one_time_code_wrong"), ("{}", "400 invalid_password"),
                (AccountWorld.proof(world.code(of: secret)), "200"),
                (AccountWorld.proof(world.code(of: secret)), "409 authenticator_is_off"),
            ] {
                let reply = try await world.ask(.delete, "/v1/me/totp", body, as: token)
                #expect(reply.outcome == outcome, "\(body)")
            }
            #expect(try await world.signIn("ada").outcome == "201")
            #expect(try await world.signIn("ada", code: recovery[0]).outcome == "201", "it is not looked at")
            #expect(try await world.office.ask("SELECT 1 FROM customer_recovery_codes").isEmpty)
        }
    }

    @Test func `turning codes on ends the sessions that were opened without one`() async throws {
        try await world { world in
            let (token, other) = (try await world.token("ada"), try await world.token("ada"))
            let (_, _, fresh) = try await world.turnOnCodes(token)
            #expect(try await world.ask(.get, "/v1/me", as: token).outcome == "401 unauthorized")
            #expect(try await world.ask(.get, "/v1/me", as: other).outcome == "401 unauthorized")
            #expect(try await world.ask(.get, "/v1/me", as: fresh).outcome == "200")
        }
    }

    @Test func `wrong codes and passwords are counted together, for each person`() async throws {
        try await world(proofs: ProofLimits(perPerson: .sliding(limit: 3, window: 600_000))) { world in
            let token = try await world.token("ada")
            _ = try await world.ask(.post, "/v1/me/totp", AccountWorld.proof(), as: token)
            for _ in 0..<2 {
                let wrong = try await world.ask(
                    .post, "/v1/me/totp/confirm", #"{"code":"000000"}"#, as: token)
                #expect(wrong.outcome == "401 one_time_code_wrong")
            }
            let refused = try await world.ask(
                .put, "/v1/me/password",
                AccountWorld.proof(nil, #","new_password":"another password""#), as: token)
            #expect(refused.outcome == "429 rate_limited")
            #expect(Int(refused.headers[.retryAfter] ?? "") ?? 0 > 0)
            let eve = try await world.token("eve")
            let others = try await world.ask(.post, "/v1/me/totp", AccountWorld.proof(), as: eve)
            #expect(others.outcome == "201")
        }
    }

    @Test func `no secret and no code is stored in the clear`() async throws {
        try await world { world in
            let (secret, recovery, _) = try await world.turnOnCodes(try await world.token("ada"))
            let everything = try await world.office.everything().joined(separator: "\n")
            #expect(!everything.contains(Hex.encode(secret.reveal())))
            #expect(!everything.contains(secret.spelling()))
            for code in recovery {
                #expect(!everything.contains(code) && !everything.contains(code.filter { $0 != "-" }))
            }
            // Sealed for its person: in another's row it does not open.
            try await world.database.execute(
                "UPDATE customer_users b SET totp_secret = a.totp_secret, totp_confirmed_at = a.totp_confirmed_at, "
                    + "totp_last_step = a.totp_last_step FROM customer_users a WHERE a.username = 'ada' "
                    + "AND a.tenant_id = b.tenant_id AND b.username = 'eve' AND a.totp_secret IS NOT NULL")
            world.clock.advance(milliseconds: 60_000)
            #expect(try await world.signIn("eve", code: world.code(of: secret)).outcome == "500 internal")
        }
    }
}
