import Catalog
import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("A catalogue through the admin API, as a file", .database)
struct AdminCatalogueTests {
    private struct Change {
        let method: HTTPRequest.Method
        let path: String
        let body: JSON?

        init(_ method: HTTPRequest.Method, _ path: String, _ body: JSON? = nil) {
            (self.method, self.path, self.body) = (method, path, body)
        }
    }

    /// What anybody might do to the demo.
    private static let changes: [Change] = [
        Change(.patch, "/plans/mobile-nl-30d", ["price": "13.50 USD", "trial": .null, "popular": false]),
        Change(.patch, "/plans/growth", ["bandwidth_gb": .null, "features": ["asn_targeting", "x"]]),
        Change(.patch, "/coupons/fiveoff", ["plans": .null, "per_customer": 3]),
        Change(.patch, "/coupons/LASTONE", ["percent_off": .null, "amount_off": "1 USD"]),
        Change(
            .patch, "/gateways/ams-1",
            ["protocols": ["http"], "vless_port": .null, "shadowsocks_port": .null]),
        Change(.post, "/networks", ["code": "FR", "city": "Paris", "country": "FR", "type": "isp"]),
        Change(
            .post, "/gateways",
            [
                "name": "par-1", "network": "FR", "host": "127.0.0.1", "ports": "16001-16500",
                "protocols": ["http"],
            ]),
        Change(
            .post, "/plans",
            [
                "code": "fr", "name": "FR", "product": "proxy", "connection": "private", "network": "FR",
                "duration": "1mo", "price": "9 USD", "auto_renew": true, "sells_in": ["gate"],
            ]),
        Change(.post, "/coupons", ["code": "fr", "percent_off": "12.5", "plans": ["fr"]]),
        Change(.post, "/hosts", ["host": "fr.acme.test", "dialect": "gate"]),
        Change(.delete, "/hosts/march.acme.test"), Change(.delete, "/plans/scale"),
        Change(.delete, "/networks/AT-VIE"), Change(.delete, "/gateways/vie-1"),
        Change(.delete, "/coupons/WELCOME20"),
    ]

