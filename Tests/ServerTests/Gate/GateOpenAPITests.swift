import Foundation
import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Gate OpenAPI document")
struct GateOpenAPITests {
    /// `UPDATE_FIXTURES=1` writes it.
    @Test func `the kept document is the one that is served`() throws {
        let document = Gate.openAPIDocument(mountedAt: "/t/{tenant}/gate")
        var kept = document.objectValue!
        kept["servers"] = [
            [
                "url": "/t/{tenant}/gate", "description": "Below any host of the platform.",
                "variables": tenant,
            ],
            ["url": "/", "description": "At the root of a tenant's own host."],
        ]
        try GoldenFile.expect(
            JSON.object(kept).pretty() + "\n", inFile: "\(TestPaths.repository)/docs/openapi/gate.json")
    }

    private let tenant: JSON = ["tenant": ["default": "acme", "description": "The reseller's slug."]]

    @Test func `an independent validator takes the document`() async throws {
        for prefix in ["", "/t/acme/gate"] {
            try await check(Gate.openAPI(mountedAt: prefix))
        }
        try await Python.run(
            ["-m", "openapi_spec_validator", "\(TestPaths.repository)/docs/openapi/gate.json"],
            needing: "openapi_spec_validator")
    }

    /// Whatever the golden exchanges answered is what the document promises, and what was accepted is what it allows.
    @Test func `every golden exchange is as the document says`() async throws {
        try await Python.run(
            [
                "\(TestPaths.repository)/Tests/python/conformance.py",
                "\(TestPaths.repository)/docs/openapi/gate.json", TestPaths.fixture("dialects/gate"),
            ], needing: "jsonschema")
    }

    @Test func `the document names its mount and lists every code`() throws {
        let document = Gate.openAPIDocument(mountedAt: "/t/acme/gate")
        #expect(document["servers"] == [["url": "/t/acme/gate"]])
        #expect(Gate.openAPIDocument(mountedAt: "")["servers"] == [["url": "/"]])
        let codes = document["components"]?["schemas"]?["Error"]?["properties"]?["code"]?["enum"]?.arrayValue
        #expect(codes?.compactMap(\.stringValue) == Gate.Problem.all.map(\.code))
    }

    @Test(.database) func `the document is served without a key at both mounts`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let alba = world.alba
                for (host, prefix) in [(alba.host, ""), ("localhost", alba.mount)] {
                    let reply = try await world.ask(
                        DoorRequest(method: .get, target: "\(prefix)/openapi.json", host: host))
                    #expect(reply.outcome == "200")
                    #expect(reply.body == String(decoding: Gate.openAPI(mountedAt: prefix), as: UTF8.self))
                }
            }
        }
    }

    private func check(_ document: [UInt8]) async throws {
        let file = "/tmp/gate-openapi-\(UInt64.random(in: 0...UInt64.max)).json"
        try String(decoding: document, as: UTF8.self).write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        try await Python.run(["-m", "openapi_spec_validator", file], needing: "openapi_spec_validator")
    }
}

extension JSON {
    /// Two spaces a level, members in their order; for files that people read.
    func pretty(_ indent: String = "") -> String {
        let inner = indent + "  "
        switch self {
        case .object(let object) where !object.isEmpty:
            let members = object.members.map {
                "\(inner)\(JSON.string($0.key).text): \($0.value.pretty(inner))"
            }
            return "{\n\(members.joined(separator: ",\n"))\n\(indent)}"
        case .array(let elements) where elements.contains { $0.objectValue != nil || $0.arrayValue != nil }:
            return "[\n\(elements.map { inner + $0.pretty(inner) }.joined(separator: ",\n"))\n\(indent)]"
        case .array(let elements): return "[\(elements.map(\.text).joined(separator: ", "))]"
        case .null, .bool, .integer, .number, .string, .object: return text
        }
    }

    private var text: String { String(decoding: encoded(), as: UTF8.self) }
}
