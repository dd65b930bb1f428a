import HTTPTypes
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

/// The golden exchanges of fixtures/dialects/opproxy: every endpoint, every code, both mounts.
///
/// `UPDATE_FIXTURES=1` writes them; look at what changed before it is kept.
@Suite("OP-Proxy exchanges", .database)
struct OPProxyExchangeTests {
    @Test func `every endpoint, every code and both mounts are answered as agreed`() async throws {
        let database = try #require(TestDatabase.current)
        let recorder = RequestRecorder(pool: database.pool(.recorder, threads: 1), logger: .quiet)
        var settings = OPProxy.Settings()
        settings.credentialChanges = .sliding(limit: 2, window: 3_600_000)
        try await OPWorld.with(database, settings: settings) { world in
            let stage = OPStage(world)
            let (ipv4, ipv6) = try await reads(stage)
            try await changes(stage, ipv4, ipv6)
            try await repeats(stage)
            try await refusedPurchases(stage)
            try await refusedChanges(stage, ipv4, ipv6)
            try await transport(stage)
            try await logs(stage, recorder)
            try await expired(stage, ipv6)
            try await failure(stage)
            #expect(Set(OPProxy.Code.allCases.map(\.rawValue)).subtracting(stage.codesSeen) == [])
        }
    }

    /// Account, catalogue, two purchases, lists; gives back the two services.
    private func reads(_ stage: OPStage) async throws -> (ipv4: String, ipv6: String) {
        let volga = stage.world.volga
        try await stage.play("account", .get, "/account")
        try await stage.play("account-rounded-down", .get, "/account", by: "dave")
        try await stage.play("plans", .get, "/catalog/plans")
        try await stage.play("plans-of-a-type", .get, "/catalog/plans?type=ipv4_rotating")
        let ipv4 = try await stage.play(
            "purchase-ipv4", .post, "/purchase",
            #"{"type":"ipv4_rotating","plan_id":"\#(volga.plan("v4"))"}"#)
        let ipv6 = try await stage.play(
            "purchase-ipv6", .post, "/purchase",
            #"{"type":"ipv6_rotating","plan_id":"\#(volga.plan("v6"))","country":"us","rotation":"10m"}"#)
        let ids = [ipv4, ipv6].map { $0.data["service_id"]?.stringValue ?? "" }
        let page = try await stage.play("services-first-page", .get, "/services?status=active&limit=1")
        let cursor = try #require(page.data["next_cursor"]?.stringValue)
        try await stage.play("services-last-page", .get, "/services?limit=1&cursor=\(cursor)")
        try await stage.play("services-of-a-type", .get, "/services?type=ipv4_rotating&status=all")
        try await stage.play("services-expired", .get, "/services?status=expired")
        try await stage.play("service", .get, "/services/\(ids[1])")
        try await stage.play("proxies-txt", .get, "/services/\(ids[1])/proxies?format=txt")
        try await stage.play(
            "proxies-user-first", .get, "/services/\(ids[1])/proxies?layout=user_pass_at_host_port&country=de"
        )
        try await stage.play("proxies-without-auth", .get, "/services/\(ids[0])/proxies?auth=false")
        try await stage.play("proxies-json", .get, "/services/\(ids[1])/proxies?format=json")
        try await stage.play(
            "proxies-json-without-auth", .get, "/services/\(ids[0])/proxies?format=json&auth=false")
        return (ids[0], ids[1])
    }

    private func changes(_ stage: OPStage, _ ipv4: String, _ ipv6: String) async throws {
        try await stage.play("extend", .post, "/services/\(ipv4)/extend")
        try await stage.play(
            "whitelist", .put, "/services/\(ipv6)/whitelist",
            #"{"whitelisted_ips":["203.0.113.10","198.51.100.4"],"labels":["home","office"]}"#)
        try await stage.play(
            "whitelist-without-labels", .put, "/services/\(ipv6)/whitelist",
            #"{"whitelisted_ips":["203.0.113.10"]}"#)
        try await stage.play(
            "whitelist-cleared", .put, "/services/\(ipv6)/whitelist", #"{"whitelisted_ips":[]}"#)
        try await stage.play("credentials", .post, "/services/\(ipv6)/credentials")
        try await stage.play("country", .put, "/services/\(ipv6)/country", #"{"country": "nl"}"#)
        try await stage.play("proxies-of-one-country", .get, "/services/\(ipv6)/proxies")
        try await stage.play("rotation", .put, "/services/\(ipv6)/rotation", #"{"rotation": "instant"}"#)
    }

    /// The same request under its key, what the key did, and the key with another request.
    private func repeats(_ stage: OPStage) async throws {
        let volga = stage.world.volga
        let body = #"{"type":"ipv6_rotating","plan_id":"\#(volga.plan("v6"))"}"#
        let key = [("Idempotency-Key", "order-1")]
        let first = try await stage.play("idempotent-purchase", .post, "/purchase", body, headers: key)
        let again = try await stage.play(
            "idempotent-purchase-repeated", .post, "/purchase", body, headers: key)
        #expect(again.body == first.body)
        try await stage.play("idempotency-key", .get, "/idempotency-keys?key=order-1")
        try await stage.play("idempotency-key-unused", .get, "/idempotency-keys?key=order-2")
        try await stage.play("idempotency-key-missing", .get, "/idempotency-keys")
        try await stage.play(
            "idempotency-key-reused", .post, "/purchase",
            #"{"type":"ipv4_rotating","plan_id":"\#(volga.plan("v4"))"}"#, headers: key)
        try await stage.play(
            "invalid-idempotency-key", .post, "/purchase", body, headers: [("Idempotency-Key", "")])
    }

    private func refusedPurchases(_ stage: OPStage) async throws {
        let volga = stage.world.volga
        func buy(
            _ name: String, _ plan: String, _ rest: String = "", type: String = "ipv6_rotating",
            by customer: String = "carol"
        ) async throws {
            let body = #"{"type":"\#(type)","plan_id":"\#(plan)"\#(rest)}"#
            try await stage.play(name, .post, "/purchase", body, by: customer)
        }
        let v6 = volga.plan("v6")
        try await stage.play("invalid-json", .post, "/purchase", "{")
        try await stage.play("body-not-object", .post, "/purchase", "[]")
        try await stage.play("missing-type", .post, "/purchase", #"{"plan_id":"\#(v6)"}"#)
        try await buy("invalid-type", v6, type: "ipv4_static")
        try await stage.play("missing-plan-id", .post, "/purchase", #"{"type":"ipv6_rotating"}"#)
        try await buy("plan-of-the-other-type", v6, type: "ipv4_rotating")
        try await buy("plan-of-another-tenant", stage.world.neva.plan("v6"))
        try await buy("plan-retired", volga.plan("retired"), type: "ipv4_rotating")
        try await buy("plan-in-kopecks", volga.plan("kopecks"), type: "ipv4_rotating")
        try await buy("invalid-country", v6, #","country":"n-l""#)
        try await buy("country-not-offered", v6, #","country":"fr""#)
        try await buy("invalid-rotation", v6, #","rotation":"7m""#)
        try await buy(
            "rotation-of-ipv4", volga.plan("v4"), #","rotation":"5m""#, type: "ipv4_rotating")
        try await buy("sold-out", volga.plan("nowhere"))
        try await buy("network-inactive", volga.plan("closed"), type: "ipv4_rotating")
        try await buy("insufficient-balance", v6, by: "dave")
    }

    private func refusedChanges(_ stage: OPStage, _ ipv4: String, _ ipv6: String) async throws {
        try await stage.play("invalid-id", .get, "/services/65aa1100")
        try await stage.play("service-of-nobody", .get, "/services/65aa1100b2c3d4e5f6a7b8d0")
        try await stage.play("service-of-another", .get, "/services/\(ipv6)", by: "dave")
        try await stage.play("invalid-limit", .get, "/services?limit=101")
        try await stage.play("invalid-cursor", .get, "/services?cursor=first")
        try await stage.play("cursor-of-another", .get, "/services?cursor=\(ipv6)", by: "dave")
        try await stage.play("country-of-ipv4", .put, "/services/\(ipv4)/country", #"{"country":"us"}"#)
        try await stage.play("rotation-of-an-ipv4-service", .put, "/services/\(ipv4)/rotation", "no JSON")
        try await stage.play("country-unavailable", .put, "/services/\(ipv6)/country", #"{"country":"fr"}"#)
        try await stage.play("missing-country", .put, "/services/\(ipv6)/country", "{}")
        try await stage.play(
            "rotation-not-offered", .put, "/services/\(ipv6)/rotation", #"{"rotation":"1m"}"#)
        try await stage.play("gateway-unavailable", .get, "/services/\(ipv4)/proxies?country=de")
        try await stage.play("invalid-format", .get, "/services/\(ipv4)/proxies?format=csv")
        try await stage.play(
            "invalid-ip", .put, "/services/\(ipv4)/whitelist", #"{"whitelisted_ips":["::1"]}"#)
        let many = (0...50).map { "\"203.0.113.\($0)\"" }.joined(separator: ",")
        try await stage.play(
            "too-many-ips", .put, "/services/\(ipv4)/whitelist", #"{"whitelisted_ips":[\#(many)]}"#)
        try await stage.play("credentials-again", .post, "/services/\(ipv6)/credentials")
        try await stage.play("rate-limited", .post, "/services/\(ipv6)/credentials")
    }

    /// Over, and still in its grace: what is read is there, what is changed is refused, and it can be extended.
    private func expired(_ stage: OPStage, _ ipv6: String) async throws {
        stage.world.clock.advance(milliseconds: 30 * 86_400_000)
        try await stage.play("service-expired", .get, "/services/\(ipv6)")
        try await stage.play("services-expired-now", .get, "/services?status=expired&limit=1")
        try await stage.play(
            "whitelist-of-an-expired-service", .put, "/services/\(ipv6)/whitelist",
            #"{"whitelisted_ips":[]}"#)
        try await stage.play("extend-expired", .post, "/services/\(ipv6)/extend")
    }

    private func transport(_ stage: OPStage) async throws {
        let (world, volga) = (stage.world, stage.world.volga)
        let host = volga.host
        try await stage.play(
            "no-token", DoorRequest(method: .get, target: "/api/v1/account", host: host))
        try await stage.play("account-closed", .get, "/account", by: "zoe")
        try await stage.play(
            "token-of-another-tenant",
            DoorRequest(
                method: .get, target: "/api/v1/account", host: host,
                headers: [("Authorization", "Bearer \(world.neva.key("carol"))")]))
        try await stage.play("method-not-allowed", .delete, "/services")
        try await stage.play(
            "method-not-allowed-without-token",
            DoorRequest(method: .delete, target: "/api/v1/services", host: host))
        try await stage.play(
            "not-found", DoorRequest(method: .get, target: "/api/v1/account/", host: host))
        try await stage.play(
            "mount-account",
            DoorRequest(
                method: .get, target: "\(volga.mount)/api/v1/account", host: "127.0.0.1:8080",
                headers: [("Authorization", "Bearer \(volga.key("carol"))")]))
        var plain = world.request(.post, "/purchase", "{}", of: volga)
        plain.headers = plain.headers.map { $0.0 == "Content-Type" ? ($0.0, "text/plain") : $0 }
        try await stage.play("unsupported-media-type", plain)
        for (name, reading) in [
            ("body-too-large", BodyReading.tooLarge), ("body-too-slow", .tooSlow),
            ("body-malformed", .malformed), ("overloaded", .noRoom),
        ] {
            try await stage.play(name, world.request(.post, "/purchase", "{}", of: volga), reading: reading)
        }
    }

    private func logs(_ stage: OPStage, _ recorder: RequestRecorder) async throws {
        let (world, volga) = (stage.world, stage.world.volga)
        try await running(recorder) {
            for (path, status) in [("/api/v1/account", 200), ("/api/v1/purchase", 402), ("/api/proxy", 200)] {
                recorder.record(
                    LoggedRequest(
                        tenant: volga.id, id: world.parts.ids.next(at: world.clock.now()),
                        customer: volga.customers["carol"]!, principal: nil, dialect: "opproxy",
                        method: "GET",
                        path: path, route: "route", status: status, microseconds: 1_234,
                        address: "203.0.113.10", requestID: "request-1"))
                world.clock.advance(milliseconds: 1_000)
            }
        }
        let page = try await stage.play("logs", .get, "/logs?limit=2")
        let cursor = try #require(page.data["next_cursor"]?.stringValue)
        try await stage.play("logs-last-page", .get, "/logs?limit=2&cursor=\(cursor)")
        let since = world.clock.now().adding(milliseconds: -6_000)!.rfc3339()
        try await stage.play("logs-since", .get, "/logs?since=\(since)&until=2026-02-01T03:00:00%2B03:00")
        try await stage.play("logs-invalid-since", .get, "/logs?since=yesterday")
        // Any other id of ours: the vendor's text calls the cursor a service_id by mistake (contract O1).
        try await stage.play("logs-cursor-of-a-service", .get, "/logs?cursor=\(volga.plan("v4"))")
    }

    /// The database says something that nobody can read.
    private func failure(_ stage: OPStage) async throws {
        let world = stage.world
        try await world.execute("UPDATE slots SET secret = '\\x00' WHERE state = 'assigned'")
        try await stage.play("server-error", .get, "/services?status=all")
    }
}
