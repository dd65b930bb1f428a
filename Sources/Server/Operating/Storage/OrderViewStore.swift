internal import Catalog
internal import Postgres
internal import Primitives

/// SQL of orders as an operator looks them up.
enum OrderViewStore {
    /// A page and one order more: an id begins with the moment it was made, so the newest have the greatest.
    static func page(_ filter: OrderFilter, of customer: CustomerID?, _ tenant: TenantID) -> Statement {
        Statement(
            listing,
            [
                tenant, customer, filter.state?.rawValue, filter.kind, filter.from, filter.to, filter.before,
                filter.limit + 1,
            ])
    }

    static func one(_ order: OrderID, of tenant: TenantID) -> Statement {
        Statement("\(selected) WHERE o.tenant_id = $1 AND o.id = $2" as String, [tenant, order])
    }

    static func orders(_ result: ResultSet) throws -> [OrderView] {
        try result.map { row in
            let currency = try row.currency(12)
            guard let state = OrderState(rawValue: try row.get(3)) else {
                throw Unreadable("the order's state is none that is known")
            }
            return OrderView(
                id: try row.get(0), placedAt: try row.get(1), kind: try row.get(2), state: state,
                customer: try row.get(4), email: try row.get(5), dialect: try row.get(6),
                orderedBy: try row.get(7), plan: try row.get(8), planVersion: try row.get(9),
                quantity: try row.get(10), repeatCount: try row.get(11),
                price: OrderView.Price(
                    list: try row.money(13, currency), discount: try row.money(14, currency),
                    total: try row.money(15, currency), refunded: try row.money(16, currency),
                    wholesale: try row.moneyIfAny(17, currency),
                    wholesaleRefunded: try row.money(18, currency)),
                coupon: try row.get(19), renewed: try row.get(20), group: try row.get(21))
        }
    }

    /// What a purchase or trial made, or the subscription that was renewed.
    static func made(by order: OrderView, of tenant: TenantID) -> Statement {
        """
        SELECT id, active_until, ended_at FROM subscriptions
        WHERE tenant_id = \(tenant) AND customer_id = \(order.customer)
          AND (order_id = \(order.id) OR id = \(order.renewed)) ORDER BY id
        """
    }

    static func made(_ result: ResultSet) throws -> [OrderDetails.Made] {
        try result.map {
            OrderDetails.Made(id: try $0.get(0), activeUntil: try $0.get(1), endedAt: try $0.get(2))
        }
    }

    static let selected = """
        SELECT o.id, o.placed_at, o.kind, o.state, o.customer_id, c.email, o.dialect, coalesce(k.hint, u.username), p.code,
            o.plan_version, o.quantity, o.repeat_count, o.currency, o.list_minor, o.discount_minor, o.total_minor,
            o.refunded_minor, o.wholesale_minor, o.wholesale_refunded_minor, coupon.code, o.subscription_id,
            (SELECT g.code FROM customer_groups g WHERE g.tenant_id = o.tenant_id AND g.id = o.group_id)
        FROM orders o
        JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
        JOIN plans p ON p.tenant_id = o.tenant_id AND p.id = o.plan_id
        LEFT JOIN coupons coupon ON coupon.tenant_id = o.tenant_id AND coupon.id = o.coupon_id
        LEFT JOIN api_keys k ON k.tenant_id = o.tenant_id AND k.id = o.principal_id
        LEFT JOIN customer_users u ON u.tenant_id = o.tenant_id AND u.id = o.principal_id
        """

    private static let listing = """
        \(selected)
        WHERE o.tenant_id = $1 AND ($2::uuid IS NULL OR o.customer_id = $2) AND ($3::text IS NULL OR o.state = $3)
          AND ($4::text IS NULL OR o.kind = $4) AND ($5::timestamptz IS NULL OR o.placed_at >= $5)
          AND ($6::timestamptz IS NULL OR o.placed_at < $6) AND ($7::uuid IS NULL OR o.id < $7)
        ORDER BY o.id DESC
        LIMIT $8
        """
}
