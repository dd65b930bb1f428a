internal import Billing
internal import Postgres
internal import Primitives

/// SQL of coupons that are good for nobody any more.
enum CouponClosingStore {
    /// A tenant's coupons that are past their window or used up, behind where the last batch ended; those that somebody
    /// has switched off are left out, for somebody knows.
    static func closing(
        of tenant: TenantID, at now: Instant, after last: String, limit: Int
    ) -> Statement {
        """
        SELECT id, code, ends_at, max_redemptions, redeemed_count FROM coupons
        WHERE tenant_id = \(tenant) AND active AND code > \(last)
          AND (ends_at <= \(now) OR redeemed_count >= max_redemptions)
        ORDER BY code LIMIT \(limit)
        """
    }

    /// Each row by itself: one that cannot be read hides no other.
    static func closing(
        _ result: ResultSet
    ) throws -> [(code: String, coupon: Result<ClosingCoupon, any Error>)] {
        try result.map { row in
            let code: String = try row.get(1)
            let coupon = Result {
                ClosingCoupon(
                    id: try row.get(0), code: code, endsAt: try row.get(2),
                    maxRedemptions: try row.get(3), redeemedCount: try row.get(4))
            }
            return (code, coupon)
        }
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
