import Foundation
import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Account OpenAPI document")
struct AccountOpenAPITests {
    private let file = "\(TestPaths.repository)/docs/openapi/account.json"

    /// `UPDATE_FIXTURES=1` writes it.
    @Test func `the kept document is the one that is served`() throws {
        var kept = AccountAPI.openAPIDocument(mountedAt: "").objectValue!
        kept["servers"] = [
            [
                "url": "/t/{tenant}/account", "description": "Below any host of the platform.",
                "variables": ["tenant": ["default": "acme", "description": "The reseller's slug."]],
            ]
        ]
        try GoldenFile.expect(JSON.object(kept).pretty() + "\n", inFile: file)
    }

    @Test func `an independent validator takes the document`() async throws {
        try await Python.run(["-m", "openapi_spec_validator", file], needing: "openapi_spec_validator")
        let served = "/tmp/account-openapi-\(UInt64.random(in: 0...UInt64.max)).json"
        try String(decoding: AccountAPI.openAPI(mountedAt: "/t/acme/account"), as: UTF8.self)
            .write(toFile: served, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: served) }
        try await Python.run(["-m", "openapi_spec_validator", served], needing: "openapi_spec_validator")
    }

    /// Whatever the golden exchanges answered is what the document promises, and what was accepted is what it allows.
    @Test func `every golden exchange is as the document says`() async throws {
        try await Python.run(
            [
                "\(TestPaths.repository)/Tests/python/conformance.py", file,
                TestPaths.fixture("dialects/account"),
            ], needing: "jsonschema")
    }

    @Test(.database) func `the document and its page are served without a session`() async throws {
        try await withDatabase { database in
            try await AccountWorld.with(database) { world in
                let reply = try await world.ask(.get, "/v1/openapi.json")
                #expect(reply.outcome == "200")
                #expect(reply.json["servers"] == [["url": "/t/alba/account"]])
                let page = try await world.ask(.get, "/docs")
                #expect(page.status == .ok && page.body.contains("data-document=\"v1/openapi.json\""))
            }
        }
    }
}
