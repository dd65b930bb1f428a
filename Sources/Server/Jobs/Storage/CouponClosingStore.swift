internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

/// SQL of coupons that are good for nobody any more.
enum CouponClosingStore {
    /// A tenant's coupons that may be past their window or used up, behind where the last batch ended; those that somebody
    /// has switched off are left out, for somebody knows.
    static func closing(
        of tenant: TenantID, at now: Instant, after last: String, limit: Int
    ) -> Statement {
        """
        SELECT \(unsafeRaw: CouponStore.columns) FROM coupons c
        WHERE c.tenant_id = \(tenant) AND c.active AND c.code > \(last)
          AND (c.ends_at <= \(now) OR c.redeemed_count >= c.max_redemptions
               OR (c.budget_minor IS NOT NULL AND c.discounted_minor > 0))
        ORDER BY c.code LIMIT \(limit)
        """
    }

    /// Each row by itself: one that cannot be read hides no other.
    static func closing(_ result: ResultSet) throws -> [(code: String, coupon: Result<Coupon, any Error>)] {
        try result.map { row in (try row.get(2), Result { try CouponStore.coupon(row) }) }
    }

    /// What a period costs of each plan that a tenant sells, everybody and the groups that have a price of their own; all in
    /// its one currency.
    static func prices(of tenant: TenantID) -> Statement {
        """
        SELECT id, price_minor FROM plans WHERE tenant_id = \(tenant) AND active AND price_minor > 0
        UNION ALL
        SELECT p.plan_id, p.price_minor
        FROM customer_groups g
        CROSS JOIN LATERAL (
            SELECT DISTINCT ON (plan_id) plan_id, price_minor FROM group_prices
            WHERE tenant_id = g.tenant_id AND group_id = g.id ORDER BY plan_id, version DESC
        ) p
        JOIN plans ON plans.tenant_id = g.tenant_id AND plans.id = p.plan_id AND plans.active
        WHERE g.tenant_id = \(tenant) AND g.active AND p.price_minor > 0
        """
    }

    static func prices(_ result: ResultSet) throws -> [(plan: PlanID, minor: Int64)] {
        try result.map { (plan: try $0.get(0), minor: try $0.get(1)) }
    }

    /// Which of them were told of before.
    static func told(_ closings: [CouponClosing], of tenant: TenantID) -> Statement {
        "SELECT once FROM outbox_events WHERE tenant_id = \(tenant) AND once = ANY(\(closings.map(\.once)))"
    }

    static func told(_ result: ResultSet) throws -> Set<String> {
        Set(try result.map { try $0.get(0) })
    }

    /// Tells what was not told before; as many rows are affected as were new.
    static func tell(
        _ closings: [CouponClosing], of tenant: TenantID, at time: TenantTime, _ ids: any IdentifierSource
    ) -> Statement {
        """
        INSERT INTO outbox_events (tenant_id, id, kind, customer_id, payload, once, recorded_at)
        SELECT \(tenant), told.id, told.kind, NULL, told.payload, told.once, \(time.now)
        FROM unnest(
            \(closings.map { _ in ids.next(at: time.real, of: CommandSubject.self) })::uuid[],
            \(closings.map(\.kind))::text[],
            \(closings.map { JSONB(String(decoding: $0.payload.encoded(), as: UTF8.self)) })::jsonb[],
            \(closings.map(\.once))::text[]) AS told (id, kind, payload, once)
        ON CONFLICT (tenant_id, once) WHERE once IS NOT NULL DO NOTHING
        """
    }
}