    @Test func `what is shown of the demo's tenants is what apply finds done, and so it is after changes`()
        async throws
    {
        let world = try await AdminWorld(books: false)
        try await world.office.apply(Office.demo())
        for slug in ["acme", "volga"] { try await world.expectShownIsWhatIs(slug) }
        let acme = try await world.catalogue(.get, of: "acme").json["tenants"]?.arrayValue?.first
        #expect(acme?["plans"]?.arrayValue?.count == 10 && acme?["sandbox"] == true)
        #expect(acme?["wholesale"] == ["credit_limit": "0.00 USD"])

        for change in Self.changes {
            let reply = try await world.catalogue(
                change.method, change.path, of: "acme", [.ifMatch: "*"], body: change.body)
            #expect(reply.status == (change.method == .post ? 201 : 200), "\(change.path): \(reply.body)")
        }
        try await world.expectShownIsWhatIs("acme")
        try await world.expectShownIsWhatIs("volga")
        // The sandbox has followed, with gateways that are played.
        #expect(
            try await world.office.ask(
                """
                SELECT t.slug, g.driver, g.last_port::text FROM gateways g JOIN tenants t ON t.id = g.tenant_id
                WHERE g.name = 'par-1' ORDER BY 1
                """) == ["acme simulated 16500", "acme-sandbox simulated 16200"])
        #expect(
            try await world.office.ask(
                "SELECT version::text FROM plans WHERE code = 'mobile-nl-30d' ORDER BY 1") == ["2", "2"])
    }

    /// Whatever is accepted, the file of it is what is there; whatever is refused, nothing of it is.
    @Test(arguments: [7, 8] as [UInt64])
    func `random changes are accepted whole or refused, and shown as they are`(seed: UInt64) async throws {
        let world = try await AdminWorld(books: false)
        var random = SplitMix64(seed: seed)
        var statuses: [Int: Int] = [:]
        // So that there is something to refer to.
        for (slug, code) in [("alba", "a"), ("alba", "b"), ("brio", "a"), ("brio", "c")] {
            let reply = try await world.catalogue(
                .post, "/networks", of: slug,
                body: ["code": .string(code), "city": "Oslo", "country": "NO", "type": "isp"])
            #expect(reply.status == 201)
        }
        for step in 1...240 {
            let slug = Bool.random(using: &random) ? "alba" : "brio"
            let (method, path, body) = RandomChange.next(using: &random)
            let before = step % 10 == 0 ? try await world.rows() : ""
            let reply = try await world.catalogue(method, path, of: slug, [.ifMatch: "*"], body: body)
            #expect([200, 201, 404, 409, 422].contains(reply.status), "\(path) \(reply.body)")
            statuses[reply.status, default: 0] += 1
            if step % 10 == 0, reply.status >= 400 {
                let after = try await world.rows()
                #expect(before == after)
            }
            if step % 30 == 0 { for slug in ["alba", "brio"] { try await world.expectShownIsWhatIs(slug) } }
        }
        #expect(statuses[200] ?? 0 > 10 && statuses[201] ?? 0 > 5 && statuses[422] ?? 0 > 5, "\(statuses)")
    }

    private static let wrong: [(name: String, value: JSON, field: String?)] = [
        ("slug", "brio", "tenants[0].slug"), ("customers", [], "tenants[0].customers"),
        ("sandbox", false, "tenants[0].sandbox"), ("active", false, "tenants[0].active"),
        ("wholesale", ["credit_limit": "5 USD"], "tenants[0].wholesale"),
        ("currency", "EUR", "tenants[0].currency"), ("colour", "red", "tenants[0].colour"),
        ("coupons", [twice, twice], nil), ("plans", [foreign], "tenants[0].plans[0].price"),
    ]

    private static let twice: JSON = ["code": "a", "percent_off": "5"]
    private static let foreign: JSON = [
        "code": "a", "name": "A", "product": "p", "duration": "1d", "price": "1 EUR",
    ]

    @Test func `a whole file is applied, tried, pruned or refused as apply does it`() async throws {
        let world = try await AdminWorld(books: false)
        let owner = world.person(.catalogue, of: 1)
        for code in ["A", "B"] {
            _ = try await world.catalogue(
                .post, "/networks", as: owner,
                body: ["code": .string(code), "city": "Oslo", "country": "NO", "type": "isp"])
        }
        let shown = try await world.catalogue(.get, as: owner)
        let tag = try #require(shown.headers[.eTag])
        var tenant = try #require(shown.json["tenants"]?.arrayValue?.first?.objectValue)
        tenant["name"] = "Alba"
        tenant["networks"] = [["code": "A", "city": "Bergen", "country": "NO", "type": "isp"]]
        tenant["coupons"] = [["code": "new", "percent_off": "5"]]
        func put(_ tenant: JSONObject, _ query: String = "", _ tag: String? = "*") async throws -> AdminReply
        {
            try await world.catalogue(
                .put, query, as: owner,
                tag.map { HTTPFields([HTTPField(name: .ifMatch, value: $0)]) } ?? HTTPFields(),
                body: ["tenants": [.object(tenant)]])
        }
        let before = try await world.rows()
        let tried = try await put(tenant, "?dry_run=true&prune=true", tag)
        #expect(tried.status == 200 && tried.json["dry_run"] == true, "\(tried.body)")
        let lines = tried.json["changes"]?.arrayValue?.filter { $0["tenant"] == "alba" }.map {
            "\($0["action"]?.stringValue ?? "") \($0["kind"]?.stringValue ?? "") \($0["name"]?.stringValue ?? "")"
        }
        // things.alba.test is listed, so it stays.
        #expect(
            lines == ["change tenant alba", "change network A", "deactivate network B", "create coupon NEW"])
        let after = try await world.rows()
        #expect(before == after)

        #expect(try await put(tenant, "", nil).outcome == "428 precondition_required")
        let done = try await put(tenant, "?prune=true", tag)
        #expect(done.json["changes"] == tried.json["changes"])
        #expect(try await put(tenant, "?prune=true", tag).outcome == "412 precondition_failed")
        let again = try await put(tenant, "?prune=true")
        #expect(again.json["changes"] == [])
        let record = try #require(try await world.lastRecord(of: 1))
        #expect(record.action == "replaceCatalogue" && record.objectID == "alba")
        #expect(record.before?["network A"] == ["city": "Oslo"])
        #expect(record.after?["network A"] == ["city": "Bergen"])
        #expect(record.before?["tenant alba"] == ["name": "alba"])
        #expect(record.after?["coupon NEW"]?["percent_off"] == "5")
        try await world.expectShownIsWhatIs("alba")
        // The other tenant, of which the file says nothing, is as it was; so are both tenants' people.
        #expect(
            try await world.office.ask("SELECT active::text FROM tenants ORDER BY id") == [
                "true", "true", "true",
            ])

        for (name, value, field) in Self.wrong {
            var wrong = tenant
            wrong[name] = value
            let reply = try await put(wrong)
            #expect(reply.outcome == "422 invalid_field", "\(name): \(reply.body)")
            if let field { #expect(reply.field == field, "\(reply.body)") }
        }
    }
}

