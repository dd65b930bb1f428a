import Billing
import Catalog
import Postgres
import Primitives
import Provisioning

@testable import Server

extension GateTenant {
    /// Writes the tenant with catalogue, stock and customers, whose wallets are empty.
    func write(
        on connection: Connection, seal: CredentialSeal, ids: any IdentifierSource, at now: Instant
    ) throws {
        _ = try connection.query(
            """
            INSERT INTO tenants (id, slug, name, currency, timezone, grace_ms, created_at)
            VALUES (\(id), \(slug), \(slug), 'USD', 'UTC', 86400000, \(now))
            """)
        _ = try connection.query(
            "INSERT INTO hosts (host, tenant_id, dialect) VALUES (\(host), \(id), 'gate')")
        try writeNetworks(on: connection, seal: seal, ids: ids, at: now)
        try writePlans(on: connection, at: now)
        try writeCoupons(on: connection, ids: ids, at: now)
        var ledger = LedgerWork(seed: UInt64(id.number), stock: SlotStock())
        try ledger.openTenant(
            id, currency: .usd, wholesaleCreditLimit: .zero(.usd), on: connection, at: now)
        for customer in [alice, bob, zoe] { try write(customer, &ledger, on: connection, at: now) }
    }

    private func writeNetworks(
        on connection: Connection, seal: CredentialSeal, ids: any IdentifierSource, at now: Instant
    ) throws {
        let networks: [(NetworkID, code: String, city: String, country: String, type: String, active: Bool)] =
            [
                (amsterdam, "NL-AMS", "Amsterdam", "NL", "mobile", true),
                (berlin, "DE-BER", "Berlin", "DE", "mobile", true),
                (vienna, "AT-VIE", "Vienna", "AT", "residential", true),
                (paris, "FR-PAR", "Paris", "FR", "mobile", false),
                (madrid, "ES-MAD", "Madrid", "ES", "mobile", true),
            ]
        for (network, code, city, country, type, active) in networks {
            _ = try connection.query(
                """
                INSERT INTO networks (tenant_id, id, code, city, country, type, exit_class, active, created_at)
                VALUES (\(id), \(network), \(code), \(city), \(country), \(type), 'exit', \(active), \(now))
                """)
        }
        let all = ["http", "socks5", "vless", "shadowsocks"]
        try write("ams-1", on: amsterdam, ports: 12001...12012, all, connection, seal, ids, now)
        // Of Amsterdam's ports 12003 to 12005 exist here too: a switch keeps the port where it can.
        try write("ber-1", on: berlin, ports: 12003...12005, ["http", "socks5"], connection, seal, ids, now)
        try write("vie-1", on: vienna, ports: 14001...14002, ["http"], connection, seal, ids, now)
        try write("par-1", on: paris, ports: 15001...15002, ["http"], connection, seal, ids, now)
    }

    func write(
        _ name: String, on network: NetworkID, ports: ClosedRange<Int32>, _ protocols: [String],
        _ connection: Connection, _ seal: CredentialSeal, _ ids: any IdentifierSource, _ now: Instant
    ) throws {
        let gateway: GatewayID = ids.next(at: now)
        let host = "\(name).\(slug).example.com"
        let (vless, shadowsocks): (Int32?, Int32?) = protocols.count > 2 ? (12443, 12388) : (nil, nil)
        _ = try connection.query(
            """
            INSERT INTO gateways (tenant_id, id, name, network_id, host, first_port, last_port, protocols, vless_port,
                shadowsocks_port, driver, created_at)
            VALUES (\(id), \(gateway), \(name), \(network), \(host), \(ports.lowerBound), \(ports.upperBound),
                \(protocols), \(vless), \(shadowsocks), 'simulated', \(now))
            """)
        for port in ports {
            let slot: SlotID = ids.next(at: now)
            let secret = SlotSecret(
                password: "p_\(slug)\(port)", vlessUUID: "00000000-0000-4000-8000-0000000\(port)",
                shadowsocksKey: "c2hhZG93c29ja3MrLz09Cg==")
            let sealed = seal.seal(secret, tenant: id, slot: slot, version: 3)
            _ = try connection.query(
                """
                INSERT INTO slots (tenant_id, id, gateway_id, network_id, port, state, rank, username, secret,
                    secret_version, secret_since, revision, state_since)
                VALUES (\(id), \(slot), \(gateway), \(network), \(port), 'ready', \(Int64(port)),
                    \("u_\(name)-\(port)"), \(sealed), 3, \(now), 0, \(now))
                """)
        }
    }

    func write(
        _ customer: GateCustomer, _ ledger: inout LedgerWork, in currency: Currency = .usd,
        on connection: Connection, at now: Instant
    ) throws {
        _ = try connection.query(
            """
            INSERT INTO customers (tenant_id, id, email, username, currency, active, created_at)
            VALUES (\(id), \(customer.id), \("\(customer.name)@example.com"), \(customer.name), \(currency.code),
                \(customer.id != zoe.id), \(now))
            """)
        try ledger.openWallet(of: customer.id, in: id, creditLimit: .zero(currency), on: connection, at: now)
        _ = try connection.query(
            """
            INSERT INTO api_keys (hash, tenant_id, id, customer_id, dialect, hint, trials, created_at)
            VALUES (\(CredentialDigest(of: customer.key).bytes), \(id), \(customer.keyID), \(customer.id), 'gate',
                'rk_…', \(customer.mayTakeTrials), \(now))
            """)
        for (user, role) in [(customer.admin, "admin"), (customer.viewer, "viewer")] {
            _ = try connection.query(
                """
                INSERT INTO customer_users
                    (tenant_id, id, customer_id, username, email, password_hash, role, created_at)
                VALUES (\(id), \(user), \(customer.id), \("\(customer.name)-\(role)"),
                    \("\(customer.name)-\(role)@example.com"), 'x', \(role), \(now))
                """)
        }
    }
}

extension Currency {
    static let usd = Currency("USD")!
}
