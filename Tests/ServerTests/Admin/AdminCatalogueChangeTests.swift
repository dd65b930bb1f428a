import Catalog
import HTTPTypes
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("One thing of a catalogue through the admin API", .database)
struct AdminCatalogueChangeTests {
    private static let plan: JSON = [
        "code": "month", "name": "Month", "product": "proxy", "connection": "private", "network": "NL",
        "duration": "30d", "price": "12.00 USD", "sells_in": ["gate"],
    ]

    /// A shelf with a network and a gateway at each tenant, under the same names.
    private func stocked() async throws -> AdminWorld {
        let world = try await AdminWorld(books: false)
        for (slug, host) in [("alba", "127.0.0.1"), ("brio", "127.0.0.2")] {
            for (path, body) in [
                ("/networks", ["code": "NL", "city": "Amsterdam", "country": "NL", "type": "mobile"]),
                (
                    "/gateways",
                    [
                        "name": "one", "network": "NL", "host": .string(host), "ports": "12001-12200",
                        "protocols": ["http"],
                    ]
                ), ("/plans", Self.plan), ("/coupons", ["code": "welcome", "percent_off": "20"]),
            ] as [(String, JSON)] {
                let reply = try await world.catalogue(.post, path, of: slug, body: body)
                #expect(reply.status == 201, "\(reply.body)")
            }
        }
        return world
    }

