internal import Postgres
internal import Primitives

/// SQL of what finance takes out: COPY statements, which take no parameters, so that numbers and moments stand in their
/// text. Each reads rows that are never changed, or shows of those that are only what was recorded before a moment.
enum ExportStore {
    static func tenant(_ slug: String) -> Statement {
        "SELECT id, timezone FROM tenants WHERE slug = \(slug)"
    }

    /// Which transactions the snapshot sees, in PostgreSQL's words.
    static let snapshot: Statement = "SELECT pg_current_snapshot()::text"

    /// In the order of `ExportTable.of(.orders)`.
    static func orders(_ scope: ExportScope) -> String {
        copy(
            """
            SELECT o.id, o.placed_at, o.kind, CASE WHEN given.retail_minor = o.total_minor THEN 'refunded' ELSE 'paid' END,
                o.customer_id, o.dialect, p.code, o.plan_version, o.quantity, o.repeat_count, o.subscription_id, c.code,
                o.currency, o.list_minor, o.discount_minor, o.total_minor, COALESCE(given.retail_minor, 0)::bigint,
                o.wholesale_minor, COALESCE(given.wholesale_minor, 0)::bigint, g.code, o.group_price_version
            FROM orders o
            LEFT JOIN plans p ON p.tenant_id = o.tenant_id AND p.id = o.plan_id
            LEFT JOIN coupons c ON c.tenant_id = o.tenant_id AND c.id = o.coupon_id
            LEFT JOIN customer_groups g ON g.tenant_id = o.tenant_id AND g.id = o.group_id
            LEFT JOIN (
                SELECT j.reverses_id,
                    COALESCE(sum(t.amount_minor) FILTER (WHERE a.role = 'wallet'), 0) AS retail_minor,
                    COALESCE(sum(t.amount_minor) FILTER (WHERE a.role = 'float'), 0) AS wholesale_minor
                FROM journal_entries j
                LEFT JOIN transfers t ON t.tenant_id = j.tenant_id AND t.entry_id = j.id
                LEFT JOIN accounts a ON a.tenant_id = t.tenant_id AND a.id = t.credit_account_id
                WHERE j.tenant_id = \(scope.tenant.number) AND j.reverses_id IS NOT NULL
                    AND j.recorded_at < \(known(scope))
                GROUP BY j.reverses_id
            ) given ON given.reverses_id = o.id
            WHERE o.tenant_id = \(scope.tenant.number) AND o.placed_at >= \(literal(scope.period.start))
                AND o.placed_at < \(literal(scope.period.end)) AND o.placed_at < \(known(scope))
            ORDER BY o.id
            """)
    }

    static func journal(_ scope: ExportScope) -> String {
        copy(
            """
            SELECT j.id, j.effective_at, j.recorded_at, j.reason, j.order_id, j.reverses_id, j.reference, j.memo, j.actor,
                count(t.line), t.currency, sum(t.amount_minor)::bigint
            FROM journal_entries j LEFT JOIN transfers t ON t.tenant_id = j.tenant_id AND t.entry_id = j.id
            WHERE \(effective(scope)) AND j.recorded_at < \(known(scope))
            GROUP BY j.tenant_id, j.id, t.currency
            ORDER BY j.id, t.currency
            """)
    }

    /// Entries that moved money, a row for each movement, for a journal's writer.
    static func movements(_ scope: ExportScope) -> String {
        copy(
            """
            SELECT j.id, j.effective_at, j.reason, j.order_id, j.reverses_id, j.reference, j.memo, j.actor, d.role, d.owner_id,
                c.role, c.owner_id, t.currency, t.amount_minor
            FROM journal_entries j
            JOIN transfers t ON t.tenant_id = j.tenant_id AND t.entry_id = j.id
            LEFT JOIN accounts d ON d.tenant_id = t.tenant_id AND d.id = t.debit_account_id
            LEFT JOIN accounts c ON c.tenant_id = t.tenant_id AND c.id = t.credit_account_id
            WHERE \(effective(scope)) AND j.recorded_at < \(known(scope))
            ORDER BY j.id, t.line
            """)
    }