/// A change that may be right or wrong, of a few names that meet each other.
enum RandomChange {
    static func next(
        using random: inout SplitMix64
    ) -> (method: HTTPRequest.Method, path: String, body: JSON?) {
        let kind = CatalogueKind.allCases.randomElement(using: &random)!
        let name = ["a", "b", "c"].randomElement(using: &random)!
        let body = members(kind, name, &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0...1: return (.post, "/\(kind.list)", body)
        case 2...3:
            var change = body.objectValue!
            change[kind.nameKey] = nil
            for key in Array(change.keys) where Bool.random(using: &random) { change[key] = nil }
            return (.patch, "/\(kind.list)/\(path(kind, name))", .object(change))
        default: return (.delete, "/\(kind.list)/\(path(kind, name))", nil)
        }
    }

    private static func path(_ kind: CatalogueKind, _ name: String) -> String {
        kind == .host ? "\(name).test" : name
    }

    private static func members(
        _ kind: CatalogueKind, _ name: String, _ random: inout SplitMix64
    ) -> JSON {
        var object = JSONObject()
        object[kind.nameKey] = .string(kind == .host ? "\(name).test" : name)
        for (key, values) in values(kind) { object[key] = values.randomElement(using: &random)! }
        // A gateway has a range or one port, a coupon a percentage or an amount.
        if kind == .gateway { object["shared_port"] = object["ports"] == .null ? 4_000 : .null }
        if kind == .coupon { object["amount_off"] = object["percent_off"] == .null ? "5 USD" : .null }
        return .object(object)
    }

    private typealias Values = [(key: String, values: [JSON])]

    private static func values(_ kind: CatalogueKind) -> Values {
        switch kind {
        case .host: hosts
        case .network: networks
        case .gateway: gateways
        case .plan: plans
        case .coupon: coupons
        case .group: groups
        }
    }

    private static let flags: [JSON] = [true, false]
    private static let hosts: Values = [("dialect", ["gate", "opproxy", "octoprox", "nobody"])]

    private static let groups: Values = [
        ("name", ["Gold", "Silver"]), ("active", flags),
        ("prices", [[:], ["a": "1.00 USD"], ["a": "2.00 USD", "b": "0.50 USD"], ["c": "1.00 EUR"]]),
    ]

    private static let networks: Values = [
        ("city", ["Oslo", "yes", "x: #"]), ("country", ["NO", "NL"]), ("type", ["isp", "mobile"]),
        ("asn", [.null, "AS1136", "1136"]), ("low_stock", [0, 5, .null]), ("active", flags),
    ]

    private static let gateways: Values = [
        ("network", ["a", "b", "c"]), ("host", ["127.0.0.1", "127.0.0.2"]),
        ("ports", ["2000-2010", "2005-2020", "3000-3000", .null]),
        ("protocols", [["http"], ["socks5", "http"]]), ("active", flags),
    ]

    private static let plans: Values = [
        ("name", ["A", "null"]), ("product", ["proxy"]), ("networks", [[], ["a"], ["b", "a"]]),
        ("duration", ["30d", "1mo", "90m", .null]),
        ("price", ["12.00 USD", "0 USD", "3 USD", .null, "1 EUR"]),
        ("wholesale_price", [.null, "1.5 USD"]), ("auto_renew", flags), ("rotation", [[], [0, 5]]),
        ("trial", [.null, "1h"]), ("threads", [.null, 5]), ("bandwidth_gb", [.null, 5, 7]),
        ("sells_in", [[], ["gate"], ["proxaro"]]), ("limits", [[:], ["max_a": -1]]), ("sort_order", [1, 20]),
    ]

    private static let coupons: Values = [
        ("percent_off", ["5", "12.5", .null]), ("max_redemptions", [.null, 3]),
        ("plans", [.null, ["a"], ["b", "c"]]), ("customers", [.null, ["Ann@example.com"]]),
        ("applies_to", [.null, ["purchase"], ["renewal"]]), ("renewals", [.null, 2]),
        ("starts_at", [.null, "2026-01-31T00:00:00.5Z"]),
        ("ends_at", [.null, "2026-03-01T00:00:00Z", "2025-01-01T00:00:00Z"]), ("first_order", flags),
    ]
}
