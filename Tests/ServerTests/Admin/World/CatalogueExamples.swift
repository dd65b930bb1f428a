import Catalog
import HTTPTypes
import Primitives
import TestSupport

@testable import Server

extension AdminWorld {
    /// What the walk asks of an operation of the catalogue; other operations need nothing more.
    func fillCatalogue(
        _ example: inout AdminExample, _ endpoint: AdminEndpoint, _ slug: String, _ number: Int
    ) async throws {
        guard endpoint.tag == "catalogue" else { return }
        if endpoint.isConditional { example.headers[.ifMatch] = "*" }
        if endpoint.name == "replaceCatalogue" {
            example.body = [
                "tenants": [
                    ["slug": .string(slug), "name": .string("\(slug) \(number)"), "currency": "USD"]
                ]
            ]
        }
        let found = CatalogueKind.allCases.first { endpoint.path.hasPrefix("/catalogue/\($0.list)") }
        guard let kind = found else { return }
        if endpoint.method == .post {
            if kind == .gateway { _ = try await make(.network, number, slug) }
            example.body = Self.new(kind, number)
        }
        guard endpoint.path.contains("{name}") else { return }
        if kind == .gateway { _ = try await make(.network, number, slug) }
        example.path = example.path.replacing("{name}", with: try await make(kind, number, slug))
        if endpoint.method == .patch { example.body = Self.change(of: kind) }
        if endpoint.name == "tryCatalogueCoupon" {
            example.path += "?plan=\(try await make(.plan, number, slug))"
        }
    }

    /// Lets the platform's owner make one, and answers its name.
    func make(_ kind: CatalogueKind, _ number: Int, _ slug: String) async throws -> String {
        let body = Self.new(kind, number)
        let reply = try await ask(
            .post, "/tenants/\(slug)/catalogue/\(kind.list)", as: key(.owner), body: body)
        guard reply.status == 201 else { throw NotMade(reply: reply.body) }
        return reply.json[kind.nameKey]?.stringValue ?? ""
    }

    private struct NotMade: Error {
        let reply: String
    }

    static func new(_ kind: CatalogueKind, _ number: Int) -> JSON {
        switch kind {
        case .host: ["host": .string("h\(number).example.test"), "dialect": "gate"]
        case .network:
            ["code": .string("N\(number)"), "city": "Amsterdam", "country": "NL", "type": "mobile"]
        case .gateway:
            [
                "name": .string("g\(number)"), "network": .string("N\(number)"),
                "host": .string("g\(number).example.test"), "ports": "12001-12010", "protocols": ["http"],
            ]
        case .plan:
            [
                "code": .string("p\(number)"), "name": "Plan", "product": "proxy_pool", "duration": "30d",
                "price": "12.00 USD", "sells_in": ["octoprox"], "limits": ["max_proxies": 200],
            ]
        case .coupon: ["code": .string("C\(number)"), "percent_off": "20"]
        case .group: ["code": .string("G\(number)"), "name": "Partners"]
        }
    }

    private static func change(of kind: CatalogueKind) -> JSON {
        switch kind {
        case .host: ["dialect": "proxaro"]
        case .network: ["city": "Rotterdam", "asn": "AS1136"]
        case .gateway: ["ports": "12001-12020"]
        case .plan: ["price": "13.00 USD", "threads": 5]
        case .coupon: ["percent_off": .null, "amount_off": "5.00 USD"]
        case .group: ["name": "Friends", "prices": [:]]
        }
    }
}
