internal import Catalog
internal import Postgres
internal import Primitives

/// SQL of orders and of what hangs on them: redemptions and trial grants.
enum OrderStore {
    /// Locks, in key order, the orders that refunds name, and those that have paid for time of these subscriptions which
    /// ends after an instant.
    static func locking(
        _ keys: Set<TenantKey<OrderID>>, payingFor time: [TenantKey<SubscriptionID>: Instant]
    ) -> Statement {
        let keys = keys.sorted { ($0.tenant, $0.name) < ($1.tenant, $1.name) }
        let time = Array(time)
        return Statement(
            lockingByKey,
            [
                keys.map(\.tenant), keys.map(\.name), time.map(\.key.tenant), time.map(\.key.name),
                time.map(\.value),
            ])
    }

    /// Reads the locked orders, each with those of its subscriptions that were read before and still run.
    static func orders(_ result: ResultSet, into rows: inout GroupRows) throws {
        var made: [TenantKey<OrderID>: [SubscriptionID]] = [:]
        for (name, subscription) in rows.subscriptions where !subscription.isEnded {
            made[TenantKey(tenant: name.tenant, name: subscription.order), default: []].append(name.name)
        }
        for row in result {
            let name = TenantKey<OrderID>(tenant: try row.get(0), name: try row.get(1))
            let currency = try Currency(stored: row.get(4))
            let extended = try row.get(14, as: SubscriptionID?.self)
            rows.orders[name] = OrderRow(
                id: name.name, customer: try row.get(2), kind: try row.get(3),
                total: Money(minor: try row.get(5), currency: currency), discount: try row.get(13),
                wholesale: try row.get(6),
                refunded: try row.get(7), wholesaleRefunded: try row.get(8),
                isRefunded: try row.get(10, as: String.self) == "refunded", quantity: try row.get(11),
                coupon: try row.get(9), couponOrdinal: try row.get(12),
                subscriptions: extended.map { [$0] } ?? made[name]?.sorted() ?? [])
        }
    }

    static func inserting(_ rows: [GroupWrites.NewOrder], at now: Instant) -> Statement {
        Statement(
            insert,
            [
                rows.map(\.tenant), rows.map(\.id), rows.map(\.customer), rows.map(\.principal),
                rows.map(\.dialect),
                rows.map(\.kind), rows.map(\.plan), rows.map(\.planVersion), rows.map(\.subscription),
                rows.map(\.quantity), rows.map(\.repeatCount), rows.map(\.quote.total.currency.code),
                rows.map(\.quote.list.minor), rows.map(\.quote.discount.minor), rows.map(\.quote.total.minor),
                rows.map { $0.quote.wholesale?.minor }, rows.map(\.coupon), rows.map(\.priceList?.group),
                rows.map(\.priceList?.version), now,
            ])
    }

    static func refunding(_ rows: [GroupWrites.OrderRefund]) -> Statement {
        Statement(
            refund,
            [
                rows.map(\.tenant), rows.map(\.order), rows.map(\.refunded), rows.map(\.wholesaleRefunded),
                rows.map { $0.isWhole ? "refunded" : "paid" },
            ])
    }

    static func insertingRedemptions(_ rows: [GroupWrites.Redemption], at now: Instant) -> Statement {
        Statement(
            insertRedemptions,
            [
                rows.map(\.tenant), rows.map(\.order), rows.map(\.coupon), rows.map(\.customer),
                rows.map(\.amount), rows.map(\.ordinal), rows.map(\.limit), rows.map(\.isFirstOrder),
                rows.map(\.subscription), rows.map(\.renewal), now, rows.map(state),
                rows.map(\.release?.rawValue),
            ])
    }

    /// Counts uses of coupons; a count past its limit is refused by the table's own constraint too.
    static func countingCoupons(_ counts: [TenantKey<CouponID>: GroupWrites.CouponCount]) -> Statement {
        let counts = counts.sorted { ($0.key.tenant, $0.key.name) < ($1.key.tenant, $1.key.name) }
        return Statement(
            countCoupons,
            [
                counts.map(\.key.tenant), counts.map(\.key.name), counts.map(\.value.uses),
                counts.map(\.value.discounted),
            ])
    }

    /// - Parameter wasReserved: whether the orders never came to be, all of them or none.
    static func releasingRedemptions(
        _ rows: [GroupWrites.Release], from wasReserved: Bool, at now: Instant
    ) -> Statement {
        Statement(
            releaseRedemptions,
            [
                rows.map(\.tenant), rows.map(\.order), rows.map(\.reason.rawValue), now,
                state(reserved: wasReserved),
            ])
    }

    /// Makes uses of those that were reserved.
    static func committingRedemptions(_ keys: [TenantKey<OrderID>]) -> Statement {
        Statement(
            commitRedemptions,
            [
                keys.map(\.tenant), keys.map(\.name), state(reserved: true), state(reserved: false),
            ])
    }

