public import Postgres
public import Primitives

/// Reads plans, each with whether its networks are active; what a plan is now, not what an order was priced
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

    /// What a tenant sells in a dialect at this moment: active plans whose networks are all active, priced or not.
    public static func sold(in dialect: DialectName, by tenant: TenantID) -> Statement {
        Statement(soldInDialect, [tenant, dialect])
    }

    /// Reads the rows of any of the statements above.
    public static func plans(_ result: ResultSet) throws -> [Plan] {
        try result.map(plan)
    }

    /// The time zones of the tenants whose calendar plans `statement(for:)` has read.
    ///
    /// - Throws: where this machine's tz database lacks one. Nobody can tell when such a month ends, so nothing is sold.
    public static func zones(_ result: ResultSet) throws -> [TenantID: Zone] {
        var zones: [TenantID: Zone] = [:]
        for row in result {
            guard let name = try row.get(26, as: String?.self) else { continue }
            zones[try row.get(0)] = try ZoneDatabase.machine.zone(named: name)
        }
        return zones
    }

    private static func plan(_ row: Row) throws -> Plan {
        let currency = try row.currency(10)
        return Plan(
            id: try row.get(1), tenant: try row.get(0), code: try row.get(2), name: try row.get(3),
            product: try row.get(4), connection: try row.get(5), networks: try row.get(6),
            gatewayID: try row.get(7),
            duration: try row.planDuration(8, 9), currency: currency, price: try row.money(11, currency),
            wholesalePrice: try row.money(12, currency), isPopular: try row.get(13),
            renewsAutomatically: try row.get(25),
            rotationMinutes: try row.get(14), threads: try row.get(15), exits: try row.get(16),
            exitRotations: try row.get(17), trialMilliseconds: try row.get(18),
            sellsIn: Set(try row.get(19, as: [DialectName].self)), attributes: try row.get(20),
            version: try row.get(21), sortOrder: try row.get(22), isActive: try row.get(23),
            networksAreActive: try row.get(24)
        )
    }

    private static let columns = """
        p.tenant_id, p.id, p.code, p.name, p.product, p.connection, p.network_ids, p.gateway_id, p.duration_ms,
        p.duration_months, p.currency, p.price_minor, p.wholesale_minor, p.popular, p.rotation_minutes, p.threads,
        p.exits, p.exit_rotations, p.trial_ms, p.sells_in, p.attributes, p.version, p.sort_order, p.active,
        \(networksAreActive), p.auto_renew
        """

    // One look-up on the primary key for each network, pinned as the plan's own is.
    private static let networksAreActive = """
        (SELECT coalesce(bool_and(n.active), true)
         FROM unnest(p.network_ids) AS source (network_id)
         CROSS JOIN LATERAL (
             SELECT active FROM networks WHERE tenant_id = p.tenant_id AND id = source.network_id LIMIT 1
         ) n)
        """

    // The zone is looked up for calendar plans alone; the others cost what they cost without it.
    private static let byKey = """
        SELECT \(columns),
            CASE WHEN p.duration_months IS NOT NULL THEN (SELECT timezone FROM tenants WHERE id = p.tenant_id) END
        FROM unnest($1::bigint[], $2::uuid[]) AS wanted (tenant_id, plan_id)
        CROSS JOIN LATERAL (
            SELECT * FROM plans WHERE tenant_id = wanted.tenant_id AND id = wanted.plan_id LIMIT 1
        ) p
        """

    private static let allOfTenant = """
        SELECT \(columns)
        FROM plans p
        WHERE p.tenant_id = $1
        ORDER BY p.sort_order, p.price_minor, p.id
        """

    private static let allOfSlugs = """
        SELECT \(columns)
        FROM tenants t JOIN plans p ON p.tenant_id = t.id
        WHERE t.slug = ANY ($1)
        ORDER BY p.tenant_id, p.code
        """

    private static let soldInDialect = """
        SELECT \(columns)
        FROM plans p
        WHERE p.tenant_id = $1 AND $2 = ANY (p.sells_in) AND p.active AND \(networksAreActive)
        ORDER BY p.sort_order, p.price_minor, p.id
        """
}
