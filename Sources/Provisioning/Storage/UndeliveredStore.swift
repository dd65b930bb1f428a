internal import Catalog
internal import Postgres
internal import Primitives

/// Finds what was sold and never delivered.
enum UndeliveredStore {
    /// The tenants that have a gateway which is behind.
    static func tenants(_ only: TenantID?) -> Statement {
        Statement(tenantsText, [only])
    }

    static func tenants(_ result: ResultSet) throws -> [TenantID] {
        try result.map { try $0.get(0) }
    }

    /// A tenant's live subscriptions, in key order behind `after`, one of whose first slots was lent at or before `end` and is not
    /// known to its gateway to this day.
    static func overdue(
        of tenant: TenantID, lentUntil end: Instant, after: SubscriptionID?, limit: Int
    ) -> Statement {
        Statement(overdueText, [tenant, end, after, limit])
    }

    static func overdue(_ result: ResultSet, of tenant: TenantID) throws -> [UndeliveredSubscription] {
        try result.map { row in
            UndeliveredSubscription(
                tenant: tenant, id: try row.get(0), customer: try row.get(1), dialect: try row.get(2),
                lentAt: try row.get(3), gateway: try row.get(4))
        }
    }

    private static let tenantsText = """
        SELECT DISTINCT g.tenant_id FROM gateways g
        LEFT JOIN gateway_states s ON s.tenant_id = g.tenant_id AND s.gateway_id = g.id
        WHERE g.desired_version > COALESCE(s.applied_version, 0) AND ($1::bigint IS NULL OR g.tenant_id = $1)
        ORDER BY g.tenant_id
        """

    // From the gateways that are behind, by what changed since: where all agree, nothing else is read. A slot that came with
    // a later move or change of plan is none of the purchase's: what was served before it is not undone.
    private static let overdueText = """
        SELECT DISTINCT ON (sold.id) sold.id, sold.customer_id, sold.dialect, lent.allocated_at, behind.name
        FROM (
            SELECT g.tenant_id, g.id, g.name, COALESCE(s.applied_version, 0) AS applied_version
            FROM gateways g
            LEFT JOIN gateway_states s ON s.tenant_id = g.tenant_id AND s.gateway_id = g.id
            WHERE g.tenant_id = $1 AND g.desired_version > COALESCE(s.applied_version, 0)
        ) behind
        CROSS JOIN LATERAL (
            SELECT s.tenant_id, s.id, s.state, s.lent_revision FROM slots s
            WHERE s.tenant_id = behind.tenant_id AND s.gateway_id = behind.id AND s.revision > behind.applied_version
            ORDER BY s.revision OFFSET 0
        ) slot
        CROSS JOIN LATERAL (
            SELECT a.subscription_id, a.allocated_at FROM allocations a
            WHERE a.tenant_id = slot.tenant_id AND a.slot_id = slot.id AND a.released_at IS NULL
            LIMIT 1
        ) lent
        CROSS JOIN LATERAL (
            SELECT s.id, s.customer_id, s.dialect, s.started_at, s.ended_at FROM subscriptions s
            WHERE s.tenant_id = slot.tenant_id AND s.id = lent.subscription_id
            LIMIT 1
        ) sold
        WHERE slot.state = 'assigned' AND slot.lent_revision > behind.applied_version
          AND lent.allocated_at <= $2 AND lent.allocated_at = sold.started_at AND sold.ended_at IS NULL
          AND ($3::uuid IS NULL OR sold.id > $3)
        ORDER BY sold.id, behind.name
        LIMIT $4
        """
}
