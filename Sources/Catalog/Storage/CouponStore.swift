public import Postgres
public import Primitives

/// Reads coupons, and locks those that a group of orders names before their redemptions are counted.
public enum CouponStore {
    /// The coupons of these codes, locked against every other buyer until the transaction ends.
    ///
    /// Locks are taken in the order of (tenant, code), whatever the order of the keys, so that two groups
    /// cannot wait for each other. Codes count in upper case. A key without a coupon has no row.
    public static func locking(_ keys: [(TenantID, String)]) -> Statement {
        var seen: Set<Key> = []
        let ordered = keys.map { Key(tenant: $0.0, code: $0.1.uppercased()) }
            .filter { seen.insert($0).inserted }
            .sorted { ($0.tenant, $0.code) < ($1.tenant, $1.code) }
        return Statement(lockingByCode, [ordered.map(\.tenant), ordered.map(\.code)])
    }

    /// Every coupon of a tenant, by code.
    public static func all(of tenant: TenantID) -> Statement {
        Statement(allOfTenant, [tenant])
    }

    /// Every coupon of the tenants with these slugs.
    static func all(ofSlugs slugs: [String]) -> Statement {
        Statement(allOfSlugs, [slugs])
    }

    /// Reads the rows of any of the statements above.
    public static func coupons(_ result: ResultSet) throws -> [Coupon] {
        try result.map { try coupon($0) }
    }

    private struct Key: Hashable {
        let tenant: TenantID
        let code: String
    }

    /// Reads one of these rows, which may be readable where another is not.
    public static func coupon(_ row: Row) throws -> Coupon {
        let currency = try row.currency(5)
        return Coupon(
            id: try row.get(1), tenant: try row.get(0), code: try row.get(2),
            discount: try discount(row, currency),
            maxDiscount: try row.money(15, currency), minimum: try row.money(6, currency),
            budget: try row.money(16, currency), maxRedemptions: try row.get(7), perCustomer: try row.get(8),
            isFirstOrderOnly: try row.get(18),
            customers: try row.get(19, as: [String]?.self).map(Set.init),
            planIDs: try row.get(9, as: [PlanID]?.self).map(Set.init),
            kinds: try row.get(10, as: [OrderKind]?.self).map(Set.init), renewals: try row.get(20),
            startsAt: try row.get(11), endsAt: try row.get(12), redeemedCount: try row.get(13),
            discountedMinor: try row.get(17), isActive: try row.get(14)
        )
    }

    private static func discount(_ row: Row, _ currency: Currency) throws -> Coupon.Discount {
        if let points = try row.get(3, as: Int32?.self) {
            guard let share = BasisPoints(points) else {
                throw Unreadable("the stored percentage is out of bounds")
            }
            return .percent(share)
        }
        return .amount(Money(minor: try row.get(4), currency: currency))
    }

    /// The columns of a table or subquery `c` that `coupons(_:)` reads, for statements that find coupons by what others
    /// say of them.
    public static let columns = """
        c.tenant_id, c.id, c.code, c.percent_bps, c.amount_minor, c.currency, c.min_amount_minor, c.max_redemptions,
        c.per_customer, c.plan_ids, c.applies_to, c.starts_at, c.ends_at, c.redeemed_count, c.active,
        c.max_discount_minor, c.budget_minor, c.discounted_minor, c.first_order, c.customers, c.renewals
        """

    private static let lockingByCode = """
        SELECT \(columns)
        FROM unnest($1::bigint[], $2::text[]) AS wanted (tenant_id, code)
        CROSS JOIN LATERAL (
            SELECT * FROM coupons WHERE tenant_id = wanted.tenant_id AND code = wanted.code
            LIMIT 1 FOR NO KEY UPDATE
        ) c
        """

    private static let allOfTenant = """
        SELECT \(columns) FROM coupons c WHERE c.tenant_id = $1 ORDER BY c.code
        """

    private static let allOfSlugs = """
        SELECT \(columns) FROM tenants t JOIN coupons c ON c.tenant_id = t.id
        WHERE t.slug = ANY ($1) ORDER BY c.tenant_id, c.code
        """
}
