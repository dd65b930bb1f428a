public import Postgres
public import Primitives

/// Reads groups of customers with their price lists.
public enum CustomerGroupStore {
    /// Every group of a tenant, active or not.
    public static func all(of tenant: TenantID) -> Statement {
        Statement(allOfTenant, [tenant])
    }

    /// Every group of the tenants with these slugs.
    static func all(ofSlugs slugs: [String]) -> Statement {
        Statement(allOfSlugs, [slugs])
    }

    /// Reads the rows of either statement, by code: one for each price, or one without a price.
    public static func groups(_ result: ResultSet) throws -> [CustomerGroup] {
        var groups: [CustomerGroup] = []
        for row in result {
            let id: CustomerGroupID = try row.get(1)
            if groups.last?.id != id {
                groups.append(
                    CustomerGroup(
                        id: id, tenant: try row.get(0), code: try row.get(2), name: try row.get(3),
                        isActive: try row.get(4)))
            }
            guard let plan = try row.get(5, as: PlanID?.self) else { continue }
            groups[groups.count - 1].prices[plan] = GroupPrice(
                group: id, version: try row.get(6), price: try row.money(8, row.currency(7)))
        }
        return groups
    }

    /// What the groups of these customers have of these plans, where they have anything of their own.
    ///
    /// One look-up on a primary key for each step, pinned: `unnest` outside, LATERAL … LIMIT 1 inside.
    public static func prices(for keys: [(TenantID, CustomerID, PlanID)]) -> Statement {
        Statement(byBuyer, [keys.map(\.0), keys.map(\.1), keys.map(\.2)])
    }

    /// Reads the rows of `prices(for:)`: tenant, customer, plan and price.
    public static func prices(
        _ result: ResultSet
    ) throws -> [(tenant: TenantID, customer: CustomerID, plan: PlanID, price: GroupPrice)] {
        try result.map { row in
            (
                try row.get(0), try row.get(1), try row.get(2),
                GroupPrice(
                    group: try row.get(3), version: try row.get(4), price: try row.money(6, row.currency(5)))
            )
        }
    }

    private static let columns = """
        g.tenant_id, g.id, g.code, g.name, g.active, p.plan_id, p.version, p.currency, p.price_minor
        """

    private static let latest = """
        LEFT JOIN LATERAL (
            SELECT DISTINCT ON (plan_id) plan_id, version, currency, price_minor FROM group_prices
            WHERE tenant_id = g.tenant_id AND group_id = g.id
            ORDER BY plan_id, version DESC
        ) p ON true
        """

    private static let allOfTenant = """
        SELECT \(columns) FROM customer_groups g \(latest)
        WHERE g.tenant_id = $1 ORDER BY g.code, g.id
        """

    private static let allOfSlugs = """
        SELECT \(columns) FROM tenants t JOIN customer_groups g ON g.tenant_id = t.id \(latest)
        WHERE t.slug = ANY ($1) ORDER BY g.tenant_id, g.code, g.id
        """

    private static let byBuyer = """
        SELECT wanted.tenant_id, wanted.customer_id, wanted.plan_id, p.group_id, p.version, p.currency, p.price_minor
        FROM unnest($1::bigint[], $2::uuid[], $3::uuid[]) AS wanted (tenant_id, customer_id, plan_id)
        CROSS JOIN LATERAL (
            SELECT group_id FROM customers WHERE tenant_id = wanted.tenant_id AND id = wanted.customer_id LIMIT 1
        ) c
        CROSS JOIN LATERAL (
            SELECT id FROM customer_groups WHERE tenant_id = wanted.tenant_id AND id = c.group_id AND active LIMIT 1
        ) g
        CROSS JOIN LATERAL (
            SELECT * FROM group_prices
            WHERE tenant_id = wanted.tenant_id AND group_id = g.id AND plan_id = wanted.plan_id
            ORDER BY version DESC LIMIT 1
        ) p
        """
}
