import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Gate door", .database)
struct GateDoorTests {
    @Test func `plans are those on offer, in the catalogue's order and then by price`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let alba = world.alba
                let reply = try await world.get("op=plans", by: alba.bob, of: alba)
                let plans = reply.json["plans"]?.arrayValue ?? []
                #expect(
                    plans.map { $0["id"]?.stringValue }
                        == [
                            alba.mobile30, alba.mobile7, alba.vienna30, alba.madrid30, alba.resold,
                            alba.berlin30, alba.dear,
                        ].map(\.gate))
                #expect(
                    plans[0]["network"] == [
                        "name": "NL-AMS", "city": "Amsterdam", "country": "NL", "networkType": "mobile",
                    ])
                #expect(
                    plans.map { $0["popular"]?.boolValue } == [
                        true, false, false, false, false, false, false,
                    ])
            }
        }
    }

    @Test func `both mounts answer the same, and links begin with the mount`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                _ = try await world.buy(alba.mobile30, by: alice, of: alba)
                let onHost = try await world.get("op=subscriptions", by: alice, of: alba)
                let onMount = try await world.ask(
                    DoorRequest(
                        method: .get, target: "\(alba.mount)/api/proxy?op=subscriptions",
                        host: "localhost:8080",
                        headers: [("x-api-key", alice.key)]))

                let bare = try #require(onHost.subscriptions[0]["rotate"]?["rotatePath"]?.stringValue)
                #expect(bare.hasPrefix("/r/"))
                #expect(onMount.body == onHost.body.replacing(bare, with: alba.mount + bare))
                for target in [bare, alba.mount + bare] {
                    let host = target == bare ? alba.host : "localhost"
                    let rotated = try await world.ask(DoorRequest(method: .post, target: target, host: host))
                    #expect(rotated.body == #"{"ok":true}"#)
                    world.clock.advance(milliseconds: 30_000)
                }
            }
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.put, "/api/proxy", "405 method_not_allowed", "GET, POST"),
        (.patch, "/api/proxy?op=plans", "405 method_not_allowed", "GET, POST"),
        (.delete, "/api/proxy", "405 method_not_allowed", "GET, POST"),
        (.head, "/api/proxy?op=plans", "405 method_not_allowed", "GET, POST"),
        (.delete, "/r/abc", "405 method_not_allowed", "GET, POST"),
        (.post, "/openapi.json", "405 method_not_allowed", "GET"),
        (.options, "/api/proxy", "204", "GET, POST"),
        (.options, "/r/abc", "204", "GET, POST"),
        (.options, "/openapi.json", "204", "GET"),
        (.get, "/api/proxy/", "404 not_found", ""),
        (.get, "/api/proxies", "404 not_found", ""),
        (.get, "/api/%70roxy?op=plans", "404 not_found", ""),
        (.get, "/api//proxy?op=plans", "404 not_found", ""),
        (.get, "/t/alba/gate/api/proxy?op=plans", "404 not_found", ""),
        (.get, "/", "404 not_found", ""),
        (.get, "/r/", "404 not_found", ""),
        (.get, "/r/abc", "404 rotate_link_not_found", ""),
        (.get, "/api/proxy?op=plans", "401 unauthorized", ""),
        (.post, "/api/proxy", "401 unauthorized", ""),
    ])
    func `paths, methods and credentials come first`(
        method: HTTPRequest.Method, target: String, outcome: String, allow: String
    ) async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let reply = try await world.ask(
                    DoorRequest(method: method, target: target, host: world.alba.host))
                #expect(reply.outcome == outcome)
                #expect((reply.headers[.allow] ?? "") == allow)
            }
        }
    }

    @Test func `size and kind of a body are checked`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let alba = world.alba
                func post(_ body: String, type: String?) async throws -> String {
                    var headers = [("x-api-key", alba.alice.key)]
                    if let type { headers.append(("Content-Type", type)) }
                    let request = DoorRequest(
                        method: .post, target: "/api/proxy", host: alba.host, headers: headers, body: body)
                    return try await world.ask(request).outcome
                }

                let large = try await post(String(repeating: " ", count: 65_537), type: "application/json")
                #expect(large == "413 body_too_large")
                for type in [
                    "application/json", "Application/JSON; charset=UTF-8",
                    "application/json;charset=\"utf-8\"", nil,
                ] {
                    #expect(try await post("{}", type: type) == "400 unknown_op")
                }
                for type in [
                    "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "",
                    "json",
                ] {
                    #expect(try await post("{}", type: type) == "415 unsupported_media_type", "\(type)")
                }
                // No body says nothing about its kind.
                #expect(try await post("", type: "text/plain") == "400 invalid_json")
                // The op of a POST is in its body (G9).
                let query = DoorRequest(
                    method: .post, target: "/api/proxy?op=plans&op=plans", host: alba.host,
                    headers: [("x-api-key", alba.alice.key)], body: #"{"op":"plans"}"#)
                #expect(try await world.ask(query).outcome == "400 unknown_op")
            }
        }
    }
}
