import HTTPTypes
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Gate callers", .database)
struct GateCallerTests {
    private func plans(_ world: GateWorld, _ headers: [(String, String)]) async throws -> DoorReply {
        try await world.ask(
            DoorRequest(method: .get, target: "/api/proxy?op=plans", host: world.alba.host, headers: headers))
    }

    @Test func `a key opens its own tenant's gate and no other`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let key = world.alba.alice.key
                #expect(try await plans(world, [("x-api-key", key)]).outcome == "200")
                #expect(try await plans(world, [("X-API-Key", key)]).outcome == "200")
                for (name, value) in [
                    ("x-api-key", world.brio.alice.key), ("x-api-key", world.alba.zoe.key), ("x-api-key", ""),
                    ("x-api-key", "rk_"), ("x-api-key", key + "0"), ("x-api-key", key.uppercased()),
                    ("x-api-key", "opx_live_ca201000000000000000000000000001"),
                    ("Authorization", "Bearer \(key)"),
                    ("Authorization", "Basic abc"), ("x-api-key", "\(key), \(key)"),
                ] {
                    #expect(
                        try await plans(world, [(name, value)]).outcome == "401 unauthorized",
                        "\(name): \(value)")
                }
                try await world.execute(
                    "UPDATE api_keys SET revoked_at = \(world.clock.now()) WHERE tenant_id = \(world.alba.id)"
                )
                #expect(try await plans(world, [("x-api-key", key)]).outcome == "401 unauthorized")
            }
        }
    }

    @Test func `a session opens the gate, and a key that is sent beside it wins`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let session = try await world.session(alice.admin, of: alice, at: alba, role: .admin)

                #expect(try await plans(world, [session]).outcome == "200")
                #expect(try await plans(world, [session, ("x-api-key", alba.bob.key)]).outcome == "200")
                #expect(
                    try await plans(world, [session, ("x-api-key", "rk_wrong")]).outcome == "401 unauthorized"
                )
                #expect(try await plans(world, [session, ("x-api-key", "")]).outcome == "401 unauthorized")
                let lower = ("authorization", "bearer " + session.1.dropFirst("Bearer ".count))
                #expect(try await plans(world, [lower]).outcome == "200")

                let brios = try await world.session(
                    world.brio.alice.admin, of: world.brio.alice, at: world.brio, role: .admin)
                #expect(try await plans(world, [brios]).outcome == "401 unauthorized")
                world.clock.advance(days: 1)
                #expect(try await plans(world, [session]).outcome == "401 unauthorized")
            }
        }
    }

    @Test func `a session buys, but starts no trial; who may only look, only looks`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let admin = try await world.session(alice.admin, of: alice, at: alba, role: .admin)
                let viewer = try await world.session(alice.viewer, of: alice, at: alba, role: .viewer)
                func post(_ body: String, _ session: (String, String)) async throws -> String {
                    let request = DoorRequest(
                        method: .post, target: "/api/proxy", host: alba.host, headers: [session], body: body)
                    return try await world.ask(request).outcome
                }
                let purchase = #"{"op":"purchase","planId":"\#(alba.mobile7.gate)"}"#

                #expect(try await post(purchase, admin) == "200")
                #expect(
                    try await post(#"{"op":"trial","planId":"\#(alba.mobile30.gate)"}"#, admin)
                        == "403 forbidden")
                #expect(try await plans(world, [viewer]).outcome == "200")
                #expect(try await post(purchase, viewer) == "403 forbidden")
                #expect(try await post(#"{"op":"purchase"}"#, viewer) == "400 invalid_plan_id")
                #expect(try await world.count("orders", alba) == 1)
            }
        }
    }

    @Test func `who asks too often is told when to come back`() async throws {
        var settings = Gate.Settings()
        settings.rateLimit = .sliding(limit: 3, window: 60_000)
        try await withDatabase { [settings] database in
            try await GateWorld.with(database, settings: settings) { world in
                let (alba, key) = (world.alba, [("x-api-key", world.alba.alice.key)])
                var left: [String?] = []
                for _ in 0..<3 { left.append(try await plans(world, key).headers[.rateLimitRemaining]) }
                #expect(left == ["2", "1", "0"])

                // Before anything of the request is read, and after the credentials.
                let refused = try await world.post("not json", by: alba.alice, of: alba)
                #expect(refused.outcome == "429 rate_limited")
                #expect(refused.headers[.rateLimitLimit] == "3")
                #expect(refused.headers[.rateLimitRemaining] == "0")
                #expect(refused.headers[.rateLimitReset] != nil)
                let wait = try #require(refused.headers[.retryAfter].flatMap(Int64.init))
                #expect((60...62).contains(wait))
                #expect(try await plans(world, [("x-api-key", "rk_wrong")]).outcome == "401 unauthorized")
                #expect(try await plans(world, [("x-api-key", alba.bob.key)]).outcome == "200")
                #expect(
                    try await world.get("op=plans", by: world.brio.alice, of: world.brio).outcome == "200")

                world.clock.advance(milliseconds: wait * 1_000)
                let again = try await plans(world, key)
                #expect(again.outcome == "200")
                // Refusals for what is wrong with a request count and carry the headers too.
                let wrong = try await world.get("op=nothing", by: alba.alice, of: alba)
                #expect(wrong.outcome == "400 unknown_op")
                #expect(wrong.headers[.rateLimitRemaining] == "1")
            }
        }
    }

    @Test func `a key's own limit replaces the dialect's`() async throws {
        var settings = Gate.Settings()
        settings.rateLimit = .sliding(limit: 1, window: 60_000)
        try await withDatabase { [settings] database in
            try await GateWorld.with(database, settings: settings) { world in
                let alba = world.alba
                try await world.execute(
                    "UPDATE api_keys SET rate_limit = 'off' WHERE customer_id = \(alba.alice.id)")
                try await world.execute(
                    "UPDATE api_keys SET rate_limit = '2/1h' WHERE customer_id = \(alba.bob.id)")
                var outcomes: [String] = []
                for _ in 0..<3 {
                    let reply = try await plans(world, [("x-api-key", alba.alice.key)])
                    #expect(reply.headers[.rateLimitLimit] == nil)
                    outcomes.append(reply.outcome)
                    outcomes.append(try await plans(world, [("x-api-key", alba.bob.key)]).outcome)
                }
                #expect(outcomes == ["200", "200", "200", "200", "200", "429 rate_limited"])
            }
        }
    }
}
