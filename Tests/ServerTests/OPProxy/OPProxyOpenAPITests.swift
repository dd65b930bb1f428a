import Foundation
import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("OP-Proxy OpenAPI document")
struct OPProxyOpenAPITests {
    private let file = "\(TestPaths.repository)/docs/openapi/opproxy.json"

    /// `UPDATE_FIXTURES=1` writes it.
    @Test func `the kept document is the one that is served`() throws {
        var kept = OPProxy.openAPIDocument(mountedAt: "").objectValue!
        kept["servers"] = [
            [
                "url": "/t/{tenant}/opproxy/api/v1", "description": "Below any host of the platform.",
                "variables": ["tenant": ["default": "volga", "description": "The reseller's slug."]],
            ],
            ["url": "/api/v1", "description": "At the root of a tenant's own host."],
        ]
        try GoldenFile.expect(JSON.object(kept).pretty() + "\n", inFile: file)
    }

    @Test func `an independent validator takes the document`() async throws {
        try await Python.run(["-m", "openapi_spec_validator", file], needing: "openapi_spec_validator")
        let served = "/tmp/opproxy-openapi-\(UInt64.random(in: 0...UInt64.max)).json"
        try String(decoding: OPProxy.openAPI(mountedAt: "/t/volga/opproxy"), as: UTF8.self)
            .write(toFile: served, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: served) }
        try await Python.run(["-m", "openapi_spec_validator", served], needing: "openapi_spec_validator")
    }

    /// Whatever the golden exchanges answered is what the document promises, and what was accepted is what it allows.
    @Test func `every golden exchange is as the document says`() async throws {
        try await Python.run(
            [
                "\(TestPaths.repository)/Tests/python/conformance.py", file,
                TestPaths.fixture("dialects/opproxy"),
            ], needing: "jsonschema")
    }

    /// Generators name functions after them.
    @Test func `operation ids are unique and every route has one`() throws {
        let document = OPProxy.openAPIDocument(mountedAt: "")
        var found: [String: String] = [:]
        for path in try #require(document["paths"]?.objectValue).members {
            for operation in path.value.objectValue?.members ?? [] {
                guard let id = operation.value["operationId"]?.stringValue else { continue }
                #expect(found[id] == nil, "\(id) is named twice")
                found[id] = "\(operation.key.uppercased()) \(path.key)"
                #expect(operation.value["responses"]?["200"] != nil)
            }
        }
        #expect(Set(found.keys) == Set(OPProxy.Endpoint.allCases.map(\.rawValue)))
        for (id, route) in found {
            let parts = route.split(separator: " ")
            let path = OPProxy.basePath + parts[1].replacing("{id}", with: "65aa1100b2c3d4e5f6a7b8d0")
            guard
                case .found(let match) = OPProxy.routeTable.match(HTTPRequest.Method(String(parts[0]))!, path)
            else {
                Issue.record("\(route) is no route")
                continue
            }
            #expect(match.name == id)
        }
    }

    @Test(.database) func `the document is served without a key at both mounts`() async throws {
        try await withDatabase { database in
            try await OPWorld.with(database) { world in
                for (host, prefix) in [(world.volga.host, ""), ("localhost", world.volga.mount)] {
                    let reply = try await world.ask(
                        DoorRequest(method: .get, target: "\(prefix)/api/v1/openapi.json", host: host))
                    #expect(reply.outcome == "200")
                    #expect(reply.json["servers"] == [["url": .string("\(prefix)/api/v1")]])
                }
            }
        }
    }
}
