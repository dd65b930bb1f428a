import Foundation
import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

/// Plays exchanges at Alba's account API and holds each against fixtures/dialects/account; a second passes between two.
///
/// Tokens differ in every run and are left out.
struct AccountStage {
    let world: AccountWorld

    @discardableResult
    func play(
        _ name: String, _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil,
        as token: String? = nil, headers: [(String, String)] = []
    ) async throws -> DoorReply {
        try await play(name, world.request(method, path, body, as: token, headers: headers))
    }

    @discardableResult
    func play(
        _ name: String, _ request: DoorRequest, reading: BodyReading? = nil
    ) async throws -> DoorReply {
        let reply = try await world.ask(request, reading: reading)
        try GoldenFile.expect(Self.shown(request.text), at: "dialects/account/\(name).request.http")
        try GoldenFile.expect(Self.shown(reply.text), at: "dialects/account/\(name).response.http")
        world.clock.advance(milliseconds: 1_000)
        return reply
    }

    private static func shown(_ text: String) -> String {
        text.replacing(/eyJ[A-Za-z0-9_.\-]+/, with: "eyJ…")
    }
}