    private static func state(_ redemption: GroupWrites.Redemption) -> String {
        redemption.release == nil ? state(reserved: redemption.isReserved) : "released"
    }

    private static func state(reserved isReserved: Bool) -> String { isReserved ? "reserved" : "committed" }

    static func insertingTrials(_ rows: [GroupWrites.TrialGrant], at now: Instant) -> Statement {
        Statement(
            insertTrials,
            [rows.map(\.tenant), rows.map(\.customer), rows.map(\.plan), rows.map(\.order), now])
    }

    private static let lockingByKey = """
        SELECT o.tenant_id, o.id, o.customer_id, o.kind, o.currency, o.total_minor, o.wholesale_minor,
            o.refunded_minor, o.wholesale_refunded_minor, o.coupon_id, o.state, o.quantity,
            (SELECT r.customer_ordinal FROM coupon_redemptions r WHERE r.tenant_id = o.tenant_id AND r.order_id = o.id),
            o.discount_minor, o.subscription_id
        FROM (
            SELECT * FROM unnest($1::bigint[], $2::uuid[])
            UNION
            SELECT held.tenant_id, t.order_id
            FROM unnest($3::bigint[], $4::uuid[], $5::timestamptz[]) AS held (tenant_id, subscription_id, after)
            CROSS JOIN LATERAL (
                SELECT order_id FROM terms
                WHERE tenant_id = held.tenant_id AND subscription_id = held.subscription_id AND ends_at > held.after
                OFFSET 0
            ) t
            ORDER BY 1, 2
        ) AS wanted (tenant_id, id)
        CROSS JOIN LATERAL (
            SELECT * FROM orders WHERE tenant_id = wanted.tenant_id AND id = wanted.id LIMIT 1 FOR NO KEY UPDATE
        ) o
        """

    private static let insert = """
        INSERT INTO orders
            (tenant_id, id, customer_id, principal_id, dialect, kind, plan_id, plan_version, subscription_id,
             quantity, repeat_count, currency, list_minor, discount_minor, total_minor, wholesale_minor, coupon_id,
             group_id, group_price_version, state, placed_at)
        SELECT v.*, 'paid', $20::timestamptz
        FROM unnest(
            $1::bigint[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::integer[],
            $9::uuid[], $10::integer[], $11::integer[], $12::text[], $13::bigint[], $14::bigint[], $15::bigint[],
            $16::bigint[], $17::uuid[], $18::uuid[], $19::integer[]) AS v
        """

    private static let refund = """
        UPDATE orders o
        SET refunded_minor = v.refunded_minor, wholesale_refunded_minor = v.wholesale_refunded_minor, state = v.state
        FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[])
            AS v (tenant_id, id, refunded_minor, wholesale_refunded_minor, state)
        WHERE o.tenant_id = v.tenant_id AND o.id = v.id
        """

    private static let insertRedemptions = """
        INSERT INTO coupon_redemptions
            (tenant_id, order_id, coupon_id, customer_id, amount_minor, customer_ordinal, customer_limit, first_order,
             subscription_id, renewal_number, state, released_reason, redeemed_at, released_at)
        SELECT v.*, $11::timestamptz, CASE WHEN v.released_reason IS NOT NULL THEN $11::timestamptz END
        FROM unnest(
            $1::bigint[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::integer[], $7::integer[],
            $8::boolean[], $9::uuid[], $10::integer[], $12::text[], $13::text[])
            AS v (tenant_id, order_id, coupon_id, customer_id, amount_minor, customer_ordinal, customer_limit,
                  first_order, subscription_id, renewal_number, state, released_reason)
        """

    private static let countCoupons = """
        UPDATE coupons c
        SET redeemed_count = c.redeemed_count + v.uses, discounted_minor = c.discounted_minor + v.discounted
        FROM unnest($1::bigint[], $2::uuid[], $3::integer[], $4::bigint[]) AS v (tenant_id, id, uses, discounted)
        WHERE c.tenant_id = v.tenant_id AND c.id = v.id
        """

    // The state is bound: as a literal it would let a plan read the whole partial index on redemptions that stand.
    private static let releaseRedemptions = """
        UPDATE coupon_redemptions r
        SET state = 'released', released_at = $4::timestamptz, released_reason = v.reason
        FROM unnest($1::bigint[], $2::uuid[], $3::text[]) AS v (tenant_id, order_id, reason)
        WHERE r.tenant_id = v.tenant_id AND r.order_id = v.order_id AND r.state = $5
        """

    private static let commitRedemptions = """
        UPDATE coupon_redemptions r SET state = $4
        FROM unnest($1::bigint[], $2::uuid[]) AS v (tenant_id, order_id)
        WHERE r.tenant_id = v.tenant_id AND r.order_id = v.order_id AND r.state = $3
        """

    private static let insertTrials = """
        INSERT INTO trial_grants (tenant_id, customer_id, plan_id, order_id, granted_at)
        SELECT v.*, $5::timestamptz FROM unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::uuid[]) AS v
        """
}
