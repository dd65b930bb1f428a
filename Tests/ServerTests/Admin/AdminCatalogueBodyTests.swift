import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Whole catalogues that are sent", .database)
struct AdminCatalogueBodyTests {
    private func put(
        _ world: AdminWorld, _ text: String, as type: String, of slug: String = "alba",
        by visitor: AdminVisitor? = nil, _ headers: HTTPFields = [:]
    ) async throws -> AdminReply {
        var headers = headers
        headers[.authorization] = "Bearer \((visitor ?? world.person(.catalogue, of: 1)).token)"
        headers[.contentType] = type
        if headers[.ifMatch] == nil { headers[.ifMatch] = "*" }
        return AdminReply(
            try await world.door.ask(
                .put, "/admin/v1/tenants/\(slug)/catalogue", host: "books.test", headers, body: text))
    }

    private let plans = """
        tenants:
          - slug: alba
            name: alba
            currency: USD
            plans:
              - {code: big, name: Q&A, product: proxy_pool, duration: 30d, price: 12.00 USD, sells_in: [octoprox], limits: {max_proxies: 200}}
        """

    @Test func `YAML is taken as the file that it is, once under its key and with its record`() async throws {
        let world = try await AdminWorld(books: false)
        let brio = try await world.catalogue(.get, of: "brio")
        let key: HTTPFields = [.idempotencyKey: "yaml"]
        let first = try await put(world, plans, as: "application/yaml", key)
        let second = try await put(world, plans, as: "application/yaml; charset=utf-8", key)
        #expect((first.status, first.body) == (200, second.body), "\(first.body)")
        #expect(second.headers[.idempotencyHit] == "true")
        let plan = try await world.catalogue(.get, "/plans/big")
        #expect(plan.json["price"] == "12.00 USD" && plan.json["name"] == "Q&A")
        let record = try #require(try await world.lastRecord(of: 1))
        #expect((record.action, record.object) == ("replaceCatalogue", "catalogue"))
        // What is shown as YAML can be sent back, and changes nothing.
        let shown = try await world.catalogue(.get, "", [.accept: "application/yaml"])
        let back = try await put(
            world, shown.body, as: "application/yaml", [.ifMatch: shown.headers[.eTag] ?? ""])
        #expect(back.status == 200 && back.json["changes"] == [], "\(back.body)")
        let stale = try await put(world, plans, as: "application/yaml", [.ifMatch: "\"old\""])
        #expect(stale.outcome == "412 precondition_failed")
        let support = try await put(
            world, plans, as: "application/yaml", by: world.person(.support, of: 1))
        #expect(support.outcome == "403 forbidden")
        let foreign = try await put(
            world, plans, as: "application/yaml", by: world.person(.owner, of: 2))
        #expect(foreign.outcome == "404 not_found")
        #expect(try await world.catalogue(.get, of: "brio").body == brio.body)
    }

    @Test func `what is wrong with it is told at its place, and nothing changes`() async throws {
        let world = try await AdminWorld(books: false)
        let before = try await world.marks()
        for (text, outcome) in [
            ("tenants: [", "400 invalid_yaml"), ("tenants: &a [*a]", "400 invalid_yaml"),
            ("", "400 invalid_yaml"),
            ("- 1", "400 invalid_json"), ("tenants: []\nothers: []", "422 invalid_field"),
            (plans.replacing("slug: alba", with: "slug: brio"), "422 invalid_field"),
            (plans + "\n    customers: []", "422 invalid_field"),
            (plans.replacing("12.00 USD", with: "dear"), "422 invalid_field"),
        ] {
            let reply = try await put(world, text, as: "application/yaml")
            #expect(reply.outcome == outcome, "\(text): \(reply.body)")
        }
        #expect(try await put(world, plans, as: "text/plain").outcome == "415 unsupported_media_type")
        #expect(try await world.marks() == before)
    }

    /// Far more than other bodies may have, here and nowhere else.
    @Test func `a catalogue of several hundred plans fits, and four megabytes are the end`() async throws {
        let world = try await AdminWorld(books: false)
        let many = (0..<600).map { number in
            """
                  - {code: p\(number), name: Plan \(number), product: proxy_pool, duration: 30d, price: 12.00 USD, sells_in: [octoprox], limits: {max_proxies: 200}}
            """
        }
        let head = plans.split(separator: "\n").prefix(5).joined(separator: "\n")
        let text = head + "\n" + many.joined(separator: "\n")
        #expect(text.utf8.count > 64 * 1_024)
        let reply = try await put(world, text, as: "application/yaml")
        #expect(reply.status == 200, "\(reply.body.prefix(500))")
        let list = try await world.catalogue(.get, "/plans?limit=200")
        #expect(list.json["items"]?.arrayValue?.count == 200 && list.json["next_cursor"] != .null)

        let long = plans + "\n#" + String(repeating: "x", count: 4 * 1_024 * 1_024)
        #expect(try await put(world, long, as: "application/yaml").outcome == "413 body_too_large")
        let elsewhere = AdminReply(
            try await world.door.ask(
                .post, "/admin/v1/tenants/alba/catalogue/plans", host: "books.test",
                [
                    .authorization: "Bearer \(world.person(.owner).token)", .contentType: "application/json",
                ], body: String(repeating: " ", count: 70_000)))
        #expect(elsewhere.outcome == "413 body_too_large")
    }
}
