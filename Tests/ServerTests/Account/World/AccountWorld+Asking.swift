import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

extension AccountWorld {
    func request(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, as token: String? = nil,
        of slug: String = "alba", headers: [(String, String)] = []
    ) -> DoorRequest {
        var fields: [(String, String)] = []
        if let token { fields.append(("Authorization", "Bearer \(token)")) }
        if body != nil { fields.append(("Content-Type", "application/json")) }
        return DoorRequest(
            method: method, target: "/t/\(slug)/account\(path)", host: "localhost", headers: fields + headers,
            body: body)
    }

    func ask(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, as token: String? = nil,
        of slug: String = "alba", headers: [(String, String)] = []
    ) async throws -> DoorReply {
        try await ask(request(method, path, body, as: token, of: slug, headers: headers))
    }

    func signIn(
        _ name: String, of slug: String = "alba", password: String = AccountWorld.password,
        code: String? = nil
    ) async throws -> DoorReply {
        let shown = code.map { #","code":"\#($0)""# } ?? ""
        return try await ask(
            .post, "/v1/sessions",
            #"{"email":"\#(name)@example.com","password":"\#(password)"\#(shown)}"#, of: slug)
    }

    /// The token of a new session; no test waits because it signs in often.
    func token(
        _ name: String, of slug: String = "alba", password: String = AccountWorld.password,
        code: String? = nil
    ) async throws -> String {
        let reply = try await signIn(name, of: slug, password: password, code: code)
        #expect(reply.outcome == "201", "\(reply.body)")
        return try #require(reply.json["token"]?.stringValue)
    }

    /// What shows the password again, and a code.
    static func proof(_ code: String? = nil, _ more: String = "") -> String {
        let shown = code.map { #","code":"\#($0)""# } ?? ""
        return #"{"password":"\#(password)"\#(shown)\#(more)}"#
    }

    /// Turns codes on and gives back the secret, the recovery codes and the new session.
    func turnOnCodes(
        _ token: String, of slug: String = "alba"
    ) async throws -> (secret: OneTimeSecret, recovery: [String], token: String) {
        let begun = try await ask(.post, "/v1/me/totp", Self.proof(), as: token, of: slug)
        #expect(begun.outcome == "201", "\(begun.body)")
        let bytes = Base32.decode(begun.json["secret"]?.stringValue ?? "") ?? []
        let secret = try #require(OneTimeSecret(bytes: bytes))
        let confirmed = try await ask(
            .post, "/v1/me/totp/confirm", #"{"code":"\#(code(of: secret))"}"#, as: token, of: slug)
        #expect(confirmed.outcome == "200", "\(confirmed.body)")
        return (
            secret, (confirmed.json["recovery_codes"]?.arrayValue ?? []).compactMap(\.stringValue),
            try #require(confirmed.json["session"]?["token"]?.stringValue)
        )
    }

    /// The code that an app shows now, or so many steps from now.
    func code(of secret: OneTimeSecret, steps: Int64 = 0) -> String {
        let step = OneTimeStep(number: OneTimeStep(at: clock.now()).number + steps)
        return OneTimeCode(of: secret, at: step).text
    }

    /// Buys through the gate with a key of the file, and gives back the subscription's id.
    @discardableResult
    func buy(
        _ plan: String, for who: String = "ann", of slug: String = "alba", _ more: String = ""
    ) async throws -> SubscriptionID {
        let id = try await planID(plan, of: slug)
        let reply = try await ask(
            DoorRequest(
                method: .post, target: "/t/\(slug)/gate/api/proxy", host: "localhost",
                headers: [
                    ("x-api-key", Self.key(who, slug)), ("Content-Type", "application/json"),
                ], body: #"{"op":"purchase","planId":"\#(id.bits.base36String)"\#(more)}"#))
        #expect(reply.outcome == "200", "\(reply.body)")
        let text = reply.json["subscriptionId"]?.stringValue ?? ""
        return SubscriptionID(bits: try #require(IdentifierBits(base36String: text)))
    }

    func planID(_ code: String, of slug: String) async throws -> PlanID {
        let tenant = try #require(tenants[slug])
        return try await database.owner.run { connection in
            try connection.query("SELECT id FROM plans WHERE tenant_id = \(tenant) AND code = \(code)")[0]
                .get(0)
        }
    }

    /// Whether a key opens the gate.
    func opensGate(_ key: String, of slug: String = "alba") async throws -> Bool {
        let reply = try await ask(
            DoorRequest(
                method: .get, target: "/t/\(slug)/gate/api/proxy?op=plans", host: "localhost",
                headers: [("x-api-key", key)]))
        return reply.status == .ok
    }
}
