import Catalog
import Foundation
import Primitives
import TestSupport
import Testing

@Suite("Reading a catalogue file")
struct DocumentReadingTests {
    /// The file that fixes the format, as it is.
    @Test func `the demo catalogue is read whole`() throws {
        let yaml = try String(contentsOfFile: TestPaths.fixture("demo.yaml"), encoding: .utf8)
        let document = try CatalogueDocument.parse(yaml, file: "demo.yaml", vocabulary: .sample)

        #expect(document.tenants.map(\.slug) == ["acme", "acme-sandbox", "volga", "volga-sandbox"])
        let acme = document.tenants[0]
        #expect(acme.float?.value.description == "5000.00 USD")
        #expect(acme.hosts.count == 5 && acme.networks.count == 5 && acme.gateways.count == 6)
        #expect(acme.plans.count == 10 && acme.coupons.count == 3 && acme.customers.count == 3)
        #expect(acme.graceMilliseconds == 86_400_000)
        #expect(acme.gateways[0].ports == .range(12_001...12_200))
        #expect(acme.gateways[5].ports == .shared(7_777))
        #expect(acme.gateways[0].vlessPort == 12_443)
        let mobile = acme.plans[0]
        #expect(
            mobile.duration == .fixed(milliseconds: 30 * 86_400_000) && mobile.trialMilliseconds == 3_600_000)
        #expect(mobile.rotationMinutes == [0, 5, 10, 15, 30, 60] && mobile.isPopular)
        #expect(mobile.price?.minor == 12_00 && mobile.wholesalePrice?.minor == 7_00)
        let network = acme.plans[7]
        #expect(network.price == nil && network.duration == nil)
        #expect(network.attributes["bandwidth_gb"] == JSON.null)
        #expect(acme.plans[9].attributes["limits"]?["max_proxies"] == -1)
        #expect(acme.coupons[1].endsAt == Instant(milliseconds: 1_893_456_000_000))
        #expect(acme.customers[0].keys.map(\.mayTakeTrials) == [true, false])
        #expect(acme.customers[2].keys[0].rateLimit == "off")
        let rotating = document.tenants[2].plans[1]
        #expect(rotating.networks.map(\.value) == ["NL", "DE", "AT"] && rotating.threads == 200)
        #expect(rotating.exits.map(\.rawValue) == ["mixed", "nl", "de", "at", "us"])
        #expect(
            rotating.exitRotations == [
                .perConnection, .every(minutes: 5), .every(minutes: 10), .every(minutes: 30),
            ])
        #expect(rotating.attributes.members.isEmpty)
        #expect(document.tenants[2].plans[0].price?.description == "1500.00 RUB")
    }

    @Test(arguments: ["NO", "\"NO\"", "'NO'"])
    func `Norway is a country, whatever YAML makes of NO`(spelling: String) throws {
        let document = try CatalogueDocument.sample(
            """
            tenants:
              - slug: alba
                name: on
                currency: EUR
                networks: [{code: NO, city: 007, country: \(spelling), type: isp, asn_org: ~}]
                plans: [{code: 1e3, name: 2026-01-31, product: proxy, price: null, countries: [no, "yes"], rotations: [5m, "instant"]}]
                customers: [{email: null@example.com, username: null, keys: [{dialect: gate, rate_limit: off}]}]
            """)
        let tenant = document.tenants[0]
        #expect(tenant.name == "on")
        #expect(tenant.networks[0].country == "NO" && tenant.networks[0].city == "007")
        #expect(tenant.networks[0].asnOrg == nil)
        #expect(tenant.plans[0].code == "1e3" && tenant.plans[0].name == "2026-01-31")
        #expect(tenant.plans[0].exits.map(\.rawValue) == ["no", "yes"])
        #expect(tenant.plans[0].exitRotations == [.every(minutes: 5), .perConnection])
        #expect(tenant.customers[0].username == "null")
        #expect(tenant.customers[0].keys[0].rateLimit == "off" && tenant.customers[0].keys[0].key == nil)
    }

    @Test func `an anchor is read where it is used`() throws {
        let document = try CatalogueDocument.sample(
            """
            tenants:
              - {slug: alba, name: &name Alba, currency: EUR}
              - {slug: brio, name: *name, currency: JPY}
            """)
        #expect(document.tenants.map(\.name) == ["Alba", "Alba"])
    }

    @Test func `what may be left out has what the format says`() throws {
        let tenant = try CatalogueDocument.sample("tenants: [{slug: alba, name: Alba, currency: JPY}]")
            .tenants[0]
        #expect(tenant.timezone == "UTC" && tenant.graceMilliseconds == 86_400_000 && tenant.isActive)
        #expect(tenant.float == nil && tenant.wholesaleCreditLimit.value.isZero)
        #expect(!tenant.listsCustomers && tenant.customers.isEmpty)
    }

    @Test(arguments: [("", "the file is empty"), ("# nothing\n", "the file is empty")])
    func `a file of nothing says so`(yaml: String, message: String) {
        #expect { try CatalogueDocument.sample(yaml) } throws: { "\($0)" == "shop.yaml:1:1: \(message)" }
    }

    @Test func `a file that is not UTF-8 says so`() {
        #expect {
            try CatalogueDocument.parse(bytes: [0x74, 0xFF, 0x3A], file: "shop.yaml", vocabulary: .sample)
        } throws: { "\($0)" == "shop.yaml:1:1: the file is not UTF-8" }
    }

    @Test(
        arguments: [
            ("2026-01-31T00:00:00Z", 1_769_817_600_000), ("2026-01-31T01:00:00+01:00", 1_769_817_600_000),
            ("2026-01-30T19:30:00-04:30", 1_769_817_600_000),
            ("2026-01-31t00:00:00.123999z", 1_769_817_600_123),
            ("2026-01-31T00:00:00.5Z", 1_769_817_600_500), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999Z", -1),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)])
    func `a time is read to the millisecond`(text: String, milliseconds: Int64) throws {
        let coupon = "{code: A, percent_off: 1, starts_at: \(text)}"
        let document = try CatalogueDocument.sample(
            "tenants: [{slug: alba, name: Alba, currency: EUR, coupons: [\(coupon)]}]")
        #expect(document.tenants[0].coupons[0].startsAt == Instant(milliseconds: milliseconds))
    }

    @Test(arguments: [
        "2026-01-31", "2026-01-31T00:00Z", "2026-13-01T00:00:00Z", "2025-02-29T00:00:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T00:00:60Z", "2026-01-31T00:00:00", "2026-01-31T00:00:00.Z", "2026-01-31T00:00:00+1:00",
        "2026-01-31T00:00:00ZZ", "+026-01-31T00:00:00Z", "0000-01-01T00:00:00Z",
    ])
    func `what is no time is refused`(text: String) {
        let coupon = "{code: A, percent_off: 1, starts_at: \"\(text)\"}"
        #expect(throws: DocumentError.self) {
            try CatalogueDocument.sample(
                "tenants: [{slug: alba, name: Alba, currency: EUR, coupons: [\(coupon)]}]")
        }
    }
}
