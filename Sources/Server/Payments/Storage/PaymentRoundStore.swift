internal import Postgres
internal import Primitives

/// SQL of what the jobs about payments look for.
enum PaymentRoundStore {
    static func tenants(_ only: TenantID?) -> Statement {
        "SELECT id FROM tenants WHERE \(only)::bigint IS NULL OR id = \(only) ORDER BY id"
    }

    /// Tenants whose wallets may fill themselves, with the zone of their days: those that take payments, are active and no
    /// sandbox.
    static func collecting(_ only: TenantID?, at provider: String) -> Statement {
        """
        SELECT t.id, t.timezone FROM tenants t
        JOIN payment_providers p ON p.tenant_id = t.id AND p.provider = \(provider) AND p.active
        WHERE t.active AND t.sandbox_of IS NULL AND (\(only)::bigint IS NULL OR t.id = \(only))
        ORDER BY t.id
        """
    }

    static func collecting(_ result: ResultSet) throws -> [(id: TenantID, zone: String)] {
        try result.map { (id: try $0.get(0), zone: try $0.get(1)) }
    }

    static func tenants(_ result: ResultSet) throws -> [TenantID] { try result.map { try $0.get(0) } }

    /// Payments that are to be asked about, behind where the last batch ended.
    static func payments(
        of tenant: TenantID, dueAt now: Instant, after last: PaymentID?, limit: Int
    ) -> Statement {
        """
        SELECT id FROM payments
        WHERE tenant_id = \(tenant) AND next_at <= \(now) AND state = 'open'
            AND (\(last)::uuid IS NULL OR id > \(last))
        ORDER BY id LIMIT \(limit)
        """
    }

    static func payments(_ result: ResultSet) throws -> [PaymentID] { try result.map { try $0.get(0) } }

    static func reversals(
        of tenant: TenantID, dueAt now: Instant, after last: PaymentReversalID?, limit: Int
    ) -> Statement {
        """
        SELECT id FROM payment_reversals
        WHERE tenant_id = \(tenant) AND next_at <= \(now) AND state = 'held'
            AND (\(last)::uuid IS NULL OR id > \(last))
        ORDER BY id LIMIT \(limit)
        """
    }

    static func reversals(_ result: ResultSet) throws -> [PaymentReversalID] {
        try result.map { try $0.get(0) }
    }

    /// Customers whose wallets fill themselves and may be looked at now.
    static func filling(
        of tenant: TenantID, at now: Instant, after last: CustomerID?, limit: Int
    ) -> Statement {
        """
        SELECT customer_id FROM auto_top_ups
        WHERE tenant_id = \(tenant) AND active AND parked_at IS NULL AND (next_at IS NULL OR next_at <= \(now))
            AND (\(last)::uuid IS NULL OR customer_id > \(last))
        ORDER BY customer_id LIMIT \(limit)
        """
    }

    static func filling(_ result: ResultSet) throws -> [CustomerID] { try result.map { try $0.get(0) } }

    /// How many wallets of each tenant nobody fills until somebody has looked; of tenants that have any setting.
    static func parked(_ only: TenantID?) -> Statement {
        """
        SELECT tenant_id, count(*) FILTER (WHERE active AND parked_at IS NOT NULL) FROM auto_top_ups
        WHERE \(only)::bigint IS NULL OR tenant_id = \(only)
        GROUP BY tenant_id
        """
    }

    static func parked(_ result: ResultSet) throws -> [TenantID: Int] {
        try result.reduce(into: [:]) { counts, row in counts[try row.get(0)] = try row.get(1) }
    }
}
