internal import Catalog
internal import Postgres
internal import Primitives

/// SQL of the discounts that a coupon's use has promised to a subscription's renewals.
enum PromiseStore {
    /// Locks the coupons that are named and those that these subscriptions were promised, all in the order of
    /// (tenant, code); `CouponStore.coupons` reads them.
    ///
    /// Which coupon a subscription was promised is read without a lock, because it never changes.
    static func lockingCoupons(
        _ named: Set<TenantKey<CouponCode>>, promisedTo subscriptions: Set<TenantKey<SubscriptionID>>
    ) -> Statement {
        let named = named.sorted { ($0.tenant, $0.name) < ($1.tenant, $1.name) }
        let subscriptions = subscriptions.sorted { ($0.tenant, $0.name) < ($1.tenant, $1.name) }
        return Statement(
            lockingCouponsByPromise,
            [
                named.map(\.tenant), named.map(\.name.text), subscriptions.map(\.tenant),
                subscriptions.map(\.name),
            ])
    }

    /// Locks the promises to these subscriptions that have not ended, in key order.
    static func locking(_ keys: Set<TenantKey<SubscriptionID>>) -> Statement {
        let keys = keys.sorted { ($0.tenant, $0.name) < ($1.tenant, $1.name) }
        return Statement(lockingByKey, [keys.map(\.tenant), keys.map(\.name)])
    }

    /// Reads the promises whose coupons were read before; each of them was locked before its promise.
    static func promises(_ result: ResultSet, into rows: inout GroupRows) throws {
        for row in result {
            let tenant: TenantID = try row.get(0)
            let coupon: CouponID = try row.get(2)
            let code = rows.coupons.first { $0.key.tenant == tenant && $0.value.id == coupon }?.key.name
            guard let code else { throw Unreadable("a promise names a coupon that is not there") }
            rows.promises[TenantKey(tenant: tenant, name: try row.get(1))] = PromiseRow(
                coupon: code, renewals: try row.get(3), renewalsLeft: try row.get(4))
        }
    }

    static func inserting(_ rows: [GroupWrites.NewPromise], at now: Instant) -> Statement {
        Statement(
            insert,
            [
                rows.map(\.tenant), rows.map(\.subscription), rows.map(\.coupon), rows.map(\.renewals), now,
            ])
    }

    static func updating(
        _ changes: [TenantKey<SubscriptionID>: GroupWrites.PromiseChange], at now: Instant
    ) -> Statement {
        let changes = Array(changes)
        return Statement(
            update,
            [
                changes.map(\.key.tenant), changes.map(\.key.name), changes.map(\.value.renewalsLeft),
                changes.map(\.value.end?.rawValue), now,
            ])
    }

    /// Ends what purchases that were given back had promised to their subscriptions, where it has not ended yet.
    static func breaking(_ rows: [GroupWrites.BrokenPromise], at now: Instant) -> Statement {
        Statement(
            breakPromises,
            [
                rows.map(\.tenant), rows.map(\.customer), rows.map(\.order),
                GroupWrites.PromiseEnd.orderRefunded.rawValue, now,
            ])
    }

    /// Ends what was promised to these subscriptions, which have ended, where it has not ended before.
    static func ending(_ keys: [TenantKey<SubscriptionID>], at now: Instant) -> Statement {
        Statement(
            endPromises,
            [
                keys.map(\.tenant), keys.map(\.name), GroupWrites.PromiseEnd.subscriptionEnded.rawValue, now,
            ])
    }

    private static let lockingCouponsByPromise = """
        SELECT \(CouponStore.columns)
        FROM (
            SELECT * FROM unnest($1::bigint[], $2::text[])
            UNION
            SELECT c.tenant_id, c.code
            FROM unnest($3::bigint[], $4::uuid[]) AS held (tenant_id, subscription_id)
            CROSS JOIN LATERAL (
                SELECT * FROM coupon_promises
                WHERE tenant_id = held.tenant_id AND subscription_id = held.subscription_id LIMIT 1
            ) p
            CROSS JOIN LATERAL (
                SELECT * FROM coupons WHERE tenant_id = p.tenant_id AND id = p.coupon_id LIMIT 1
            ) c
            WHERE p.ended_at IS NULL
            ORDER BY 1, 2
        ) AS wanted (tenant_id, code)
        CROSS JOIN LATERAL (
            SELECT * FROM coupons WHERE tenant_id = wanted.tenant_id AND code = wanted.code
            LIMIT 1 FOR NO KEY UPDATE
        ) c
        """

    private static let lockingByKey = """
        SELECT p.tenant_id, p.subscription_id, p.coupon_id, p.renewals, p.renewals_left
        FROM unnest($1::bigint[], $2::uuid[]) AS wanted (tenant_id, subscription_id)
        CROSS JOIN LATERAL (
            SELECT * FROM coupon_promises
            WHERE tenant_id = wanted.tenant_id AND subscription_id = wanted.subscription_id
            LIMIT 1 FOR NO KEY UPDATE
        ) p
        WHERE p.ended_at IS NULL
        """

    private static let insert = """
        INSERT INTO coupon_promises (tenant_id, subscription_id, coupon_id, renewals, renewals_left, promised_at)
        SELECT v.tenant_id, v.subscription_id, v.coupon_id, v.renewals, v.renewals, $5::timestamptz
        FROM unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::integer[])
            AS v (tenant_id, subscription_id, coupon_id, renewals)
        """

    private static let update = """
        UPDATE coupon_promises p
        SET renewals_left = v.renewals_left, ended_reason = v.ended_reason,
            ended_at = CASE WHEN v.ended_reason IS NOT NULL THEN $5::timestamptz END
        FROM unnest($1::bigint[], $2::uuid[], $3::integer[], $4::text[])
            AS v (tenant_id, subscription_id, renewals_left, ended_reason)
        WHERE p.tenant_id = v.tenant_id AND p.subscription_id = v.subscription_id
        """

    private static let breakPromises = """
        WITH made AS MATERIALIZED (
            SELECT v.tenant_id, s.id
            FROM unnest($1::bigint[], $2::uuid[], $3::uuid[]) AS v (tenant_id, customer_id, order_id)
            CROSS JOIN LATERAL (
                SELECT id FROM subscriptions
                WHERE tenant_id = v.tenant_id AND customer_id = v.customer_id AND order_id = v.order_id
            ) s
        )
        UPDATE coupon_promises p SET ended_reason = $4::text, ended_at = $5::timestamptz
        FROM made
        WHERE p.tenant_id = made.tenant_id AND p.subscription_id = made.id AND p.ended_at IS NULL
        """

    private static let endPromises = """
        UPDATE coupon_promises p SET ended_reason = $3::text, ended_at = $4::timestamptz
        FROM unnest($1::bigint[], $2::uuid[]) AS v (tenant_id, subscription_id)
        WHERE p.tenant_id = v.tenant_id AND p.subscription_id = v.subscription_id AND p.ended_at IS NULL
        """
}
