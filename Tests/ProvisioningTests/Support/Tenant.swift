import Postgres
import Primitives

/// One reseller's ids.
struct Tenant: Sendable {
    let id: TenantID
    let slug: String
    let customer: CustomerID
    let plan: PlanID
    /// Takes a slot on each of `AMS`, `BER` and `VIE`.
    let widePlan: PlanID
    let networks: [String: NetworkID]
    let gateways: [String: GatewayID]

    init(id: TenantID, slug: String, _ identifiers: any IdentifierSource, _ now: Instant) {
        self.id = id
        self.slug = slug
        customer = identifiers.next(at: now)
        plan = identifiers.next(at: now)
        widePlan = identifiers.next(at: now)
        var networks: [String: NetworkID] = [:]
        var gateways: [String: GatewayID] = [:]
        for code in ["AMS", "BER", "VIE", "OFF"] {
            networks[code] = identifiers.next(at: now)
            gateways[code.lowercased() + "-1"] = identifiers.next(at: now)
        }
        self.networks = networks
        self.gateways = gateways
    }

    /// The rows of the catalogue that provisioning reads.
    func rows(at now: Instant, ports: ClosedRange<Int32>) -> [Statement] {
        var rows: [Statement] = [
            """
            INSERT INTO tenants (id, slug, name, currency, timezone, grace_ms, created_at)
            VALUES (\(id), \(slug), \(slug), 'USD', 'Europe/Rome', 3600000, \(now))
            """,
            """
            INSERT INTO customers (tenant_id, id, email, username, currency, created_at)
            VALUES (\(id), \(customer), 'same@example.com', 'same', 'USD', \(now))
            """,
            """
            INSERT INTO plans (tenant_id, id, code, name, product, connection, network_ids, duration_ms, currency,
                               price_minor, rotation_minutes, version, sort_order, created_at)
            VALUES (\(id), \(plan), 'free', 'Free', 'proxy', 'private', \([networks["AMS"]]), 86400000, 'USD',
                    0, '{0,5,10}', 1, 1, \(now))
            """,
            """
            INSERT INTO plan_versions (tenant_id, plan_id, version, duration_ms, currency, price_minor, recorded_at)
            VALUES (\(id), \(plan), 1, 86400000, 'USD', 0, \(now)), (\(id), \(widePlan), 1, 86400000, 'USD', 0, \(now))
            """,
            """
            INSERT INTO plans (tenant_id, id, code, name, product, connection, network_ids, duration_ms, currency,
                               price_minor, rotation_minutes, threads, exits, exit_rotations, version, sort_order,
                               created_at)
            VALUES (\(id), \(widePlan), 'wide', 'Wide', 'proxy', 'private',
                    \([networks["AMS"]!, networks["BER"]!, networks["VIE"]!]), 86400000, 'USD', 0, '{0,5,10}', 2,
                    '{mixed,nl}', '{instant,5m}', 1, 2, \(now))
            """,
        ]
        for (code, network) in networks {
            let type = code == "VIE" ? "residential" : "mobile"
            let name = code.lowercased() + "-1"
            rows.append(
                """
                INSERT INTO networks (tenant_id, id, code, city, country, type, exit_class, active, created_at)
                VALUES (\(id), \(network), \(code), \(code), 'NL', \(type), 'mobile_4g', \(code != "OFF"), \(now))
                """
            )
            rows.append(
                """
                INSERT INTO gateways (tenant_id, id, name, network_id, host, first_port, last_port, protocols,
                                      vless_port, shadowsocks_port, driver, created_at)
                VALUES (\(id), \(gateways[name]), \(name), \(network), \("\(name).\(slug).test"),
                        \(ports.lowerBound), \(ports.upperBound), '{http,socks5,vless,shadowsocks}',
                        443, 8388, 'simulated', \(now))
                """
            )
        }
        return rows
    }
}
