import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

/// The golden exchanges of fixtures/dialects/account: every endpoint and every kind of problem.
///
/// `UPDATE_FIXTURES=1` writes them; look at what changed before it is kept.
@Suite("Account exchanges", .database)
struct AccountExchangeTests {
    @Test func `every endpoint and every kind of problem is answered as agreed`() async throws {
        try await withDatabase { database in
            var proofs = ProofLimits()
            proofs.perPerson = .off
            var limits = SignInLimits()
            limits.perEmail = .sliding(limit: 4, window: 60_000)
            try await AccountWorld.with(database, limits: limits, proofs: proofs, provider: PagesOnly()) {
                world in
                let stage = AccountStage(world: world)
                try await signingIn(stage)
                let (token, secret) = try await codes(stage)
                try await keys(stage, token, secret)
                try await money(stage)
                try await subscriptions(stage)
                try await topUps(stage)
                try await transport(stage, token)
                try await leaving(stage, token)
            }
        }
    }

    private func signIn(_ name: String, _ more: String = "") -> String {
        #"{"email":"\#(name)@example.com","password":"\#(AccountWorld.password)"\#(more)}"#
    }

    private func signingIn(_ stage: AccountStage) async throws {
        try await stage.play("sign-in", .post, "/v1/sessions", signIn("ada"))
        try await stage.play(
            "sign-in-refused", .post, "/v1/sessions", #"{"email":"ada@example.com","password":"wrong"}"#)
        try await stage.play("sign-in-unknown", .post, "/v1/sessions", signIn("nobody"))
        try await stage.play("sign-in-no-json", .post, "/v1/sessions", "{")
        try await stage.play("sign-in-no-object", .post, "/v1/sessions", "[]")
        try await stage.play("sign-in-no-email", .post, "/v1/sessions", #"{"password":"x"}"#)
        try await stage.play("sign-in-no-password", .post, "/v1/sessions", #"{"email":"a@b.c"}"#)
        try await stage.play("sign-in-code-no-text", .post, "/v1/sessions", signIn("ada", #","code":7"#))
        for number in 1...4 {
            let reply = try await stage.world.signIn("zoe")
            #expect(reply.status == .unauthorized, "\(number)")
        }
        try await stage.play("sign-in-too-often", .post, "/v1/sessions", signIn("zoe"))
    }

    private func codes(_ stage: AccountStage) async throws -> (token: String, secret: OneTimeSecret) {
        let world = stage.world
        let first = try await world.token("ada")
        try await stage.play("me", .get, "/v1/me", as: first)
        try await stage.play(
            "confirm-nothing", .post, "/v1/me/totp/confirm", #"{"code":"123456"}"#, as: first)
        let begun = try await stage.play(
            "authenticator", .post, "/v1/me/totp", AccountWorld.proof(), as: first)
        let secret = try #require(
            OneTimeSecret(bytes: Base32.decode(begun.json["secret"]?.stringValue ?? "") ?? []))
        try await stage.play(
            "confirm-wrong", .post, "/v1/me/totp/confirm", #"{"code":"000 000"}"#, as: first)
        try await stage.play("confirm-no-code", .post, "/v1/me/totp/confirm", "{}", as: first)
        let confirmed = try await stage.play(
            "confirm", .post, "/v1/me/totp/confirm", #"{"code":"\#(world.code(of: secret))"}"#, as: first)
        try await stage.play("session-over", .get, "/v1/me", as: first)
        let token = try #require(confirmed.json["session"]?["token"]?.stringValue)
        try await stage.play("authenticator-on", .post, "/v1/me/totp", AccountWorld.proof(), as: token)
        world.clock.advance(milliseconds: 60_000)
        try await stage.play("sign-in-without-code", .post, "/v1/sessions", signIn("ada"))
        try await stage.play(
            "sign-in-code-wrong", .post, "/v1/sessions", signIn("ada", #","code":"000000""#))
        try await stage.play(
            "sign-in-with-code", .post, "/v1/sessions",
            signIn("ada", #","code":"\#(world.code(of: secret))""#))
        world.clock.advance(milliseconds: 60_000)
        let renewed = try await stage.play(
            "recovery-codes", .post, "/v1/me/totp/recovery-codes",
            AccountWorld.proof(world.code(of: secret)), as: token)
        let recovery = renewed.json["recovery_codes"]?.arrayValue?.first?.stringValue ?? ""
        try await stage.play(
            "sign-in-with-recovery-code", .post, "/v1/sessions", signIn("ada", #","code":"\#(recovery)""#))
        try await stage.play("me-with-codes", .get, "/v1/me", as: token)
        return (token, secret)
    }

    private func keys(_ stage: AccountStage, _ token: String, _ secret: OneTimeSecret) async throws {
        let world = stage.world
        func draft(_ more: String = "", dialect: String = "gate") -> String {
            world.clock.advance(milliseconds: 30_000)
            return AccountWorld.proof(world.code(of: secret), #","dialect":"\#(dialect)"\#(more)"#)
        }
        let made = try await stage.play(
            "key", .post, "/v1/keys",
            draft(
                #","label":"laptop","scopes":["orders:read"],"allow":["203.0.113.0/24"],"expires_at":"2027-01-01T00:00:00Z""#
            ),
            as: token, headers: [("Idempotency-Key", "key-1")])
        try await stage.play(
            "key-repeated", .post, "/v1/keys",
            draft(
                #","label":"laptop","scopes":["orders:read"],"allow":["203.0.113.0/24"],"expires_at":"2027-01-01T00:00:00Z""#
            ),
            as: token, headers: [("Idempotency-Key", "key-1")])
        try await stage.play(
            "key-reused", .post, "/v1/keys", draft(), as: token, headers: [("Idempotency-Key", "key-1")])
        try await stage.play(
            "key-bad-idempotency-key", .post, "/v1/keys", draft(), as: token,
            headers: [("Idempotency-Key", "")])
        try await stage.play("key-for-tests", .post, "/v1/keys", draft(#","environment":"test""#), as: token)
        try await stage.play("key-of-opproxy", .post, "/v1/keys", draft(dialect: "opproxy"), as: token)
        try await stage.play("key-unknown-dialect", .post, "/v1/keys", draft(dialect: "nothing"), as: token)
        try await stage.play(
            "key-unknown-environment", .post, "/v1/keys", draft(#","environment":"x""#), as: token)
        try await stage.play("key-bad-label", .post, "/v1/keys", draft(#","label":"""#), as: token)
        try await stage.play("key-bad-scopes", .post, "/v1/keys", draft(#","scopes":[""]"#), as: token)
        try await stage.play("key-bad-allow", .post, "/v1/keys", draft(#","allow":[]"#), as: token)
        try await stage.play(
            "key-over", .post, "/v1/keys", draft(#","expires_at":"2026-01-01T00:00:00Z""#), as: token)
        try await stage.play(
            "key-password-wrong", .post, "/v1/keys", #"{"password":"wrong","dialect":"gate"}"#, as: token)
        try await stage.play("keys", .get, "/v1/keys?limit=2", as: token)
        try await stage.play("keys-bad-limit", .get, "/v1/keys?limit=0", as: token)
        try await stage.play("keys-bad-cursor", .get, "/v1/keys?cursor=first", as: token)
        let id = made.json["id"]?.stringValue ?? ""
        try await stage.play("key-revoked", .delete, "/v1/keys/\(id)", as: token)
        try await stage.play(
            "key-unknown", .delete, "/v1/keys/00000000-0000-0000-0000-000000000000", as: token)
        let vic = try await world.token("vic")
        try await stage.play("keys-forbidden", .get, "/v1/keys", as: vic)
    }

    private func money(_ stage: AccountStage) async throws {
        let world = stage.world
        let eve = try await world.token("eve")
        try await world.buy("month", #","quantity":2,"couponCode":"WELCOME""#)
        world.clock.advance(milliseconds: 1_000)
        try await world.buy("month")
        try await stage.play("balance", .get, "/v1/balance", as: eve)
        let page = try await stage.play("statement", .get, "/v1/statement?limit=2", as: eve)
        let place = page.json["next_cursor"]?.stringValue ?? ""
        try await stage.play("statement-last-page", .get, "/v1/statement?limit=2&cursor=\(place)", as: eve)
        try await stage.play(
            "statement-of-a-reason", .get, "/v1/statement?reason=top_up&from=2026-01-01T00:00:00Z", as: eve)
        for (name, query) in [
            ("reason", "reason=none"), ("from", "from=x"), ("to", "to=x"), ("cursor", "cursor=x"),
        ] {
            try await stage.play("statement-bad-\(name)", .get, "/v1/statement?\(query)", as: eve)
        }
        let orders = try await stage.play("orders", .get, "/v1/orders?kind=purchase&limit=1", as: eve)
        let cursor = orders.json["next_cursor"]?.stringValue ?? ""
        let last = try await stage.play(
            "orders-last-page", .get, "/v1/orders?limit=1&cursor=\(cursor)", as: eve)
        try await stage.play("orders-bad-kind", .get, "/v1/orders?kind=none", as: eve)
        try await stage.play("orders-bad-state", .get, "/v1/orders?state=none", as: eve)
        let id = last.json["items"]?.arrayValue?.first?["id"]?.stringValue ?? ""
        try await stage.play("order", .get, "/v1/orders/\(id)", as: eve)
        try await stage.play("order-unknown", .get, "/v1/orders/\(id)0", as: eve)
        try await stage.play("receipt", .get, "/v1/orders/\(id)/receipt", as: eve)
        try await stage.play(
            "receipt-as-text", .get, "/v1/orders/\(id)/receipt", as: eve, headers: [("Accept", "text/plain")])
    }

    private func subscriptions(_ stage: AccountStage) async throws {
        let world = stage.world
        let eve = try await world.token("eve")
        let id = try await world.buy("renewing")
        let path = "/v1/subscriptions/\(id)"
        try await stage.play("subscriptions", .get, "/v1/subscriptions?state=active&limit=2", as: eve)
        try await stage.play("subscriptions-bad-state", .get, "/v1/subscriptions?state=none", as: eve)
        try await stage.play("subscription", .get, path, as: eve)
        try await stage.play(
            "subscription-changed", .patch, path, #"{"note":"for the office","auto_renew":false}"#, as: eve)
        try await stage.play("subscription-unchanged", .patch, path, "{}", as: eve)
        try await stage.play("subscription-bad-note", .patch, path, #"{"note":7}"#, as: eve)
        try await stage.play("subscription-bad-renewal", .patch, path, #"{"auto_renew":7}"#, as: eve)
        try await stage.play("renewal", .get, "\(path)/renewal?repeat_count=2", as: eve)
        try await stage.play("renewal-refused", .get, "\(path)/renewal?coupon=WELCOME", as: eve)
        for (name, query) in [("plan", "plan=none"), ("count", "repeat_count=0"), ("coupon", "coupon=a%20b")]
        {
            try await stage.play("renewal-bad-\(name)", .get, "\(path)/renewal?\(query)", as: eve)
        }
        let preview = "/v1/coupons/preview"
        try await stage.play(
            "preview", .post, preview, #"{"plan":"month","quantity":2,"coupon":"BIG"}"#, as: eve)
        try await stage.play(
            "preview-refused", .post, preview, #"{"plan":"month","coupon":"BIG"}"#, as: eve)
        try await stage.play("preview-too-dear", .post, preview, #"{"plan":"dear"}"#, as: eve)
        try await stage.play("preview-bad-plan", .post, preview, #"{"plan":"none"}"#, as: eve)
        try await stage.play(
            "preview-bad-dialect", .post, preview, #"{"plan":"month","dialect":"x"}"#, as: eve)
        try await stage.play(
            "preview-bad-quantity", .post, preview, #"{"plan":"month","quantity":0}"#, as: eve)
        let vic = try await world.token("vic")
        try await stage.play("subscription-forbidden", .patch, path, #"{"note":"x"}"#, as: vic)
    }

    private func topUps(_ stage: AccountStage) async throws {
        let world = stage.world
        let eve = try await world.token("eve")
        let made = try await stage.play(
            "top-up", .post, "/v1/top-ups", #"{"amount":"25.00","save_card":true}"#, as: eve,
            headers: [("Idempotency-Key", "top-up-1")])
        try await stage.play("top-up-without-amount", .post, "/v1/top-ups", "{}", as: eve)
        try await stage.play(
            "top-up-bad-flag", .post, "/v1/top-ups", #"{"amount":"1","save_card":1}"#, as: eve)
        try await stage.play("top-up-declined", .post, "/v1/top-ups", #"{"amount":"666.00"}"#, as: eve)
        let id = made.json["id"]?.stringValue ?? ""
        try await stage.play("top-up-shown", .get, "/v1/top-ups/\(id)", as: eve)
        try await stage.play("top-ups", .get, "/v1/top-ups?state=open&limit=1", as: eve)
        try await stage.play("top-ups-bad-state", .get, "/v1/top-ups?state=none", as: eve)
        let setting = #"{"threshold":"10.00","amount":"50.00","per_day":2}"#
        try await stage.play("auto-top-up-forbidden", .put, "/v1/auto-top-up", setting, as: eve)
        try await stage.play("auto-top-up-never", .get, "/v1/auto-top-up", as: eve)
        let ben = try await world.token("bea")
        try await stage.play("auto-top-up-without-card", .put, "/v1/auto-top-up", setting, as: ben)
        try await world.database.execute(
            "INSERT INTO saved_payment_methods (tenant_id, customer_id, provider, payer, method, saved_at) "
                + "SELECT tenant_id, id, 'stripe', 'cus_1', 'pm_1', created_at FROM customers "
                + "WHERE username = 'ben'")
        try await stage.play("auto-top-up", .put, "/v1/auto-top-up", setting, as: ben)
        try await stage.play(
            "auto-top-up-bad-threshold", .put, "/v1/auto-top-up", #"{"amount":"50.00"}"#, as: ben)
        try await stage.play(
            "auto-top-up-bad-count", .put, "/v1/auto-top-up",
            #"{"threshold":"0","amount":"50.00","per_day":25}"#, as: ben)
        try await stage.play("auto-top-up-off", .delete, "/v1/auto-top-up", as: ben)
    }

    private func transport(_ stage: AccountStage, _ token: String) async throws {
        try await stage.play("no-session", .get, "/v1/me")
        try await stage.play("no-such-path", .get, "/v1/nothing", as: token)
        try await stage.play("no-such-method", .patch, "/v1/me", as: token)
        let request = stage.world.request(.post, "/v1/sessions", "{}")
        var plain = request
        plain.headers = [("Content-Type", "text/plain")]
        try await stage.play("unsupported-media-type", plain)
        for (name, reading) in [
            ("body-too-large", BodyReading.tooLarge), ("body-too-slow", .tooSlow),
            ("body-malformed", .malformed), ("overloaded", .noRoom),
        ] {
            try await stage.play(name, request, reading: reading)
        }
    }

    private func leaving(_ stage: AccountStage, _ token: String) async throws {
        let world = stage.world
        let vic = try await world.token("vic")
        try await stage.play(
            "password-same", .put, "/v1/me/password",
            AccountWorld.proof(nil, #","new_password":"\#(AccountWorld.password)""#), as: vic)
        try await stage.play(
            "password-short", .put, "/v1/me/password", AccountWorld.proof(nil, #","new_password":"short""#),
            as: vic)
        let changed = try await stage.play(
            "password", .put, "/v1/me/password",
            AccountWorld.proof(nil, #","new_password":"another password""#),
            as: vic)
        let fresh = try #require(changed.json["session"]?["token"]?.stringValue)
        try await stage.play(
            "authenticator-off-already", .delete, "/v1/me/totp", #"{"password":"another password"}"#,
            as: fresh)
        try await stage.play(
            "authenticator-needs-code", .delete, "/v1/me/totp", AccountWorld.proof(), as: token)
        try await stage.play("sign-out", .delete, "/v1/sessions", as: fresh)
    }
}
