import Foundation
import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Where the admin API stands", .database)
struct AdminDoorTests {
    private func ask(
        _ world: AdminWorld, _ method: HTTPRequest.Method, _ target: String, host: String = "books.test",
        _ headers: HTTPFields = [:], body: String? = nil
    ) async throws -> AdminReply {
        AdminReply(try await world.door.ask(method, target, host: host, headers, body: body))
    }

    @Test func `it is the platform's, and below no tenant and on no tenant's host`() async throws {
        let world = try await AdminWorld()
        #expect(try await ask(world, .get, "/admin/v1/openapi.json").status == 200)
        #expect(try await ask(world, .get, "/admin/v1/me").outcome == "401 unauthorized")
        for path in ["/t/alba/admin/v1/openapi.json", "/t/alba/admin/v1/me"] {
            #expect(try await ask(world, .get, path).status == 404)
        }
        let host = world.tenants.alba.host
        let reply = try await ask(world, .get, "/admin/v1/openapi.json", host: host)
        #expect(reply.status == 404)
        #expect(reply.body == "tiny: path unknown")
        #expect(try await ask(world, .get, "/admin").status == 404)
        #expect(try await ask(world, .get, "/administration/v1/me").status == 404)
    }

    @Test func `paths, methods, types and sizes are checked in its own words`() async throws {
        let world = try await AdminWorld()
        let authorization: HTTPFields = [.authorization: "Bearer \(world.person(.owner).token)"]
        let json = authorization.merging([.contentType: "application/json"])
        #expect(try await ask(world, .get, "/admin/v1/nothing").outcome == "404 not_found")
        let method = try await ask(world, .put, "/admin/v1/people", authorization)
        #expect(method.outcome == "405 method_not_allowed")
        #expect(method.headers[.allow] == "GET, POST")
        let type = authorization.merging([.contentType: "text/plain"])
        #expect(
            try await ask(world, .post, "/admin/v1/people", type, body: "{}").outcome
                == "415 unsupported_media_type")
        for body in ["", "[]", "{", #"{"a":1,"a":2}"#, "\"x\""] {
            #expect(
                try await ask(world, .post, "/admin/v1/people", json, body: body).outcome
                    == "400 invalid_json")
        }
        let large = String(repeating: " ", count: 70_000)
        #expect(
            try await ask(world, .post, "/admin/v1/people", json, body: large).outcome
                == "413 body_too_large")
    }

    @Test func `too many requests of one are refused, and nobody else's`() async throws {
        let world = try await AdminWorld(requests: .sliding(limit: 3, window: 60_000))
        let owner = world.person(.owner)
        for left in [2, 1, 0] {
            let reply = try await world.ask(.get, "/me", as: owner)
            #expect((reply.status, reply.headers[.rateLimitRemaining]) == (200, String(left)))
        }
        let reply = try await world.ask(.get, "/me", as: owner)
        #expect(reply.outcome == "429 rate_limited")
        #expect(Int(reply.headers[.retryAfter] ?? "") ?? 0 > 0)
        #expect(try await world.ask(.get, "/me", as: world.person(.owner, of: 1)).status == 200)
    }

    @Test func `its reference is at /admin/docs`() async throws {
        let world = try await AdminWorld()
        let page = try await ask(world, .get, "/admin/docs")
        #expect(page.status == 200)
        #expect(page.body.contains("<title>Tollgate: admin API</title>"))
        #expect(page.body.contains(#"data-document="v1/openapi.json""#))
    }
}

extension HTTPFields {
    fileprivate func merging(_ others: HTTPFields) -> HTTPFields {
        var all = self
        for field in others { all[field.name] = field.value }
        return all
    }
}

@Suite("The admin API's OpenAPI document")
struct AdminOpenAPITests {
    private let file = "\(TestPaths.repository)/docs/openapi/admin.json"

    /// `UPDATE_FIXTURES=1` writes it.
    @Test func `the kept document is the one that is served`() throws {
        try GoldenFile.expect(AdminAPI.openAPIDocument().pretty() + "\n", inFile: file)
    }

    @Test func `an independent validator takes the document`() async throws {
        try await Python.run(["-m", "openapi_spec_validator", file], needing: "openapi_spec_validator")
    }

    @Test func `operation ids are unique, and every operation says who may`() throws {
        let names = AdminAPI.endpoints.map(\.name)
        #expect(Set(names).count == names.count)
        let schemas = try #require(AdminAPI.openAPIDocument()["components"]?["schemas"]?.objectValue)
        for endpoint in AdminAPI.endpoints {
            for schema in [endpoint.body, endpoint.answer].compactMap(\.self) {
                #expect(schemas[schema] != nil, "\(endpoint.name): \(schema)")
            }
            switch endpoint.handler {
            case .open: #expect(endpoint.permission == .anybody)
            case .admitted: #expect(endpoint.permission != .anybody)
            }
        }
    }

    /// The number is part of the key, and so is the check: what was mistyped anywhere is no key.
    @Test func `a key is read back, and no other text is one`() {
        var random = SplitMix64(seed: 7)
        for number in [0, 1, 42, Int64.max] {
            let key = AdminKeyText(for: StaffScope(TenantID(number)), SystemRandom())
            #expect(AdminKeyText(key.text) == key)
            var letters = Array(key.text.utf8)
            let place = Int.random(in: 4..<letters.count, using: &random)
            letters[place] = letters[place] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
            #expect(AdminKeyText(String(decoding: letters, as: UTF8.self)) == nil)
            #expect(AdminKeyText(key.text + "a") == nil)
            #expect(AdminKeyText(key.text.uppercased()) == nil)
        }
        for text in ["", "tga_", "tga__", "tga_-1_x", "tga_01_\(String(repeating: "a", count: 38))"] {
            #expect(AdminKeyText(text) == nil)
        }
    }
}
