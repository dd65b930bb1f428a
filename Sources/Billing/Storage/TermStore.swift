internal import Catalog
internal import Postgres
internal import Primitives

/// SQL of paid periods: they are written once, and cut once at most.
enum TermStore {
    /// What was paid for these subscriptions, read after they are locked.
    static func paid(_ keys: Set<TenantKey<SubscriptionID>>) -> Statement {
        let keys = keys.sorted { ($0.tenant, $0.name) < ($1.tenant, $1.name) }
        return Statement(paidByKey, [keys.map(\.tenant), keys.map(\.name)])
    }

    static func paid(_ result: ResultSet, into rows: inout GroupRows) throws {
        for row in result {
            guard let period = ServicePeriod(start: try row.get(5), end: try row.get(6)) else {
                throw Unreadable("a term ends before it starts")
            }
            let term = PaidTerm(
                index: try row.get(2), order: try row.get(3), plan: try row.get(4), period: period,
                amount: try row.get(7), anchor: try SubscriptionStore.anchor(row, 9, 10),
                cutAt: try row.get(8))
            rows.subscriptions[TenantKey(tenant: try row.get(0), name: try row.get(1))]?.terms.append(term)
        }
    }

    static func inserting(_ rows: [GroupWrites.Term]) -> Statement {
        Statement(
            insert,
            [
                rows.map(\.tenant), rows.map(\.subscription), rows.map(\.index), rows.map(\.order),
                rows.map(\.period.start), rows.map(\.period.end), rows.map(\.amount), rows.map(\.anchor?.at),
                rows.map(\.anchor?.months),
            ])
    }

    static func cutting(_ rows: [GroupWrites.TermCut], at now: Instant) -> Statement {
        Statement(
            cut, [rows.map(\.tenant), rows.map(\.subscription), rows.map(\.index), rows.map(\.at), now])
    }

    private static let paidByKey = """
        SELECT t.tenant_id, t.subscription_id, t.period_index, t.order_id, o.plan_id, t.starts_at, t.ends_at,
            t.amount_minor, t.cut_at, t.anchored_at, t.anchored_months
        FROM unnest($1::bigint[], $2::uuid[]) WITH ORDINALITY AS wanted (tenant_id, id, place)
        CROSS JOIN LATERAL (
            SELECT * FROM terms WHERE tenant_id = wanted.tenant_id AND subscription_id = wanted.id OFFSET 0
        ) t
        CROSS JOIN LATERAL (
            SELECT plan_id FROM orders WHERE tenant_id = t.tenant_id AND id = t.order_id LIMIT 1
        ) o
        ORDER BY wanted.place, t.period_index
        """

    private static let insert = """
        INSERT INTO terms
            (tenant_id, subscription_id, period_index, order_id, starts_at, ends_at, amount_minor, anchored_at,
             anchored_months)
        SELECT * FROM unnest(
            $1::bigint[], $2::uuid[], $3::integer[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::bigint[],
            $8::timestamptz[], $9::integer[])
        """

    private static let cut = """
        UPDATE terms t SET cut_at = v.cut_at, cut_recorded_at = $5::timestamptz
        FROM unnest($1::bigint[], $2::uuid[], $3::integer[], $4::timestamptz[])
            AS v (tenant_id, subscription_id, period_index, cut_at)
        WHERE t.tenant_id = v.tenant_id AND t.subscription_id = v.subscription_id AND t.period_index = v.period_index
            AND t.cut_at IS NULL
        """
}
