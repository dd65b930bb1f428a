internal import Postgres
internal import Primitives

extension OrderViewStore {
    /// A page of one customer's orders and one more.
    static func page(ofOnly customer: CustomerID, _ filter: OrderFilter, _ tenant: TenantID) -> Statement {
        Statement(
            ofCustomer,
            [
                tenant, customer, filter.state?.rawValue, filter.kind, filter.from, filter.to, filter.before,
                Int64(filter.limit + 1),
            ])
    }

    // No index has orders by customer, for it would cost every purchase. Every order has paid for terms of a subscription,
    // and those are found by customer.
    private static let ofCustomer = """
        WITH theirs AS MATERIALIZED (
            SELECT DISTINCT t.order_id FROM subscriptions s
            JOIN terms t ON t.tenant_id = s.tenant_id AND t.subscription_id = s.id
            WHERE s.tenant_id = $1 AND s.customer_id = $2 AND ($7::uuid IS NULL OR t.order_id < $7)
        )
        \(selected)
        WHERE o.tenant_id = $1 AND o.id IN (SELECT order_id FROM theirs) AND o.customer_id = $2
          AND ($3::text IS NULL OR o.state = $3) AND ($4::text IS NULL OR o.kind = $4)
          AND ($5::timestamptz IS NULL OR o.placed_at >= $5) AND ($6::timestamptz IS NULL OR o.placed_at < $6)
        ORDER BY o.id DESC
        LIMIT $8
        """
}
