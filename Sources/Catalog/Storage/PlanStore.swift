public import Postgres
public import Primitives

/// Reads plans, each with whether its network is active; what a plan is now, not what an order was priced
/// with.
public enum PlanStore {
    /// The plans of these keys, in no agreed order; a key without a plan has no row.
    ///
    /// One look-up on the primary key for each, pinned: `unnest` outside, LATERAL … LIMIT 1 inside, so that a
    /// plan made while the tables were empty cannot turn it round.
    public static func statement(for keys: [(TenantID, PlanID)]) -> Statement {
        Statement(byKey, [keys.map(\.0), keys.map(\.1)])
    }

    /// Every plan of a tenant, sold or not, in the order of its catalogue.
    public static func all(of tenant: TenantID) -> Statement {
        Statement(allOfTenant, [tenant])
    }

    /// Every plan of the tenants with these slugs.
    static func all(ofSlugs slugs: [String]) -> Statement {
        Statement(allOfSlugs, [slugs])
    }

    /// What a tenant sells in a dialect at this moment: active plans on active networks, priced or not.
    public static func sold(in dialect: DialectName, by tenant: TenantID) -> Statement {
        Statement(soldInDialect, [tenant, dialect])
    }

    /// Reads the rows of any of the statements above.
    public static func plans(_ result: ResultSet) throws -> [Plan] {
        try result.map(plan)
    }

    private static func plan(_ row: Row) throws -> Plan {
        let currency = try row.currency(9)
        return Plan(
            id: try row.get(1), tenant: try row.get(0), code: try row.get(2), name: try row.get(3),
            product: try row.get(4), connection: try row.get(5), networkID: try row.get(6),
            gatewayID: try row.get(7),
            durationMilliseconds: try row.get(8), currency: currency, price: try row.money(10, currency),
            wholesalePrice: try row.money(11, currency), isPopular: try row.get(12),
            rotationMinutes: try row.get(13), trialMilliseconds: try row.get(14),
            sellsIn: Set(try row.get(15, as: [DialectName].self)), attributes: try row.get(16),
            version: try row.get(17), sortOrder: try row.get(18), isActive: try row.get(19),
            networkIsActive: try row.get(20)
        )
    }

    private static let columns = """
        p.tenant_id, p.id, p.code, p.name, p.product, p.connection, p.network_id, p.gateway_id, p.duration_ms,
        p.currency, p.price_minor, p.wholesale_minor, p.popular, p.rotation_minutes, p.trial_ms, p.sells_in,
        p.attributes, p.version, p.sort_order, p.active, coalesce(n.active, true) AS network_active
        """

    private static let byKey = """
        SELECT \(columns)
        FROM unnest($1::bigint[], $2::uuid[]) AS wanted (tenant_id, plan_id)
        CROSS JOIN LATERAL (
            SELECT * FROM plans WHERE tenant_id = wanted.tenant_id AND id = wanted.plan_id LIMIT 1
        ) p
        LEFT JOIN LATERAL (
            SELECT active FROM networks WHERE tenant_id = p.tenant_id AND id = p.network_id LIMIT 1
        ) n ON true
        """

    private static let allOfTenant = """
        SELECT \(columns)
        FROM plans p LEFT JOIN networks n ON n.tenant_id = p.tenant_id AND n.id = p.network_id
        WHERE p.tenant_id = $1
        ORDER BY p.sort_order, p.price_minor, p.id
        """

    private static let allOfSlugs = """
        SELECT \(columns)
        FROM tenants t JOIN plans p ON p.tenant_id = t.id
        LEFT JOIN networks n ON n.tenant_id = p.tenant_id AND n.id = p.network_id
        WHERE t.slug = ANY ($1)
        ORDER BY p.tenant_id, p.code
        """

    private static let soldInDialect = """
        SELECT \(columns)
        FROM plans p LEFT JOIN networks n ON n.tenant_id = p.tenant_id AND n.id = p.network_id
        WHERE p.tenant_id = $1 AND $2 = ANY (p.sells_in) AND p.active AND coalesce(n.active, true)
        ORDER BY p.sort_order, p.price_minor, p.id
        """
}
