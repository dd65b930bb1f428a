internal import Postgres
internal import Primitives

/// SQL of reports: what the journal and the subscriptions say of a time in the tenant's zone.
enum ReportStore {
    /// By step and currency, steps in which nothing moved left out.
    static func revenue(_ tenant: TenantID, _ period: ReportPeriod) -> Statement {
        Statement(revenueText, [tenant, period.from, period.to, period.step.rawValue])
    }

    static func revenue(_ result: ResultSet) throws -> [RevenueRow] {
        try result.map { row in
            let currency = try row.currency(1)
            return RevenueRow(
                day: try row.get(0), sales: try row.money(2, currency), refunds: try row.money(3, currency),
                wholesale: try row.money(4, currency))
        }
    }

    /// By step, every one of them.
    /// - Parameter now: by the tenant's clock; what is to end later has not ended.
    static func subscriptions(_ tenant: TenantID, _ period: ReportPeriod, at now: Instant) -> Statement {
        Statement(subscriptionsText, [tenant, period.from, period.to, period.step.rawValue, now])
    }

    static func subscriptions(_ result: ResultSet) throws -> [SubscriptionCountRow] {
        try result.map { row in
            SubscriptionCountRow(
                day: try row.get(0), active: try row.get(1), started: try row.get(2), lost: try row.get(3))
        }
    }

    // An order's money is a credit of revenue, what went back a debit; both are counted when they happened.
    private static let revenueText = """
        WITH span AS (
            SELECT timezone, $2::text::date AS first_day,
                   $2::text::date::timestamp AT TIME ZONE timezone AS starts_at,
                   $3::text::date::timestamp AT TIME ZONE timezone AS ends_at
            FROM tenants WHERE id = $1
        )
        SELECT greatest(date_trunc($4, e.effective_at AT TIME ZONE span.timezone)::date, span.first_day)::text AS day,
               t.currency,
               coalesce(sum(t.amount_minor) FILTER (WHERE a.role = 'revenue' AND t.credit_account_id = a.id), 0)::bigint,
               coalesce(sum(t.amount_minor) FILTER (WHERE a.role = 'revenue' AND t.debit_account_id = a.id), 0)::bigint,
               coalesce(sum(CASE WHEN t.credit_account_id = a.id THEN t.amount_minor ELSE -t.amount_minor END)
                   FILTER (WHERE a.role = 'platform_revenue'), 0)::bigint
        FROM span
        JOIN journal_entries e ON e.tenant_id = $1
             AND e.effective_at >= span.starts_at AND e.effective_at < span.ends_at
        JOIN transfers t ON t.tenant_id = e.tenant_id AND t.entry_id = e.id
        JOIN accounts a ON a.tenant_id = t.tenant_id AND a.id IN (t.debit_account_id, t.credit_account_id)
             AND a.role IN ('revenue', 'platform_revenue')
        GROUP BY day, t.currency ORDER BY day, t.currency
        """

    // A subscription lives from its start to the end of what was paid, or to its end where that came first. What a step
    // began with, and what began in it, less what stopped in it, is what the next one begins with.
    private static let subscriptionsText = """
        WITH steps AS (
            SELECT greatest(step::date, $2::text::date) AS day,
                   greatest(step, $2::text::date::timestamp) AT TIME ZONE timezone AS starts_at,
                   least(step + ('1 ' || $4)::interval, $3::text::date::timestamp) AT TIME ZONE timezone AS ends_at
            FROM tenants, generate_series(
                date_trunc($4, $2::text::date::timestamp), $3::text::date::timestamp - interval '1 day',
                ('1 ' || $4)::interval) AS step
            WHERE id = $1
        ), lives AS (
            SELECT started_at, least(active_until, coalesce(ended_at, active_until)) AS stops_at
            FROM subscriptions
            WHERE tenant_id = $1 AND NOT trial AND least(active_until, coalesce(ended_at, active_until)) > started_at
        )
        SELECT steps.day::text,
               count(*) FILTER (WHERE started_at < starts_at),
               count(*) FILTER (WHERE started_at >= starts_at),
               count(*) FILTER (WHERE stops_at <= ends_at AND stops_at <= $5)
        FROM steps LEFT JOIN lives ON started_at < ends_at AND stops_at > starts_at
        GROUP BY steps.day, starts_at, ends_at ORDER BY steps.day
        """
}