    @Test func `a thing is made, found, changed and switched off, at one tenant and its sandbox alone`()
        async throws
    {
        let world = try await stocked()
        let seller = world.person(.catalogue, of: 1)
        let brio = try await world.catalogue(.get, of: "brio").body
        let shown = try await world.catalogue(.get, "/plans/month", as: seller)
        #expect(shown.json["price"] == "12.00 USD" && shown.json["networks"] == ["NL"])
        #expect(shown.json["trial"] == .null && shown.json["sort_order"] == 10)
        let tag = try #require(shown.headers[.eTag])
        let change: JSON = ["price": "13.00 USD", "trial": "1h"]
        #expect(
            try await world.catalogue(.patch, "/plans/month", as: seller, body: change).outcome
                == "428 precondition_required")
        let changed = try await world.catalogue(
            .patch, "/plans/month", as: seller, [.ifMatch: tag], body: change)
        #expect(changed.json["price"] == "13.00 USD" && changed.json["trial"] == "1h", "\(changed.body)")
        #expect(changed.headers[.eTag] != tag)
        let record = try #require(try await world.lastRecord(of: 1))
        #expect((record.action, record.object, record.objectID) == ("updateCataloguePlan", "plan", "month"))
        #expect(record.before == ["price": "12.00 USD", "trial": .null])
        #expect(record.after == ["price": "13.00 USD", "trial": "1h"])
        #expect(
            try await world.catalogue(.patch, "/plans/month", as: seller, [.ifMatch: tag], body: change)
                .outcome
                == "412 precondition_failed")
        // What is so already is no change, and leaves no record.
        let same = try await world.catalogue(
            .patch, "/plans/month", as: seller, [.ifMatch: "*"], body: change)
        #expect(same.status == 200 && same.headers[.eTag] == changed.headers[.eTag])
        #expect(try await world.lastRecord(of: 1)?.id == record.id)

        let off = try await world.catalogue(.delete, "/plans/month", as: seller, [.ifMatch: "*"])
        #expect(off.json["active"] == false)
        let list = try await world.catalogue(.get, "/plans?active=true", as: seller)
        #expect(list.json["items"] == [])
        #expect(
            try await world.office.ask(
                "SELECT tenant_id::text, price_minor::text, active::text, version::text FROM plans ORDER BY 1"
            )
                == ["1 1300 false 2", "2 1200 true 1", "3 1300 false 2"])
        #expect(try await world.catalogue(.get, of: "brio").body == brio)
    }

    private struct Refused {
        let method: HTTPRequest.Method
        let path: String
        let body: JSON?
        let outcome: String
        let field: String?

        init(
            _ method: HTTPRequest.Method, _ path: String, _ body: JSON?, _ outcome: String, _ field: String?
        ) {
            (self.method, self.path, self.body, self.outcome, self.field) = (
                method, path, body, outcome, field
            )
        }
    }

    private static let refused: [Refused] = [
        Refused(.post, "/plans", Self.plan, "409 name_taken", "code"),
        Refused(
            .post, "/networks", ["code": "NL", "city": "A", "country": "NL", "type": "isp"], "409 name_taken",
            "code"),
        Refused(.post, "/coupons", ["code": "WelCome", "percent_off": 5], "409 name_taken", "code"),
        Refused(.post, "/hosts", ["host": "things.alba.test", "dialect": "gate"], "409 name_taken", "host"),
        Refused(.post, "/hosts", ["host": "things.brio.test", "dialect": "gate"], "409 name_taken", "host"),
        Refused(
            .post, "/coupons", ["code": "x", "percent_off": 5, "plans": ["year"]], "422 invalid_field",
            "plans[0]"),
        Refused(.post, "/coupons", ["code": "x"], "422 invalid_field", nil),
        Refused(.post, "/coupons", ["code": "x", "amount_off": "5 EUR"], "422 invalid_field", "amount_off"),
        Refused(.post, "/coupons", ["code": "x", "colour": "red"], "422 invalid_field", "colour"),
        Refused(.post, "/coupons", [], "400 invalid_json", nil),
        Refused(.patch, "/plans/month", ["network": "NL"], "422 invalid_field", "networks"),
        Refused(.patch, "/plans/month", ["networks": []], "422 invalid_field", "connection"),
        Refused(.patch, "/plans/month", ["code": "year"], "422 invalid_field", "code"),
        Refused(.patch, "/plans/month", ["name": .null], "422 invalid_field", "name"),
        Refused(.patch, "/plans/month", ["price": .null, "auto_renew": true], "422 invalid_field", nil),
        Refused(.patch, "/plans/year", ["name": "Y"], "404 not_found", nil),
        Refused(.patch, "/gateways/one", ["network": "FR"], "422 invalid_field", "network"),
        Refused(.patch, "/gateways/one", ["host": "127.0.0.2"], "422 invalid_field", "ports"),
        Refused(
            .patch, "/gateways/one", ["ports": .null, "shared_port": 5_000], "422 invalid_field",
            "shared_port"),
        Refused(.delete, "/hosts/things.brio.test", nil, "404 not_found", nil),
        Refused(.get, "/coupons/none", nil, "404 not_found", nil),
        Refused(.get, "/plans?active=perhaps", nil, "400 invalid_query", "active"),
    ]

    @Test func `what cannot be is refused with its field, and leaves nothing`() async throws {
        let world = try await stocked()
        let seller = world.person(.catalogue, of: 1)
        let before = try await world.rows()
        for refused in Self.refused {
            let (path, body) = (refused.path, refused.body)
            let reply = try await world.catalogue(
                refused.method, path, as: seller, [.ifMatch: "*"], body: body)
            #expect(reply.outcome == refused.outcome, "\(path) \(reply.body)")
            #expect(reply.field == refused.field, "\(path) \(reply.body)")
            #expect(!reply.body.contains("brio"), "\(path) \(reply.body)")
        }
        for (method, path) in [(.get, ""), (.get, "/plans"), (.delete, "/plans/month"), (.put, "")]
            as [(HTTPRequest.Method, String)]
        {
            let reply = try await world.catalogue(
                method, path, of: "brio", as: seller, [.ifMatch: "*"],
                body: method == .put ? ["tenants": []] : nil)
            #expect(reply.outcome == "404 not_found")
        }
        let after = try await world.rows()
        #expect(before == after)
    }

    @Test func `a sandbox is looked at and follows, and is not changed by itself`() async throws {
        let world = try await stocked()
        let seller = world.person(.catalogue, of: 1)
        let plans = try await world.catalogue(.get, "/plans", of: "alba-sandbox", as: seller)
        #expect(plans.json["items"]?.arrayValue?.count == 1)
        let before = try await world.rows()
        for (method, path, body) in [
            (.post, "/coupons", ["code": "x", "percent_off": 5]), (.patch, "/plans/month", ["name": "M"]),
            (.delete, "/plans/month", nil), (.put, "", ["tenants": []]), (.get, "", nil),
        ] as [(HTTPRequest.Method, String, JSON?)] {
            let reply = try await world.catalogue(
                method, path, of: "alba-sandbox", as: seller, [.ifMatch: "*"], body: body)
            #expect(reply.outcome == "409 sandbox_follows", "\(path)")
        }
        let after = try await world.rows()
        #expect(before == after)
    }

    /// The role sees of another tenant that its ports are taken, and can change nothing of it.
    @Test func `the role that writes a catalogue writes one tenant's and its sandbox's`() async throws {
        let world = try await stocked()
        let pool = world.database.pool(.catalogue)
        func rows(_ statement: String) async throws -> Int {
            try await pool.transaction(tenant: TenantID(1)) { transaction in
                try transaction.query(Statement(unsafeRaw: statement)).count
            }
        }
        for table in ["networks", "plans", "coupons", "gateways"] {
            #expect(try await rows("UPDATE \(table) SET active = false RETURNING tenant_id") == 2)
        }
        #expect(try await rows("SELECT 1 FROM plans WHERE tenant_id = 2") == 0)
        #expect(try await rows("SELECT 1 FROM gateways WHERE tenant_id = 2") == 1)
        await #expect(throws: PostgresError.self) {
            _ = try await rows(
                """
                INSERT INTO networks (tenant_id, id, code, city, country, type, exit_class, created_at)
                SELECT 2, id, 'X', city, country, type, exit_class, created_at FROM networks WHERE tenant_id = 1
                """)
        }
        #expect(
            try await world.office.ask("SELECT DISTINCT active::text FROM plans WHERE tenant_id = 2") == [
                "true"
            ])
    }

    @Test func `lists are pages by name, which what comes in between does not move`() async throws {
        let world = try await AdminWorld(books: false)
        func add(_ code: String) async throws {
            let reply = try await world.catalogue(
                .post, "/coupons", body: ["code": .string(code), "percent_off": 5])
            #expect(reply.status == 201)
        }
        for code in ["D", "B", "F", "H"] { try await add(code) }
        var (seen, cursor): ([String], String?) = ([], nil)
        repeat {
            let query = "?limit=2" + (cursor.map { "&cursor=\($0)" } ?? "")
            let page = try await world.catalogue(.get, "/coupons\(query)", as: world.person(.support, of: 1))
            seen += page.json["items"]?.arrayValue?.compactMap { $0["code"]?.stringValue } ?? []
            cursor = page.json["next_cursor"]?.stringValue
            if seen.count == 2 { for code in ["A", "G"] { try await add(code) } }
        } while cursor != nil
        #expect(seen == ["B", "D", "F", "G", "H"])
    }

    @Test func `a repeated request is carried out once`() async throws {
        let world = try await AdminWorld(books: false)
        let headers: HTTPFields = [.idempotencyKey: "k"]
        let body: JSON = ["code": "x", "percent_off": 5]
        let first = try await world.catalogue(.post, "/coupons", headers, body: body)
        let second = try await world.catalogue(.post, "/coupons", headers, body: body)
        #expect((first.status, second.status) == (201, 201) && first.body == second.body)
        #expect(second.headers[.idempotencyHit] == "true")
        let other = try await world.catalogue(
            .post, "/coupons", headers, body: ["code": "y", "percent_off": 5])
        #expect(other.outcome == "409 idempotency_key_reused")
    }
}

