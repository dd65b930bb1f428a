import HTTPTypes
import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Plays exchanges one after the other and holds each against fixtures/dialects/gate; a second passes between two.
final class GateStage: Sendable {
    let world: GateWorld
    private let codes = Mutex<Set<String>>([])

    init(_ world: GateWorld) {
        self.world = world
    }

    /// The codes of the problems that were answered so far.
    var codesSeen: Set<String> { codes.withLock { $0 } }

    @discardableResult
    func play(
        _ name: String, _ request: GateRequest, shown: String? = nil, reading: BodyReading? = nil
    ) async throws -> GateReply {
        let reply = try await world.ask(request, reading: reading)
        try GoldenFile.expect(shown ?? request.text, at: "dialects/gate/\(name).request.http")
        try GoldenFile.expect(reply.text, at: "dialects/gate/\(name).response.http")
        if let code = reply.json["code"]?.stringValue { codes.withLock { _ = $0.insert(code) } }
        world.clock.advance(milliseconds: 1_000)
        return reply
    }

    @discardableResult
    func get(_ name: String, _ query: String, by customer: GateCustomer? = nil) async throws -> GateReply {
        try await play(
            name,
            GateRequest(
                method: .get, target: "/api/proxy?\(query)", host: world.alba.host,
                headers: [("x-api-key", (customer ?? world.alba.alice).key)]))
    }

    @discardableResult
    func post(
        _ name: String, _ body: String, by customer: GateCustomer? = nil, headers: [(String, String)] = []
    ) async throws -> GateReply {
        try await play(
            name,
            GateRequest(
                method: .post, target: "/api/proxy", host: world.alba.host,
                headers: [
                    ("x-api-key", (customer ?? world.alba.alice).key), ("Content-Type", "application/json"),
                ] + headers,
                body: body))
    }
}
