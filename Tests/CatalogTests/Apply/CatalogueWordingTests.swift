import Catalog
import Foundation
import Primitives
import TestSupport
import Testing

/// What rows say in the words of the file is what the file would have to say for the rows to stay as they are.
@Suite("A catalogue as a file")
struct CatalogueWordingTests {
    private static let others = """
        tenants:
          - slug: alba
            name: "null"
            currency: KWD
            timezone: Europe/Amsterdam
            grace: 0s
            active: no
            hosts: [{host: gate.alba.test, dialect: gate}]
            networks:
              - {code: "1.5", city: "yes: #1", country: NO, type: isp, asn: AS1, asn_org: "~", low_stock: 0, active: false}
              - {code: B, city: "Ō 'x' \\"y\\" \\\\", country: NL, type: mobile, exit_class: mobile_5g}
            gateways:
              - {name: off, network: B, host: "2001:db8::1", ports: 1024-1024, protocols: [vless, shadowsocks], vless_port: 2000, shadowsocks_port: 2001, driver: envoy, active: no}
            plans:
              - {code: a, name: A, product: license, price: null, bandwidth_gb: null, requests_per_minute: 5, default_project_plan: false, features: [b, a], limits: {max_b: -1, max_a: 0}, sells_in: []}
              - {code: b, name: B, product: ipv6, networks: ["1.5", B], duration: 1500ms, price: "1.005 KWD", wholesale_price: "0 KWD", countries: [mixed, nl], rotations: [instant, 5m], rotation: [0, 5], threads: 7, trial: 90m, sort_order: 3, sells_in: [opproxy, octoprox]}
              - {code: c, name: C, product: p, duration: 12mo, price: "0.001 KWD", auto_renew: true, popular: true, active: false, sells_in: [proxaro]}
            coupons:
              - {code: low, percent_off: "0.05", max_discount: "1 KWD", min_amount: "0.5 KWD", budget: "9 KWD", max_redemptions: 3, per_customer: 1, first_order: true, customers: [Ann@example.com, bob@example.com], plans: [c, a], applies_to: [purchase, extension], renewals: 2, starts_at: 2026-01-31T00:00:00.001Z, ends_at: 2026-02-01T00:00:00+01:00, active: false}
              - {code: AMT, amount_off: "12 KWD"}

        """

    private static func demo() throws -> String {
        try String(contentsOfFile: TestPaths.fixture("demo.yaml"), encoding: .utf8)
    }

    @Test func `applied to the rows that it shows, it changes nothing, as JSON and as YAML`() throws {
        for yaml in [Shop.yaml, Self.others, try Self.demo()] {
            let rows = CatalogueRows().applying(try Shop.decide(yaml))
            for tenant in rows.tenants where tenant.sandboxOf == nil {
                let catalogue = try #require(try ShownCatalogue(rows, of: tenant.id))
                let file = catalogue.file(creditLimit: .zero(tenant.currency))
                let text = CatalogueYAML.text(file)
                var ids = IdentifierSequence(seed: 7)
                for document in [
                    try CatalogueDocument.parse(json: file, vocabulary: .sample),
                    try CatalogueDocument.sample(text),
                ] {
                    let plan = try CataloguePlan.decide(
                        document, on: rows, prune: true, scope: .tenants([tenant.id]), ids: &ids,
                        at: Sample.now)
                    #expect(plan.lines.isEmpty, "\(text)")
                }
            }
        }
    }

