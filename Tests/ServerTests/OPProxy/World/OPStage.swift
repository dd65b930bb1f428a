import HTTPTypes
import Primitives
import Testing

@testable import Server

/// Plays exchanges at Volga's own host; a second passes between two.
struct OPStage {
    let world: OPWorld
    private let stage: ExchangeStage

    init(_ world: OPWorld) {
        self.world = world
        stage = ExchangeStage(world, folder: "dialects/opproxy")
    }

    /// The codes of the problems that were answered so far.
    var codesSeen: Set<String> { stage.codesSeen }

    @discardableResult
    func play(
        _ name: String, _ request: DoorRequest, reading: BodyReading? = nil
    ) async throws -> DoorReply {
        try await stage.play(name, request, reading: reading)
    }

    @discardableResult
    func play(
        _ name: String, _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil,
        by customer: String = "carol", headers: [(String, String)] = []
    ) async throws -> DoorReply {
        try await play(
            name, world.request(method, path, body, by: customer, of: world.volga, headers: headers))
    }
}