@Suite("Many who change a catalogue at once", .database)
struct AdminCatalogueRaceTests {
    @Test func `of ten who add the same name one does, and of ten who change what they read one does`()
        async throws
    {
        let world = try await AdminWorld(books: false)
        func outcomes(_ ask: @escaping @Sendable () async throws -> AdminReply) async throws -> [String: Int]
        {
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<10 { group.addTask { try await ask().outcome } }
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
        }
        let made = try await outcomes {
            try await world.catalogue(.post, "/coupons", body: ["code": "x", "percent_off": 5])
        }
        #expect(made == ["201": 1, "409 name_taken": 9])
        let tag = try #require(try await world.catalogue(.get, "/coupons/x").headers[.eTag])
        let changed = try await outcomes {
            try await world.catalogue(.patch, "/coupons/x", [.ifMatch: tag], body: ["percent_off": 6])
        }
        #expect(changed == ["200": 1, "412 precondition_failed": 9])
    }

    /// Their lock is one: none loses what another wrote, and ports are bound once between tenants.
    @Test func `files and requests of two tenants at once take turns`() async throws {
        let world = try await AdminWorld(books: false)
        let file = """
            tenants:
              - {slug: alba, name: alba, currency: USD, sandbox: true, coupons: [{code: FILE, percent_off: "5"}]}
              - {slug: brio, name: brio, currency: USD, coupons: [{code: FILE, percent_off: "5"}]}
            """
        for slug in ["alba", "brio"] {
            let reply = try await world.catalogue(
                .post, "/networks", of: slug,
                body: ["code": "NL", "city": "A", "country": "NL", "type": "isp"])
            #expect(reply.status == 201)
        }
        let won = try await withThrowingTaskGroup(of: Int.self) { group in
            for (number, slug) in [(1, "alba"), (2, "brio"), (3, "alba"), (4, "brio")] {
                group.addTask {
                    let name: JSON = .string("g\(number)")
                    return try await world.catalogue(
                        .post, "/gateways", of: slug,
                        body: [
                            "name": name, "network": "NL", "host": "127.0.0.1", "ports": "12001-12200",
                            "protocols": ["http"],
                        ]
                    ).status == 201 ? 1 : 0
                }
                group.addTask {
                    let code: JSON = .string("C\(number)")
                    let reply = try await world.catalogue(
                        .post, "/coupons", of: slug, body: ["code": code, "percent_off": 5])
                    #expect(reply.status == 201, "\(reply.body)")
                    return 0
                }
                group.addTask {
                    try await world.office.apply(file)
                    return 0
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(won == 1)
        #expect(
            try await world.office.ask(
                "SELECT tenant_id::text, string_agg(code, ',' ORDER BY code) FROM coupons GROUP BY 1 ORDER BY 1"
            )
                == ["1 C1,C3,FILE", "2 C2,C4,FILE", "3 C1,C3,FILE"])
        for slug in ["alba", "brio"] { try await world.expectShownIsWhatIs(slug) }
    }
}

@Suite("Trying a coupon", .database)
struct AdminCouponDryRunTests {
    @Test func `it says what is taken off or why nothing is, and reserves nothing`() async throws {
        let world = try await AdminWorld(books: false)
        let support = world.person(.support, of: 1)
        for (path, body) in [
            (
                "/plans",
                ["code": "month", "name": "M", "product": "p", "duration": "30d", "price": "12.00 USD"]
            ), ("/plans", ["code": "asked", "name": "A", "product": "p", "price": .null]),
            ("/coupons", ["code": "TWENTY", "percent_off": "20", "customers": ["ann@example.test"]]),
            ("/coupons", ["code": "BIG", "amount_off": "5 USD", "min_amount": "20 USD"]),
        ] as [(String, JSON)] {
            #expect(try await world.catalogue(.post, path, body: body).status == 201)
        }
        let before = try await world.rows()
        func attempt(_ coupon: String, _ query: String) async throws -> JSON {
            let reply = try await world.catalogue(.get, "/coupons/\(coupon)/dry-run?\(query)", as: support)
            #expect(reply.status == 200, "\(reply.body)")
            return reply.json
        }
        for customer in ["ann@example.test", "ann", world.tenants.alba.customer.description] {
            #expect(
                try await attempt("twenty", "plan=month&quantity=2&repeat_count=3&customer=\(customer)") == [
                    "applies": true, "list_price": "72.00 USD", "discount": "14.40 USD", "total": "57.60 USD",
                    "refusal": .null,
                ])
        }
        let stranger = try await attempt("TWENTY", "plan=month")
        #expect(stranger["refusal"]?["code"] == "coupon_customer_not_covered")
        #expect(stranger["total"] == "12.00 USD" && stranger["applies"] == false)
        let small = try await attempt("BIG", "plan=month")
        #expect(
            small["refusal"] == [
                "code": "coupon_below_minimum", "message": "The list price is below 20.00 USD.",
            ])
        #expect(try await attempt("BIG", "plan=month&quantity=2")["total"] == "19.00 USD")
        let asked = try await attempt("BIG", "plan=asked")
        #expect(asked["refusal"]?["code"] == "plan_not_priced" && asked["total"] == .null)
        for (query, field) in [
            ("", "plan"), ("plan=none", "plan"), ("plan=month&quantity=0", "quantity"),
            ("plan=month&quantity=101", "quantity"), ("plan=month&repeat_count=x", "repeat_count"),
            ("plan=month&kind=gift", "kind"), ("plan=month&customer=eve@example.test", "customer"),
            ("plan=month&colour=red", nil),
        ] as [(String, String?)] {
            let reply = try await world.catalogue(.get, "/coupons/BIG/dry-run?\(query)", as: support)
            #expect(reply.outcome == "400 invalid_query" && reply.field == field, "\(reply.body)")
        }
        #expect(
            try await world.catalogue(.get, "/coupons/BIG/dry-run?plan=month", of: "brio").outcome
                == "404 not_found")
        let after = try await world.rows()
        #expect(before == after)
    }
}
