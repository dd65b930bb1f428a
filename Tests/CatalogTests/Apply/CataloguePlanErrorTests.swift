import Catalog
import Testing

@Suite("What rows do not allow")
struct CataloguePlanErrorTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let old: String
        let new: String
        let error: String

        init(_ old: String, _ new: String, _ error: String) {
            (self.old, self.new, self.error) = (old, new, error)
        }
        var testDescription: String { error }
    }

    static let rows: [Row] = [
        Row(
            "\"12.00 EUR", "▸\"12.00 USD",
            "price: \"12.00 USD\" is not in EUR, the tenant's currency"),
        Row(
            "network: NL, host: 127.0.0.1, ports", "network: ▸LN, host: 127.0.0.1, ports",
            "tenant \"alba\" has no network \"LN\"; did you mean \"NL\"?"),
        Row(
            "network: NL, host: 127.0.0.1, ports", "network: ▸\"NO\", host: 127.0.0.1, ports",
            "the network of gateway \"one\" cannot change; give the new one another name"),
        Row(
            "ports: 12001-12200", "shared_port: ▸12001",
            "gateway \"one\" cannot change between ports of their own and a shared port; "
                + "give the new one another name"),
        Row(
            "network: NL, duration", "network: ▸\"NO\", duration",
            "the network of plan \"month\" cannot change; give the new one another code"),
        Row(
            "network: NL, duration: 30d, price: \"12.00 EUR\", sells_in: [gate]",
            "networks: [▸NL, \"NO\"], duration: 30d, price: \"12.00 EUR\", sells_in: [opproxy]",
            "the networks of plan \"month\" cannot change; give the new one another code"),
        Row(
            "network: NL, duration: 30d, price: \"12.00 EUR\", sells_in: [gate]",
            "networks: [NL, ▸LN], duration: 30d, price: \"12.00 EUR\", sells_in: [opproxy]",
            "tenant \"alba\" has no network \"LN\"; did you mean \"NL\"?"),
        Row(
            "gateway: many", "gateway: ▸meny",
            "tenant \"alba\" has no gateway \"meny\"; did you mean \"many\"?"),
        Row(
            "gateway: many", "gateway: ▸one",
            "the gateway of plan \"bytes\" cannot change; give the new one another code"),
        Row(
            "plans: [month]", "plans: [month, ▸mouth]",
            "tenant \"alba\" has no plan \"mouth\"; did you mean \"month\"?"),
        Row("plans: [month]", "plans: [▸week]", "tenant \"alba\" has no plan \"week\""),
        Row(
            "shared_port: 7777", "shared_port: ▸12200",
            "ports 12200 of 127.0.0.1 overlap with 12001-12200 of gateway \"one\" of tenant \"alba\""),
        Row(
            "{name: one, network: NL, host: 127.0.0.1, ports: 12001-12200, protocols: [http, vless], vless_port: 12443",
            "▸{name: one, network: NL, host: 127.0.0.1, ports: 12001-12200, protocols: [http, vless], vless_port: 12001",
            "vless_port 12001 of 127.0.0.1 overlap with 12001-12200 of gateway \"one\" of tenant \"alba\""),
        Row(
            "host: 127.0.0.2, ports: 12001-12200", "host: 127.0.0.1, ports: ▸12100-12300",
            "ports 12100-12300 of 127.0.0.1 overlap with 12001-12200 of gateway \"one\" of tenant \"alba\""),
        Row(
            "currency: JPY", "currency: JPY\n    hosts: [▸{host: gate.alba.test, dialect: gate}]",
            "host \"gate.alba.test\" is listed twice; the first time in line 5"),
        Row(
            "max_redemptions: 10", "max_redemptions: ▸2",
            "coupon \"WELCOME\" was redeemed 3 times already, more than 2"),
        Row(
            "max_redemptions: 10", "budget: ▸\"39.99 EUR\"",
            "coupon \"WELCOME\" has taken off 40.00 EUR already, more than 39.99 EUR"),
    ]

    @Test(arguments: rows)
    func `one error, at the place that asks for it`(row: Row) throws {
        var rows = try Shop.rows()
        for index in rows.coupons.indices {
            rows.coupons[index].redeemedCount = 3
            rows.coupons[index].discountedMinor = 40_00
        }
        let file = Shop.edited(row.old, row.new)

        #expect {
            try Shop.decide(file.withoutMarker, on: rows)
        } throws: { error in
            #expect("\(error)" == "shop.yaml:" + file.placeOfMarker + row.error)
            return true
        }
    }

    @Test func `the currency of a tenant cannot change`() throws {
        let rows = try Shop.rows()
        #expect {
            try Shop.decide("tenants: [{slug: alba, name: Alba, currency: USD}]", on: rows)
        } throws: { "\($0)" == "shop.yaml:1:46: the currency of tenant \"alba\" is EUR and cannot change" }
    }

    @Test func `a host belongs to one tenant`() throws {
        let rows = try Shop.rows()
        let file =
            "tenants: [{slug: brio, name: Brio, currency: JPY, hosts: [{host: gate.alba.test, dialect: gate}]}]"
        #expect {
            try Shop.decide(file, on: rows)
        } throws: { "\($0)" == "shop.yaml:1:59: host \"gate.alba.test\" belongs to tenant \"alba\"" }
    }

    /// A gateway that the file does not mention serves its ports all the same, whoever its tenant is.
    @Test func `ports of a gateway that the file leaves out are taken`() throws {
        let rows = try Shop.rows()
        let file = Self.rival(ports: "12200-12300")
        #expect {
            try Shop.decide(file, on: rows)
        } throws: { error in
            "\(error)".hasSuffix(
                "ports 12200-12300 of 127.0.0.1 overlap with 12001-12200 of gateway \"one\" of tenant \"alba\""
            )
        }
        #expect(try Shop.decide(Self.rival(ports: "12201-12300"), on: rows).lines.count == 3)
    }

    @Test func `ports of a gateway that is switched off are free, unless customers still use it`() throws {
        var rows = try Shop.rows()
        let rival = Self.rival(ports: "12001-12200")
        for index in rows.gateways.indices { rows.gateways[index].isActive = false }
        #expect(throws: DocumentError.self) { try Shop.decide(rival, on: rows) }

        for index in rows.gateways.indices { rows.gateways[index].isInUse = false }
        #expect(throws: Never.self) { try Shop.decide(rival, on: rows) }
    }

    @Test func `a gateway that this very file switches off keeps its ports until the next one`() throws {
        let rows = try Shop.rows()
        #expect(throws: DocumentError.self) {
            try Shop.decide(Self.rival(ports: "12001-12200"), on: rows, prune: true)
        }
    }

    private static func rival(ports: String) -> String {
        """
        tenants:
          - slug: corvo
            name: Corvo
            currency: USD
            networks: [{code: PT, city: Porto, country: PT, type: isp}]
            gateways: [{name: one, network: PT, host: 127.0.0.1, ports: \(ports), protocols: [http]}]
        """
    }
}
