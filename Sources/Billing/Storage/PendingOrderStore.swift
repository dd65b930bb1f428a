public import Catalog
public import Postgres
public import Primitives

/// Reads orders that wait for money, for those who take it and for the job that ends them.
public enum PendingOrderStore {
    /// One order of a tenant.
    public static func order(_ id: OrderID, of tenant: TenantID) -> Statement {
        Statement(
            "SELECT \(columns) FROM pending_orders p WHERE p.tenant_id = $1 AND p.id = $2" as String,
            [tenant, id])
    }

    /// A tenant's orders, the newest first.
    ///
    /// - Parameters: of one customer, in one state; `nil`: whichever. `before`: where the page before it ended.
    public static func orders(
        of tenant: TenantID, customer: CustomerID? = nil, state: PendingOrderState? = nil,
        before: OrderID? = nil, limit: Int
    ) -> Statement {
        Statement(
            """
            SELECT \(columns) FROM pending_orders p
            WHERE p.tenant_id = $1 AND ($2::uuid IS NULL OR p.customer_id = $2) AND ($3::text IS NULL OR p.state = $3)
                AND ($5::uuid IS NULL OR p.id < $5)
            ORDER BY p.id DESC LIMIT $4
            """ as String, [tenant, customer, state?.rawValue, limit, before])
    }

    /// Reads the rows of either statement.
    public static func orders(_ result: ResultSet) throws -> [PendingOrder] {
        try result.map { row in
            let currency = try Currency(stored: row.get(10))
            func money(_ column: Int) throws -> Money {
                Money(minor: try row.get(column), currency: currency)
            }
            guard let quantity = Quantity(try row.get(7)), let repeatCount = RepeatCount(try row.get(8))
            else {
                throw Unreadable("an order that waits is for more than one order may ask")
            }
            return PendingOrder(
                tenant: try row.get(0), id: try row.get(1), customer: try row.get(2),
                principal: try row.get(3), dialect: try row.get(4), plan: try row.get(5),
                networks: try row.get(6), quantity: quantity, repeatCount: repeatCount,
                coupon: try coupon(row.get(9)), list: try money(11), discount: try money(12),
                total: try money(13), state: try PendingStore.state(row.get(14)), placedAt: try row.get(15),
                expiresAt: try row.get(16), closedAt: try row.get(17), reason: try row.get(18))
        }
    }

    private static func coupon(_ code: String?) throws -> CouponCode? {
        guard let code else { return nil }
        guard let coupon = CouponCode(code) else { throw Unreadable("a stored coupon's code is none") }
        return coupon
    }

    /// Every tenant, or one: an order is over by the clock, whoever sells.
    static func tenants(_ only: TenantID?) -> Statement {
        "SELECT id FROM tenants WHERE \(only)::bigint IS NULL OR id = \(only) ORDER BY id"
    }

    static func tenants(_ result: ResultSet) throws -> [TenantID] { try result.map { try $0.get(0) } }

    /// A tenant's orders whose time is over, the earliest ends first, behind where the last batch ended.
    static func due(
        of tenant: TenantID, at now: Instant, after cursor: PendingCursor, limit: Int
    ) -> Statement {
        Statement(dueOfTenant, [tenant, now, cursor.expiresAt, cursor.id, limit])
    }

    /// Each row by itself: one that cannot be read hides no other.
    static func due(
        _ result: ResultSet, of tenant: TenantID
    ) throws -> [(cursor: PendingCursor, order: Result<DuePendingOrder, any Error>)] {
        try result.map { row in
            let cursor = PendingCursor(expiresAt: try row.get(0), id: try row.get(1))
            let order = Result {
                DuePendingOrder(
                    tenant: tenant, id: cursor.id, customer: try row.get(2), dialect: try row.get(3),
                    coupon: try coupon(row.get(4)))
            }
            return (cursor, order)
        }
    }

    private static let columns = """
        p.tenant_id, p.id, p.customer_id, p.principal_id, p.dialect, p.plan_id,
        (SELECT network_ids FROM plans WHERE tenant_id = p.tenant_id AND id = p.plan_id), p.quantity::bigint,
        p.repeat_count::bigint, (SELECT code FROM coupons WHERE tenant_id = p.tenant_id AND id = p.coupon_id),
        p.currency, p.list_minor, p.discount_minor, p.total_minor, p.state, p.placed_at, p.expires_at, p.closed_at,
        p.reason
        """

    private static let dueOfTenant = """
        SELECT p.expires_at, p.id, p.customer_id, p.dialect,
            (SELECT code FROM coupons WHERE tenant_id = p.tenant_id AND id = p.coupon_id)
        FROM (
            SELECT * FROM pending_orders
            WHERE tenant_id = $1 AND state = 'pending' AND expires_at <= $2
                AND (expires_at, id) > ($3::timestamptz, $4::uuid)
            ORDER BY expires_at, id LIMIT $5
        ) p
        ORDER BY p.expires_at, p.id
        """
}
