internal import Postgres
internal import Primitives

/// What the drill sells: two tenants with the same goods, each with customers of its own.
///
/// `mobile` and `week` are on one network, `elsewhere` on another of the same type, so that subscriptions can
/// switch; `scarce` sells out; `brief` runs out while the drill goes on; `HALFOFF` is used up. At the second door `v4`
/// has one network, `v6` three, and `thin` three of which one sells out.
struct DrillShop: Sendable {
    struct Plan: Sendable {
        let code: String
        let id: IdentifierBits
        let priceMinor: Int64
        let wholesaleMinor: Int64
        let hasTrial: Bool
        let product: String
        /// How many slots a subscription has.
        let slots: Int
        let door: Door
    }

    struct Customer: Sendable {
        let tenant: TenantID
        let slug: String
        let email: String
        /// The ids of its API keys.
        let principals: [Door: IdentifierBits]

        func key(at door: Door) -> String { door.key(slug, String(email.prefix { $0 != "@" })) }
        func principal(at door: Door) -> IdentifierBits { principals[door]! }
    }

    let tenants: [TenantID]
    /// By tenant, in the catalogue's order.
    let plans: [[Plan]]
    /// By tenant: the two that subscriptions switch between.
    let networks: [[IdentifierBits]]
    /// By tenant; the last of each is poor.
    let customers: [[Customer]]

    /// Reads what `tollgate apply` has made of the catalogue.
    init(_ connection: Connection) throws {
        tenants = try connection.query("SELECT id FROM tenants ORDER BY slug").map { try $0.get(0) }
        plans = try tenants.map { tenant in
            try connection.query(
                """
                SELECT code, id, price_minor, COALESCE(wholesale_minor, 0), trial_ms IS NOT NULL, product,
                       cardinality(network_ids)
                FROM plans WHERE tenant_id = \(tenant) ORDER BY sort_order
                """
            ).map { row in
                Plan(
                    code: try row.get(0), id: try row.get(1), priceMinor: try row.get(2),
                    wholesaleMinor: try row.get(3), hasTrial: try row.get(4),
                    product: try row.get(5), slots: try row.get(6),
                    door: try row.get(5) == "proxy" ? .gate : .opproxy)
            }
        }
        networks = try tenants.map { tenant in
            try connection.query(
                """
                SELECT id FROM networks WHERE tenant_id = \(tenant) AND code IN ('ONE', 'TWO') ORDER BY code
                """
            ).map { try $0.get(0) }
        }
        customers = try tenants.map { tenant in
            try connection.query(
                """
                SELECT customers.email, tenants.slug, gate.id, opproxy.id
                FROM customers
                JOIN tenants ON tenants.id = customers.tenant_id
                JOIN api_keys AS gate ON (gate.tenant_id, gate.customer_id, gate.dialect)
                                       = (customers.tenant_id, customers.id, 'gate')
                JOIN api_keys AS opproxy ON (opproxy.tenant_id, opproxy.customer_id, opproxy.dialect)
                                          = (customers.tenant_id, customers.id, 'opproxy')
                WHERE customers.tenant_id = \(tenant) ORDER BY customers.email
                """
            ).map { row in
                Customer(
                    tenant: tenant, slug: try row.get(1), email: try row.get(0),
                    principals: [.gate: try row.get(2), .opproxy: try row.get(3)])
            }
        }
    }

    func plans(of door: Door, _ tenant: Int) -> [Plan] { plans[tenant].filter { $0.door == door } }
}

extension DrillShop {
    static let customersPerTenant = 6

    /// The country of the gateway in `host:port`, as the second door spells it; hosts are in the catalogue's order.
    static func country(ofPort port: String) -> String? {
        let host = port.prefix { $0 != ":" }
        let countries = ["1": "nl", "2": "de", "3": "at", "4": "no", "5": "fr"]
        return host.split(separator: ".").last.flatMap { countries[String($0)] }
    }

    /// - Parameter ports: how many slots each of the two large networks of a tenant has.
    static func catalogue(ports: Int) -> String {
        "tenants:\n" + tenant("acme", "USD", 1, ports) + tenant("brio", "EUR", 2, ports)
    }

