import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

/// Plays exchanges one after the other and holds each against fixtures/dialects/gate; a second passes between two.
final class GateStage: Sendable {
    let world: GateWorld
    private let stage: ExchangeStage

    init(_ world: GateWorld) {
        self.world = world
        stage = ExchangeStage(world, folder: "dialects/gate")
    }

    /// The codes of the problems that were answered so far.
    var codesSeen: Set<String> { stage.codesSeen }

    @discardableResult
    func play(
        _ name: String, _ request: DoorRequest, shown: String? = nil, reading: BodyReading? = nil
    ) async throws -> DoorReply {
        try await stage.play(name, request, shown: shown, reading: reading)
    }

    @discardableResult
    func get(_ name: String, _ query: String, by customer: GateCustomer? = nil) async throws -> DoorReply {
        try await play(
            name,
            DoorRequest(
                method: .get, target: "/api/proxy?\(query)", host: world.alba.host,
                headers: [("x-api-key", (customer ?? world.alba.alice).key)]))
    }

    @discardableResult
    func post(
        _ name: String, _ body: String, by customer: GateCustomer? = nil, headers: [(String, String)] = []
    ) async throws -> DoorReply {
        try await play(
            name,
            DoorRequest(
                method: .post, target: "/api/proxy", host: world.alba.host,
                headers: [
                    ("x-api-key", (customer ?? world.alba.alice).key), ("Content-Type", "application/json"),
                ] + headers,
                body: body))
    }
}