    @Test func `everything of it can be asked for by itself, and changes nothing`() throws {
        for yaml in [Self.others, try Self.demo()] {
            let rows = CatalogueRows().applying(try Shop.decide(yaml))
            for tenant in rows.tenants where tenant.sandboxOf == nil {
                let catalogue = try #require(try ShownCatalogue(rows, of: tenant.id))
                for kind in CatalogueKind.allCases {
                    for entry in catalogue.all(kind) {
                        let members = ShownCatalogue.said(try #require(entry.value.objectValue))
                        let item = try CatalogueItem.parse(
                            members, kind, currency: tenant.currency, vocabulary: .sample)
                        #expect(item.name == entry.name)
                        var ids = IdentifierSequence(seed: 7)
                        let document = CatalogueDocument(
                            item, of: tenant, hasSandbox: catalogue.hasSandbox)
                        let plan = try CataloguePlan.decide(
                            document, on: rows, prune: false, ids: &ids, at: Sample.now)
                        #expect(plan.lines.isEmpty, "\(kind) \(entry.name)")
                    }
                }
            }
        }
    }

    @Test(arguments: [
        (CatalogueKind.plan, #"{"name":"A","price":null}"#, "code" as String?),
        (.plan, #"{"code":"a","name":"A","product":"p","price":12}"#, "price"),
        (.plan, #"{"code":"a","name":"A","product":"p","price":null,"rotation":[5,"x"]}"#, "rotation[1]"),
        (.plan, #"{"code":"a","name":"A","product":"p","price":null,"limits":{"max":1.5}}"#, "limits.max"),
        (.plan, #"{"code":"a","name":"A","product":"p","price":null,"colour":"red"}"#, "colour"),
        (.plan, #"{"code":"a","name":null,"product":"p","price":null}"#, "name"),
        (.coupon, #"{"code":"A","percent_off":101}"#, "percent_off"),
        (.coupon, #"{"code":"A"}"#, nil), (.coupon, #"{"code":"a b","percent_off":5}"#, "code"),
        (.gateway, #"{"name":"a","network":"B","host":"h","ports":"1-2","protocols":["http"]}"#, "ports"),
        (.network, #"{"code":"a","city":["x"],"country":"NL","type":"isp"}"#, "city"),
        (.host, #"{"host":"A.test","dialect":"gate"}"#, "host"),
        (.host, #"{"host":"a.test","dialect":"gat"}"#, "dialect"),
    ])
    func `what is wrong with one thing tells its field`(
        kind: CatalogueKind, body: String, field: String?
    ) throws {
        let members = try #require(try JSON.parse(body.utf8).objectValue)
        let error = #expect(throws: DocumentError.self) {
            try CatalogueItem.parse(members, kind, currency: Currency("USD")!, vocabulary: .sample)
        }
        #expect(error?.mark.field == field, "\(error?.message ?? "")")
    }

    @Test func `of others' things an error tells no more than that they are taken`() throws {
        let rows = try Shop.rows()
        let brio = try #require(rows.tenants.first { $0.slug == "brio" })
        for (kind, body) in [
            (.host, #"{"host":"gate.alba.test","dialect":"gate"}"#),
            (
                .gateway,
                #"{"name":"x","network":"NL","host":"127.0.0.1","ports":"12200-12201","protocols":["http"]}"#
            ),
        ] as [(CatalogueKind, String)] {
            let members = try #require(try JSON.parse(body.utf8).objectValue)
            let item = try CatalogueItem.parse(members, kind, currency: brio.currency, vocabulary: .sample)
            let error = #expect(throws: DocumentError.self) {
                var ids = IdentifierSequence(seed: 7)
                _ = try CataloguePlan.decide(
                    CatalogueDocument(item, of: brio, hasSandbox: false), on: rows, prune: false,
                    scope: .tenants([brio.id]), ids: &ids, at: Sample.now)
            }
            let message = try #require(error?.message)
            #expect(message.contains("another tenant") && !message.contains("tenant \""), "\(message)")
            #expect(!message.contains("\"one\""), "\(message)")
        }
    }

    @Test(arguments: [("[1]", "byte 0"), (#"{"features": "a""#, "byte 16"), ("", "empty")])
    func `a plan whose attributes cannot be read is a fault, and not a plan without them`(
        attributes: String, place: String
    ) throws {
        var rows = CatalogueRows().applying(try Shop.decide(Self.others))
        let (tenant, neighbour) = (rows.plans[0].tenant, TenantID(99))
        rows.plans[0].attributes = attributes
        #expect {
            _ = try ShownCatalogue(rows, of: tenant)
        } throws: {
            "\($0)".contains("attributes of plan \(rows.plans[0].code) of tenant \(tenant)")
                && "\($0)".contains(place)
        }
        rows.tenants.append(rows.tenants[0])
        rows.tenants[rows.tenants.count - 1].id = neighbour
        #expect(try ShownCatalogue(rows, of: neighbour)?.all(.plan) == [], "another tenant's is shown")
    }
}