    static func postings(_ scope: ExportScope) -> String {
        copy(
            """
            SELECT j.id, t.line, j.effective_at, j.recorded_at, j.reason, j.order_id, side.account_id, a.role, a.owner_id,
                NULLIF(a.owner_id, '00000000-0000-0000-0000-000000000000'), side.number, t.currency,
                CASE WHEN side.place = 0 THEN t.amount_minor END, CASE WHEN side.place = 1 THEN t.amount_minor END,
                side.balance
            FROM journal_entries j
            JOIN transfers t ON t.tenant_id = j.tenant_id AND t.entry_id = j.id
            CROSS JOIN LATERAL (VALUES
                (0, t.debit_account_id, t.debit_sequence, t.debit_balance_after),
                (1, t.credit_account_id, t.credit_sequence, t.credit_balance_after)
            ) AS side (place, account_id, number, balance)
            LEFT JOIN accounts a ON a.tenant_id = t.tenant_id AND a.id = side.account_id
            WHERE \(effective(scope)) AND j.recorded_at < \(known(scope))
            ORDER BY j.id, t.line, side.place
            """)
    }

    /// Every account with a movement before the end of the period, by name and currency; amounts on its normal side.
    static func balances(_ scope: ExportScope) -> String {
        let start = literal(scope.period.start)
        return copy(
            """
            SELECT a.id, a.role, a.owner_id, NULLIF(a.owner_id, '00000000-0000-0000-0000-000000000000'), a.currency,
                a.normal_side, (CASE a.normal_side WHEN 'debit' THEN 1 ELSE -1 END * moved.before)::bigint,
                moved.debit::bigint, moved.credit::bigint,
                (CASE a.normal_side WHEN 'debit' THEN 1 ELSE -1 END * (moved.before + moved.debit - moved.credit))::bigint
            FROM (
                SELECT side.account_id,
                    COALESCE(sum(side.sign * t.amount_minor) FILTER (WHERE j.effective_at < \(start)), 0) AS before,
                    COALESCE(sum(t.amount_minor) FILTER (WHERE j.effective_at >= \(start) AND side.sign = 1), 0) AS debit,
                    COALESCE(sum(t.amount_minor) FILTER (WHERE j.effective_at >= \(start) AND side.sign = -1), 0) AS credit
                FROM journal_entries j
                JOIN transfers t ON t.tenant_id = j.tenant_id AND t.entry_id = j.id
                CROSS JOIN LATERAL (VALUES (1, t.debit_account_id), (-1, t.credit_account_id)) AS side (sign, account_id)
                WHERE j.tenant_id = \(scope.tenant.number) AND j.effective_at < \(literal(scope.period.end))
                    AND j.recorded_at < \(known(scope))
                GROUP BY side.account_id
            ) moved
            JOIN accounts a ON a.tenant_id = \(scope.tenant.number) AND a.id = moved.account_id
            ORDER BY a.role, a.owner_id, a.currency, a.id
            """)
    }

    /// Orders, what they paid for and what went back of them, one after the other: `what` is 0, 1 or 2.
    static func recognition(_ scope: ExportScope) -> String {
        let (tenant, end) = (scope.tenant.number, literal(scope.period.end))
        return copy(
            """
            SELECT what.order_id, what.what, what.at, what.until, what.cut_at, what.cut_recorded_at, what.amount_minor,
                what.customer_id, what.plan, what.currency
            FROM (
                SELECT o.id AS order_id, 0 AS what, o.placed_at AS at, NULL::timestamptz AS until,
                    NULL::timestamptz AS cut_at, NULL::timestamptz AS cut_recorded_at, o.total_minor AS amount_minor,
                    o.customer_id, p.code AS plan, o.currency
                FROM orders o LEFT JOIN plans p ON p.tenant_id = o.tenant_id AND p.id = o.plan_id
                WHERE o.tenant_id = \(tenant) AND o.placed_at < \(end) AND o.placed_at < \(known(scope))
                    AND o.total_minor > 0
                UNION ALL
                SELECT t.order_id, 1, t.starts_at, t.ends_at, t.cut_at, t.cut_recorded_at, t.amount_minor, NULL, NULL, NULL
                FROM terms t
                WHERE t.tenant_id = \(tenant) AND t.ends_at > \(literal(scope.period.start)) AND t.amount_minor > 0
                UNION ALL
                SELECT j.reverses_id, 2, j.effective_at, NULL, NULL, NULL, t.amount_minor, NULL, NULL, NULL
                FROM journal_entries j
                JOIN transfers t ON t.tenant_id = j.tenant_id AND t.entry_id = j.id
                JOIN accounts a ON a.tenant_id = t.tenant_id AND a.id = t.credit_account_id AND a.role = 'wallet'
                WHERE j.tenant_id = \(tenant) AND j.reverses_id IS NOT NULL AND j.effective_at < \(end)
                    AND j.recorded_at < \(known(scope))
            ) what
            ORDER BY what.order_id, what.what, what.at
            """)
    }

