internal import Postgres
internal import Primitives

/// SQL of wallets that fill themselves.
enum AutoTopUpStore {
    static func setting(
        _ customer: CustomerID, of tenant: TenantID, below threshold: Money, by amount: Money,
        _ perDay: Int32,
        actor: String, at now: Instant
    ) -> Statement {
        Statement(
            """
            INSERT INTO auto_top_ups
                (tenant_id, customer_id, currency, threshold_minor, amount_minor, per_day, changed_at, changed_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT ON CONSTRAINT one_auto_top_up_per_customer DO UPDATE
            SET currency = excluded.currency, threshold_minor = excluded.threshold_minor,
                amount_minor = excluded.amount_minor, per_day = excluded.per_day, active = true, tries = 0,
                next_at = NULL, parked_at = NULL, parked_reason = NULL, changed_at = excluded.changed_at,
                changed_by = excluded.changed_by
            RETURNING \(columns)
            """ as String,
            [
                tenant, customer, amount.currency.code, threshold.minor, amount.minor, perDay, now, actor,
            ])
    }

    static func stopping(
        _ customer: CustomerID, of tenant: TenantID, actor: String, at now: Instant
    ) -> Statement {
        """
        UPDATE auto_top_ups SET active = false, changed_at = \(now), changed_by = \(actor)
        WHERE tenant_id = \(tenant) AND customer_id = \(customer)
        """
    }

    static func one(of customer: CustomerID, _ tenant: TenantID) -> Statement {
        Statement(
            "SELECT \(columns) FROM auto_top_ups WHERE tenant_id = $1 AND customer_id = $2" as String,
            [tenant, customer])
    }

    static func lockingOne(_ customer: CustomerID, of tenant: TenantID) -> Statement {
        Statement(
            "SELECT \(columns) FROM auto_top_ups WHERE tenant_id = $1 AND customer_id = $2 FOR NO KEY UPDATE"
                as String, [tenant, customer])
    }

    static func setting(_ result: ResultSet, of tenant: TenantID) throws -> [AutoTopUp] {
        try result.map { try setting($0, of: tenant) }
    }

    private static func setting(_ row: Row, of tenant: TenantID) throws -> AutoTopUp {
        let currency = try row.currency(1)
        return AutoTopUp(
            tenant: tenant, customer: try row.get(0), threshold: try row.money(2, currency),
            amount: try row.money(3, currency), perDay: try row.get(4), isActive: try row.get(5),
            tries: try row.get(6), nextAt: try row.get(7), parkedAt: try row.get(8),
            parkedReason: try row.get(9))
    }

    /// What depends on a setting that was locked before: what others have made under that lock is seen.
    static func facts(
        of customer: CustomerID, _ tenant: TenantID, at provider: String, since today: Instant
    ) -> Statement {
        Statement(factsOfOne, [tenant, customer, provider, today])
    }

    static func facts(_ result: ResultSet, of tenant: TenantID) throws -> AutoTopUpDecision.Facts? {
        try result.first.map { row in
            AutoTopUpDecision.Facts(
                setting: try setting(row, of: tenant),
                balance: try row.money(12, try row.currency(10)), isCustomerActive: try row.get(11),
                hasMethod: try row.get(13), open: try row.get(14), today: try row.get(15))
        }
    }

    static func failing(
        _ customer: CustomerID, of tenant: TenantID, tries: Int32, nextAt: Instant?, parked: String?,
        at now: Instant
    ) -> Statement {
        """
        UPDATE auto_top_ups
        SET tries = \(tries), next_at = \(nextAt),
            parked_at = CASE WHEN \(parked)::text IS NOT NULL THEN \(now)::timestamptz END, parked_reason = \(parked)
        WHERE tenant_id = \(tenant) AND customer_id = \(customer)
        """
    }

    static func forgiving(_ customer: CustomerID, of tenant: TenantID) -> Statement {
        """
        UPDATE auto_top_ups SET tries = 0, next_at = NULL
        WHERE tenant_id = \(tenant) AND customer_id = \(customer) AND parked_at IS NULL AND tries > 0
        """
    }

    private static let factsOfOne = """
        SELECT \(columns),
            (SELECT currency FROM customers c WHERE c.tenant_id = t.tenant_id AND c.id = t.customer_id),
            (SELECT active FROM customers c WHERE c.tenant_id = t.tenant_id AND c.id = t.customer_id),
            (SELECT a.balance_minor FROM customers c
             JOIN accounts a ON a.tenant_id = c.tenant_id AND a.owner_id = c.id AND a.currency = c.currency
             WHERE c.tenant_id = t.tenant_id AND c.id = t.customer_id AND a.role = 'wallet'),
            EXISTS (SELECT FROM saved_payment_methods s
                WHERE s.tenant_id = t.tenant_id AND s.customer_id = t.customer_id AND s.provider = $3),
            (SELECT count(*) FROM payments p
             WHERE p.tenant_id = t.tenant_id AND p.customer_id = t.customer_id AND p.way = 'automatic'
                 AND p.state = 'open'),
            (SELECT count(*) FROM payments p
             WHERE p.tenant_id = t.tenant_id AND p.customer_id = t.customer_id AND p.way = 'automatic'
                 AND p.opened_at >= $4)
        FROM auto_top_ups t WHERE t.tenant_id = $1 AND t.customer_id = $2
        """

    private static let columns = """
        customer_id, currency, threshold_minor, amount_minor, per_day, active, tries, next_at, parked_at, parked_reason
        """
}
