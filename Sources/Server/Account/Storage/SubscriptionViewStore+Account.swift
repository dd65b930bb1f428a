internal import Postgres
internal import Primitives

extension SubscriptionViewStore {
    /// A page of one customer's subscriptions and one more.
    static func page(
        ofOnly customer: CustomerID, _ filter: SubscriptionFilter, _ tenant: TenantID, at now: Instant
    ) -> Statement {
        Statement(
            ofCustomer,
            [
                tenant, customer, filter.state?.rawValue, filter.plan, filter.before, now,
                Int64(filter.limit + 1),
            ])
    }

    private static let ofCustomer = """
        \(selected)
        WHERE s.tenant_id = $1 AND s.customer_id = $2
          AND ($3::text IS NULL OR $3 = CASE
                WHEN s.ended_at IS NOT NULL THEN 'ended' WHEN s.active_until > $6 THEN 'active' ELSE 'expired' END)
          AND ($4::text IS NULL OR p.code = $4) AND ($5::uuid IS NULL OR s.id < $5)
        ORDER BY s.id DESC
        LIMIT $7
        """
}
