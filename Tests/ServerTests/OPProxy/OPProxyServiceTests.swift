import HTTPTypes
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("OP-Proxy services", .database)
struct OPProxyServiceTests {
    private func inWorld(
        _ settings: OPProxy.Settings = OPProxy.Settings(), _ body: (OPWorld) async throws -> Void
    ) async throws {
        try await OPWorld.with(try #require(TestDatabase.current), settings: settings, body)
    }

    @Test func `pages neither repeat nor skip a service while others are bought`() async throws {
        try await inWorld { world in
            let volga = world.volga
            var bought: [String] = []
            for _ in 0..<5 {
                bought.insert(try await world.buy("v4", "ipv4_rotating", of: volga), at: 0)
                world.clock.advance(milliseconds: 1)
            }
            var seen: [String] = []
            var cursor: String?
            repeat {
                let query = "/services?limit=2" + (cursor.map { "&cursor=\($0)" } ?? "")
                let page = try await world.ask(.get, query, of: volga).data
                let names = page["services"]?.arrayValue?.compactMap { $0["service_id"]?.stringValue } ?? []
                #expect((1...2).contains(names.count))
                seen += names
                cursor = page["next_cursor"]?.stringValue
                world.clock.advance(milliseconds: 1)
                try await world.buy("v6", of: volga)
            } while cursor != nil
            #expect(seen == bought)
        }
    }

    /// A service is where its customer looks for it: by the clock, before any job has run.
    @Test func `a service is active until its end and expired from then on`() async throws {
        try await inWorld { world in
            let volga = world.volga
            let id = try await world.buy("v6", of: volga)
            func listed(_ status: String) async throws -> [String] {
                try await world.ask(.get, "/services?status=\(status)", of: volga).data["services"]?
                    .arrayValue?
                    .compactMap { $0["service_id"]?.stringValue } ?? []
            }
            world.clock.advance(milliseconds: 30 * 86_400_000 - 1)
            #expect(try await listed("active") == [id])
            #expect(try await listed("expired") == [])
            world.clock.advance(milliseconds: 1)
            #expect(try await listed("active") == [])
            #expect(try await listed("expired") == [id])
            #expect(try await listed("all") == [id])
            #expect(try await world.service(id, of: volga)["status"] == "expired")
            for (path, body) in [
                ("whitelist", #"{"whitelisted_ips":[]}"#), ("country", #"{"country":"nl"}"#),
                ("rotation", #"{"rotation":"5m"}"#),
            ] {
                let reply = try await world.ask(.put, "/services/\(id)/\(path)", body, of: volga)
                #expect(reply.outcome == "400 invalid_request", "\(path)")
            }
            let credentials = try await world.ask(.post, "/services/\(id)/credentials", of: volga)
            #expect(credentials.outcome == "400 invalid_request")
            // Time that was not served is not charged: the new period begins now.
            world.clock.advance(milliseconds: 3_600_000)
            let extended = try await world.ask(.post, "/services/\(id)/extend", of: volga)
            #expect(extended.data["expires_at"] == "2026-04-01T01:00:00.000Z")
        }
    }

    @Test
    func `new credentials are both new, on every line, and the former ones are kept nowhere in the answers`()
        async throws
    {
        try await inWorld { world in
            let volga = world.volga
            let id = try await world.buy("v6", of: volga)
            let before = try await world.service(id, of: volga)["auth"]
            let changed = try await world.ask(.post, "/services/\(id)/credentials", of: volga).data["auth"]
            #expect(changed?["login"] != before?["login"])
            #expect(changed?["password"] != before?["password"])
            #expect(try await world.service(id, of: volga)["auth"] == changed)
            let login = try #require(changed?["login"]?.stringValue)
            let lines = try await world.lines(id, of: volga)
            #expect(lines.count == 3 && lines.allSatisfy { $0.contains(":\(login):") })
        }
    }

    /// Old and new list are never mixed, and who asks last has the last word.
    @Test func `a whitelist is replaced as a whole, whoever asks at the same time`() async throws {
        try await inWorld { world in
            let volga = world.volga
            let id = try await world.buy("v6", of: volga)
            let lists = (0..<6).map { number in (1...50).map { "203.0.\(number).\($0)" } }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for list in lists {
                    let body = (["whitelisted_ips": .array(list.map { .string($0) })] as JSON).encoded()
                    group.addTask {
                        let reply = try await world.ask(
                            .put, "/services/\(id)/whitelist", String(decoding: body, as: UTF8.self),
                            of: volga)
                        #expect(reply.outcome == "200", "\(reply.body)")
                    }
                }
                try await group.waitForAll()
            }
            let kept = try await world.service(id, of: volga)["whitelist"]?.arrayValue?.compactMap(
                \.stringValue)
            #expect(lists.contains { $0 == kept })
            #expect(try await world.count("allowlist_entries", volga) == 50)
        }
    }

    @Test func `what is another's is nobody's`() async throws {
        try await inWorld { world in
            let (volga, neva) = (world.volga, world.neva)
            let id = try await world.buy("v6", of: volga)
            _ = try await world.purchase("v6", of: volga, headers: [("Idempotency-Key", "mine")])
            let requests: [(HTTPRequest.Method, String, String?)] = [
                (.get, "/services/\(id)", nil), (.get, "/services/\(id)/proxies", nil),
                (.post, "/services/\(id)/extend", nil),
                (.put, "/services/\(id)/whitelist", #"{"whitelisted_ips":[]}"#),
                (.post, "/services/\(id)/credentials", nil),
                (.put, "/services/\(id)/country", #"{"country":"nl"}"#),
                (.put, "/services/\(id)/rotation", #"{"rotation":"5m"}"#),
                (.get, "/idempotency-keys?key=mine", nil),
            ]
            let before = try await world.service(id, of: volga)
            for (customer, tenant) in [("dave", volga), ("carol", neva)] {
                for (method, path, body) in requests {
                    let reply = try await world.ask(method, path, body, by: customer, of: tenant)
                    #expect(reply.outcome == "404 not_found", "\(method) \(path)")
                }
                let page = try await world.ask(.get, "/services?cursor=\(id)", by: customer, of: tenant)
                #expect(page.outcome == "400 invalid_request")
            }
            // A key of one tenant opens no door of the other, nor another dialect's.
            for (host, key) in [(neva.host, volga.key("carol")), (volga.host, volga.gateKey("carol"))] {
                let reply = try await world.ask(
                    DoorRequest(
                        method: .get, target: "/api/v1/account", host: host,
                        headers: [("Authorization", "Bearer \(key)")]))
                #expect(reply.outcome == "401 invalid_token")
            }
            #expect(try await world.service(id, of: volga) == before)
            #expect(try await world.count("orders", neva) == 0)
        }
    }

    @Test func `every limit has its own bucket, and the headers tell of the tightest`() async throws {
        var settings = OPProxy.Settings()
        settings.perMinute = .sliding(limit: 6, window: 60_000)
        settings.purchases = .sliding(limit: 2, window: 3_600_000)
        try await inWorld(settings) { world in
            let volga = world.volga
            let first = try await world.purchase("v6", of: volga)
            #expect(first.limits == "2 1")
            #expect(try await world.purchase("v6", of: volga).limits == "2 0")
            let third = try await world.purchase("v6", of: volga)
            #expect(third.outcome == "429 rate_limited")
            #expect(third.limits == "2 0")
            // A refused request counts nowhere; waiting is said in seconds.
            #expect((1...3_660).contains(Int(third.headers[.retryAfter] ?? "") ?? 0))
            #expect(try await world.ask(.get, "/account", of: volga).limits == "6 3")
            for _ in 0..<3 { _ = try await world.ask(.get, "/account", of: volga) }
            let limited = try await world.ask(.get, "/account", of: volga)
            #expect(limited.outcome == "429 rate_limited")
            #expect((1...61).contains(Int(limited.headers[.retryAfter] ?? "") ?? 0))
            // Another key has buckets of its own, and refusals carry the headers too.
            let other = try await world.ask(.get, "/services/nothing", by: "dave", of: volga)
            #expect(other.outcome == "400 invalid_id")
            #expect(other.limits == "6 5")
            world.clock.advance(milliseconds: 61_000)
            #expect(try await world.ask(.get, "/account", of: volga).outcome == "200")
        }
    }
}

extension DoorReply {
    /// The bucket's size and what is left of it, as the headers say.
    fileprivate var limits: String {
        "\(headers[.rateLimitLimit] ?? "-") \(headers[.rateLimitRemaining] ?? "-")"
    }
}
