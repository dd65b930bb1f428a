import Primitives
import TestSupport
import Testing

@testable import Catalog

@Suite("What a file says of a sandbox")
struct SandboxDocumentTests {
    private static let live = "rk_live00000000000000000000000000000000000"
    private static let test = "rk_test_00000000000000000000000000000000000"

    private func shop(_ tenant: String = "sandbox: true", keys: String = "", slug: String = "alba") -> String
    {
        """
        tenants:
          - slug: \(slug)
            name: Alba
            currency: EUR
            \(tenant)
            hosts: [{host: gate.alba.test, dialect: gate}]
            networks: [{code: NL, city: Amsterdam, country: NL, type: mobile, low_stock: 250}]
            gateways:
              - {name: one, network: NL, host: 127.0.0.1, ports: 12001-12300, protocols: [http], driver: sing-box}
              - {name: all, network: NL, host: 127.0.0.1, shared_port: 7777, protocols: [http], driver: envoy}
            customers:
              - email: ann@example.com
                username: ann
                balance: "5.00 EUR"
                keys: [\(keys)]
                users: [{username: ann, email: ann@example.com, password: secret, role: admin}]
              - {email: ben@example.com, username: ben}
        """
    }

    @Test func `a sandbox mirrors its tenant, without hosts, people and real gateways`() throws {
        let keys =
            "{dialect: gate, key: \(Self.live)}, {dialect: gate, key: \(Self.test)}, {dialect: gate, test: true}"
        let document = try CatalogueDocument.sample(shop(keys: keys))
        #expect(document.tenants.map(\.slug) == ["alba", "alba-sandbox"])
        let (live, sandbox) = (document.tenants[0], document.tenants[1])
        #expect(live.sandboxOf == nil && sandbox.sandboxOf == "alba")
        #expect(live.customers[0].keys.map(\.environment) == [.live])
        #expect(live.gateways.map(\.driver) == ["sing-box", "envoy"])

        #expect(sandbox.hosts.isEmpty && sandbox.networks.map(\.code) == ["NL"])
        #expect(live.networks[0].lowStock == 250 && sandbox.networks[0].lowStock == nil)
        #expect(sandbox.gateways.map(\.driver) == ["simulated", "simulated"])
        #expect(sandbox.gateways.map(\.ports) == [.range(12_001...12_200), .shared(7777)])
        #expect(sandbox.customers.map(\.email) == ["ann@example.com"], "Ben has no test key")
        #expect(sandbox.customers[0].keys.map(\.key?.value) == [Self.test, nil])
        #expect(sandbox.customers[0].users.isEmpty && !sandbox.customers[0].listsUsers)
        #expect(sandbox.customers[0].balance?.value == Money("10000.00 EUR"))
        #expect(sandbox.spared == ["ann@example.com", "ben@example.com"])
    }

    @Test func `play money is as much as the file says`() throws {
        let document = try CatalogueDocument.sample(
            shop(
                "sandbox: true\n    sandbox_balance: \"7.50 EUR\"", keys: "{dialect: gate, key: \(Self.test)}"
            ))
        #expect(document.tenants[1].customers[0].balance?.value == Money("7.50 EUR"))
        #expect(document.tenants[0].customers[0].balance?.value == Money("5.00 EUR"))
    }

    @Test func `without a sandbox there is none`() throws {
        for said in ["sandbox: false", "timezone: UTC"] {
            #expect(try CatalogueDocument.sample(shop(said)).tenants.map(\.slug) == ["alba"])
        }
    }

    @Test func `what cannot be is refused in its place`() throws {
        let key = "{dialect: gate, key: \(Self.test)}"
        for (yaml, said) in [
            (shop("timezone: UTC", keys: key), "a test key needs a sandbox"),
            (shop("timezone: UTC", keys: "{dialect: gate, test: true}"), "a test key needs a sandbox"),
            (shop(keys: "{dialect: gate, key: \(Self.test), test: false}"), "test key by its form"),
            (shop(keys: "{dialect: gate, key: \(Self.live), test: true}"), "live key by its form"),
            (shop("sandbox_balance: \"1.00 EUR\""), "the tenant has no sandbox"),
            (shop("sandbox: true\n    sandbox_balance: \"1.00 USD\""), "is not in EUR"),
            (shop("sandbox: maybe"), "neither true nor false"),
            (shop("timezone: UTC", slug: "alba-sandbox"), "kept for the sandbox of a tenant"),
            (shop(slug: String(repeating: "a", count: 56)), "too long for a tenant with a sandbox"),
        ] {
            let error = #expect(throws: DocumentError.self) { try CatalogueDocument.sample(yaml) }
            #expect(error?.message.contains(said) == true, "\(said): \(error.map { "\($0)" } ?? "nothing")")
        }
        _ = try CatalogueDocument.sample(shop(slug: String(repeating: "a", count: 55)))
        _ = try CatalogueDocument.sample(shop("timezone: UTC", slug: String(repeating: "a", count: 63)))
    }
}
