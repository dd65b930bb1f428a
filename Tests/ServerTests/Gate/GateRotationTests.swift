import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Gate rotate links", .database)
struct GateRotationTests {
    private func rotate(
        _ path: String, _ world: GateWorld, at tenant: GateTenant? = nil
    ) async throws -> DoorReply {
        try await world.ask(
            DoorRequest(method: .get, target: path, host: (tenant ?? world.alba).host))
    }

    private func path(_ id: String, _ world: GateWorld) async throws -> String {
        let subscription = try await world.subscription(id, by: world.alba.alice, of: world.alba)
        return try #require(subscription?["rotate"]?["rotatePath"]?.stringValue)
    }

    @Test func `a link asks for another exit, at most once per interval`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let id = try await world.buy(world.alba.mobile30, by: world.alba.alice, of: world.alba)
                let link = try await path(id, world)

                #expect(try await rotate(link, world).body == #"{"ok":true}"#)
                world.clock.advance(milliseconds: 1_001)
                let soon = try await rotate(link, world)
                #expect(soon.outcome == "429 rate_limited")
                #expect(soon.headers[.retryAfter] == "29")
                world.clock.advance(milliseconds: 28_999)
                #expect(try await rotate(link, world).outcome == "200")
            }
        }
    }

    @Test func `a link of a plan without rotation, of the past and of nobody`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let fixed = try await path(try await world.buy(alba.berlin30, by: alice, of: alba), world)
                let short = try await path(try await world.buy(alba.mobile7, by: alice, of: alba), world)

                #expect(try await rotate(fixed, world).outcome == "409 rotation_unavailable")
                #expect(try await rotate(short, world, at: world.brio).outcome == "404 rotate_link_not_found")
                #expect(try await rotate(short.uppercased(), world).outcome == "404 not_found")
                #expect(try await rotate(short + "0", world).outcome == "404 rotate_link_not_found")
                #expect(try await rotate("/r/abcd1234", world).outcome == "404 rotate_link_not_found")
                world.clock.advance(days: 7)
                #expect(try await rotate(short, world).outcome == "404 rotate_link_not_found")
            }
        }
    }

    @Test func `one link cannot keep the database busy`() async throws {
        var settings = Gate.Settings()
        settings.rotateLinkLimit = .sliding(limit: 2, window: 60_000)
        settings.rotateIntervalMilliseconds = 0
        try await withDatabase { [settings] database in
            try await GateWorld.with(database, settings: settings) { world in
                let link = try await path(
                    try await world.buy(world.alba.mobile30, by: world.alba.alice, of: world.alba), world)
                var outcomes: [String] = []
                for _ in 0..<3 { outcomes.append(try await rotate(link, world).outcome) }
                #expect(outcomes == ["200", "200", "429 rate_limited"])
            }
        }
    }
}
