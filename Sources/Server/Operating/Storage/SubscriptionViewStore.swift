internal import Catalog
internal import Postgres
internal import Primitives
internal import Provisioning

/// SQL of subscriptions as an operator looks them up.
enum SubscriptionViewStore {
    /// A page and one subscription more.
    static func page(
        _ filter: SubscriptionFilter, of customer: CustomerID?, _ tenant: TenantID, at now: Instant
    ) -> Statement {
        Statement(
            listing,
            [
                tenant, customer, filter.state?.rawValue, filter.plan, filter.before, now, filter.limit + 1,
                filter.isParked,
            ])
    }

    static func one(_ subscription: SubscriptionID, of tenant: TenantID) -> Statement {
        Statement("\(selected) WHERE s.tenant_id = $1 AND s.id = $2" as String, [tenant, subscription])
    }

    /// - Parameter now: what time it is, for how they stand.
    static func subscriptions(_ result: ResultSet, at now: Instant) throws -> [SubscriptionView] {
        try result.map { row in
            let activeUntil: Instant = try row.get(9)
            let endedAt: Instant? = try row.get(10)
            return SubscriptionView(
                id: try row.get(0), customer: try row.get(1), email: try row.get(2), plan: try row.get(3),
                planName: try row.get(4), dialect: try row.get(5), isTrial: try row.get(6),
                order: try row.get(7), startedAt: try row.get(8), activeUntil: activeUntil, endedAt: endedAt,
                state: SubscriptionState(activeUntil: activeUntil, endedAt: endedAt, at: now),
                periods: try row.get(11), renewsAt: try row.get(12), parkedReason: try row.get(13),
                ports: try row.get(14), exit: try ExitStore.exit(row, startingAt: 15), note: try row.get(17))
        }
    }

    static let selected = """
        SELECT s.id, s.customer_id, c.email, p.code, p.name, s.dialect, s.trial, s.order_id, s.started_at, s.active_until,
            s.ended_at, s.next_period, s.renews_at, s.parked_reason,
            (SELECT count(*) FROM allocations a
             WHERE a.tenant_id = s.tenant_id AND a.subscription_id = s.id AND a.released_at IS NULL),
            s.exit_country, s.exit_rotation, s.user_note
        FROM subscriptions s
        JOIN customers c ON c.tenant_id = s.tenant_id AND c.id = s.customer_id
        JOIN plans p ON p.tenant_id = s.tenant_id AND p.id = s.plan_id
        """

    private static let listing = """
        \(selected)
        WHERE s.tenant_id = $1 AND ($2::uuid IS NULL OR s.customer_id = $2)
          AND ($3::text IS NULL OR $3 = CASE
                WHEN s.ended_at IS NOT NULL THEN 'ended' WHEN s.active_until > $6 THEN 'active' ELSE 'expired' END)
          AND ($4::text IS NULL OR p.code = $4) AND ($5::uuid IS NULL OR s.id < $5)
          AND ($8::boolean IS NULL OR $8 = (s.parked_at IS NOT NULL))
        ORDER BY s.id DESC
        LIMIT $7
        """
}
