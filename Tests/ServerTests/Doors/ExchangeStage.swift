import HTTPTypes
import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Plays exchanges one after the other and holds each against a folder of fixtures; a second passes between two.
final class ExchangeStage: Sendable {
    let world: any ExchangeWorld
    /// Below `fixtures`.
    let folder: String
    private let codes = Mutex<Set<String>>([])

    init(_ world: any ExchangeWorld, folder: String) {
        self.world = world
        self.folder = folder
    }

    /// The codes of the problems that were answered so far.
    var codesSeen: Set<String> { codes.withLock { $0 } }

    @discardableResult
    func play(
        _ name: String, _ request: DoorRequest, shown: String? = nil, reading: BodyReading? = nil
    ) async throws -> DoorReply {
        let reply = try await world.ask(request, reading: reading)
        try GoldenFile.expect(shown ?? request.text, at: "\(folder)/\(name).request.http")
        try GoldenFile.expect(reply.text, at: "\(folder)/\(name).response.http")
        if let code = reply.code { codes.withLock { _ = $0.insert(code) } }
        world.clock.advance(milliseconds: 1_000)
        return reply
    }
}