    static func wholesaleMargin(_ scope: ExportScope) -> String {
        copy(
            """
            SELECT j.id, j.effective_at, j.reason, COALESCE(j.reverses_id, j.order_id), o.customer_id, p.code, moved.currency,
                moved.retail_minor::bigint, moved.wholesale_minor::bigint,
                (moved.retail_minor - moved.wholesale_minor)::bigint
            FROM journal_entries j
            CROSS JOIN LATERAL (
                SELECT t.currency,
                    COALESCE(sum(CASE side.role WHEN 'revenue' THEN side.sign * t.amount_minor END), 0) AS retail_minor,
                    COALESCE(sum(CASE side.role WHEN 'platform_revenue' THEN side.sign * t.amount_minor END), 0)
                        AS wholesale_minor
                FROM transfers t
                JOIN accounts d ON d.tenant_id = t.tenant_id AND d.id = t.debit_account_id
                JOIN accounts c ON c.tenant_id = t.tenant_id AND c.id = t.credit_account_id
                CROSS JOIN LATERAL (VALUES (-1, d.role), (1, c.role)) AS side (sign, role)
                WHERE t.tenant_id = j.tenant_id AND t.entry_id = j.id
                    AND side.role IN ('revenue', 'platform_revenue')
                GROUP BY t.currency
            ) moved
            LEFT JOIN orders o ON o.tenant_id = j.tenant_id AND o.id = COALESCE(j.reverses_id, j.order_id)
            LEFT JOIN plans p ON p.tenant_id = o.tenant_id AND p.id = o.plan_id
            WHERE \(effective(scope)) AND j.recorded_at < \(known(scope))
            ORDER BY j.id, moved.currency
            """)
    }

    /// A use costs when its order is placed, and comes back when it is released.
    static func couponCost(_ scope: ExportScope) -> String {
        copy(
            """
            SELECT r.order_id, event.name, event.at, r.coupon_id, c.code, r.customer_id, o.kind, r.renewal_number, o.currency,
                (event.sign * r.amount_minor)::bigint
            FROM coupon_redemptions r
            JOIN orders o ON o.tenant_id = r.tenant_id AND o.id = r.order_id
            LEFT JOIN coupons c ON c.tenant_id = r.tenant_id AND c.id = r.coupon_id
            CROSS JOIN LATERAL (VALUES
                ('redeemed', 0, 1, o.placed_at), ('released', 1, -1, r.released_at)
            ) AS event (name, place, sign, at)
            WHERE r.tenant_id = \(scope.tenant.number) AND event.at >= \(literal(scope.period.start))
                AND event.at < \(literal(scope.period.end)) AND event.at < \(known(scope))
            ORDER BY r.order_id, event.place
            """)
    }

    private static func copy(_ query: String) -> String { "COPY (\(query)) TO STDOUT (FORMAT binary)" }

    private static func effective(_ scope: ExportScope) -> String {
        """
        j.tenant_id = \(scope.tenant.number) AND j.effective_at >= \(literal(scope.period.start))
            AND j.effective_at < \(literal(scope.period.end))
        """
    }

    /// The moment before which something must have been recorded to be known.
    static func known(_ scope: ExportScope) -> String {
        scope.recordedBefore.map(literal) ?? "'infinity'::timestamptz"
    }

    private static func literal(_ instant: Instant) -> String {
        Statement.literal(min(max(instant, .earliest), .farthest).rfc3339()) + "::timestamptz"
    }
}