    private static func tenant(_ slug: String, _ currency: String, _ number: Int, _ ports: Int) -> String {
        let names = (0..<customersPerTenant).map { "c\($0)" } + ["poor"]
        let customers = names.map { name in
            """
                  - email: \(name)@\(slug).test
                    username: \(name)
                    balance: "\(name == "poor" ? "60.00" : "10000000.00") \(currency)"
                    keys:
                      - {dialect: gate, key: \(Door.gate.key(slug, name)), trials: true, rate_limit: off}
                      - {dialect: opproxy, key: \(Door.opproxy.key(slug, name)), rate_limit: off}
            """
        }
        return """
              - slug: \(slug)
                name: \(slug)
                currency: \(currency)
                timezone: UTC
                grace: 1s
                wholesale: {float: "50000000.00 \(currency)", credit_limit: "0.00 \(currency)"}
                networks:
                  - {code: ONE, city: Amsterdam, country: NL, type: mobile, exit_class: mobile_4g}
                  - {code: TWO, city: Berlin, country: DE, type: mobile, exit_class: mobile_5g}
                  - {code: SCARCE, city: Vienna, country: AT, type: residential, exit_class: residential}
                  - {code: BRIEF, city: Oslo, country: NO, type: datacenter, exit_class: datacenter}
                  - {code: THREE, city: Paris, country: FR, type: mobile, exit_class: mobile_4g}
                gateways:
                  - {name: one-1, network: ONE, host: 127.0.\(number).1, ports: 10001-\(10_000 + ports), protocols: [http, socks5]}
                  - {name: two-1, network: TWO, host: 127.0.\(number).2, ports: 10001-\(10_000 + ports), protocols: [http, socks5]}
                  - {name: scarce-1, network: SCARCE, host: 127.0.\(number).3, ports: 10001-10040, protocols: [http]}
                  - {name: brief-1, network: BRIEF, host: 127.0.\(number).4, ports: 10001-\(10_000 + ports / 3), protocols: [http]}
                  - {name: three-1, network: THREE, host: 127.0.\(number).5, ports: 10001-\(10_000 + ports / 3), protocols: [http]}
                plans:
                  - {code: mobile, name: Mobile, product: proxy, connection: private, network: ONE, duration: 30d, price: "12.01 \(currency)", wholesale_price: "7.00 \(currency)", rotation: [0, 5, 10], trial: 1h, sells_in: [gate]}
                  - {code: week, name: Week, product: proxy, connection: private, network: ONE, duration: 7d, price: "4.00 \(currency)", wholesale_price: "2.50 \(currency)", rotation: [0, 5, 10], sells_in: [gate]}
                  - {code: elsewhere, name: Elsewhere, product: proxy, connection: private, network: TWO, duration: 30d, price: "14.99 \(currency)", wholesale_price: "8.00 \(currency)", rotation: [0, 5, 10], trial: 2h, sells_in: [gate]}
                  - {code: scarce, name: Scarce, product: proxy, connection: private, network: SCARCE, duration: 30d, price: "1.00 \(currency)", sells_in: [gate]}
                  - {code: brief, name: Brief, product: proxy, connection: private, network: BRIEF, duration: 2s, price: "0.50 \(currency)", sells_in: [gate]}
                  - {code: v4, name: IPv4, product: ipv4_rotating, networks: [TWO], duration: 30d, threads: 100, price: "15.00 \(currency)", wholesale_price: "9.00 \(currency)", countries: [mixed, de], rotations: [instant], sells_in: [opproxy]}
                  - {code: v6, name: IPv6, product: ipv6_rotating, networks: [ONE, TWO, THREE], duration: 30d, threads: 200, price: "9.00 \(currency)", wholesale_price: "4.00 \(currency)", countries: [mixed, nl, de, us], rotations: [instant, "5m", "10m"], sells_in: [opproxy]}
                  - {code: thin, name: Thin, product: ipv6_rotating, networks: [ONE, SCARCE, TWO], duration: 30d, threads: 10, price: "2.00 \(currency)", countries: [mixed], rotations: [instant], sells_in: [opproxy]}
                coupons:
                  - {code: FIFTH, percent_off: "20"}
                  - {code: HALFOFF, percent_off: "50", max_redemptions: 60}
                customers:
            \(customers.joined(separator: "\n"))

            """
    }
}
