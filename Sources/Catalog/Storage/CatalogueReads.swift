public import Postgres
internal import Primitives

/// Reads what a catalogue file is compared with, in one round trip, after making other applies wait.
public enum CatalogueReads {
    /// The statements to send as one pipeline, in a transaction; their results go to `rows`.
    ///
    /// The lock queues applies up behind each other and lets everybody else read; it is a table's and not an
    /// advisory one, because advisory locks are each node's own (scale.md rule 9).
    public static func statements(slugs: [String]) -> [Statement] {
        [
            Statement(lock), Statement(tenants), Statement(hosts), Statement(gateways),
            Statement(networks, [slugs]), PlanStore.all(ofSlugs: slugs), CouponStore.all(ofSlugs: slugs),
            CustomerGroupStore.all(ofSlugs: slugs),
        ]
    }

    /// Reads the results of `statements`.
    public static func rows(_ results: [ResultSet]) throws -> CatalogueRows {
        precondition(results.count == 8, "there is one result for each statement")
        return CatalogueRows(
            tenants: try results[1].map(tenant), hosts: try results[2].map(host),
            networks: try NetworkStore.networks(results[4]), gateways: try results[3].map(gateway),
            plans: try PlanStore.plans(results[5]), coupons: try CouponStore.coupons(results[6]),
            groups: try CustomerGroupStore.groups(results[7]))
    }

    static func tenant(_ row: Row) throws -> TenantRow {
        TenantRow(
            id: try row.get(0), slug: try row.get(1), name: try row.get(2), currency: try row.currency(3),
            timezone: try row.get(4), graceMilliseconds: try row.get(5), isActive: try row.get(6),
            sandboxOf: try row.get(7))
    }

    static func host(_ row: Row) throws -> HostRow {
        HostRow(host: try row.get(0), tenant: try row.get(1), dialect: try row.get(2))
    }

    static func gateway(_ row: Row) throws -> GatewayRow {
        GatewayRow(
            id: try row.get(1), tenant: try row.get(0), name: try row.get(2), networkID: try row.get(3),
            host: try row.get(4), ports: try ports(row), protocols: try row.get(8), vlessPort: try row.get(9),
            shadowsocksPort: try row.get(10), driver: try row.get(11), isActive: try row.get(12),
            isInUse: try row.get(13))
    }

    private static func ports(_ row: Row) throws -> GatewayPorts {
        if let shared = try row.get(7, as: Int32?.self) { return .shared(shared) }
        let first: Int32 = try row.get(5)
        let last: Int32 = try row.get(6)
        guard first <= last else { throw Unreadable("the stored range of ports is turned round") }
        return .range(first...last)
    }

    private static let lock = "LOCK TABLE tenants IN SHARE ROW EXCLUSIVE MODE"

    private static let tenants = """
        SELECT id, slug, name, currency, timezone, grace_ms, active, sandbox_of FROM tenants ORDER BY id
        """

    private static let hosts = "SELECT host, tenant_id, dialect FROM hosts ORDER BY host"

    // Of every tenant: a port of a host can be bound once, whoever asks.
    private static let gateways = """
        SELECT g.tenant_id, g.id, g.name, g.network_id, g.host, g.first_port, g.last_port, g.shared_port, g.protocols,
               g.vless_port, g.shadowsocks_port, g.driver, g.active,
               CASE WHEN g.active THEN true ELSE EXISTS (
                   SELECT FROM slots s
                   WHERE s.tenant_id = g.tenant_id AND s.gateway_id = g.id
                     AND s.state IN ('held', 'assigned', 'draining')) END AS in_use
        FROM gateways g ORDER BY g.tenant_id, g.name
        """

    private static let networks = """
        SELECT n.tenant_id, n.id, n.code, n.city, n.country, n.type, n.exit_class, n.asn, n.asn_org, n.active,
               n.low_stock
        FROM networks n JOIN tenants t ON t.id = n.tenant_id
        WHERE t.slug = ANY ($1) ORDER BY n.tenant_id, n.code
        """
}
