internal import Catalog
internal import Postgres
internal import Primitives

/// SQL of orders that wait for money, as the engine reads and writes them.
enum PendingStore {
    /// Locks orders in key order.
    static func locking(_ keys: Set<TenantKey<OrderID>>) -> Statement {
        let keys = keys.sorted { ($0.tenant, $0.name) < ($1.tenant, $1.name) }
        return Statement(lockingByKey, [keys.map(\.tenant), keys.map(\.name)])
    }

    static func orders(_ result: ResultSet, into rows: inout GroupRows) throws {
        for row in result {
            let name = TenantKey<OrderID>(tenant: try row.get(0), name: try row.get(1))
            let currency = try Currency(stored: row.get(12))
            guard let quantity = Quantity(try row.get(7)), let repeatCount = RepeatCount(try row.get(8))
            else {
                throw Unreadable("an order that waits is for more than one order may ask")
            }
            rows.pendingOrders[name] = PendingRow(
                id: name.name, customer: try row.get(2), dialect: try row.get(3), plan: try row.get(4),
                duration: try duration(row), quantity: quantity, repeatCount: repeatCount,
                exit: try exit(row), coupon: try row.get(11), couponOrdinal: try row.get(17),
                discount: Money(minor: try row.get(13), currency: currency),
                total: Money(minor: try row.get(14), currency: currency), state: try state(row.get(15)),
                expiresAt: try row.get(16))
        }
    }

    static func state(_ text: String) throws -> PendingOrderState {
        guard let state = PendingOrderState(rawValue: text) else {
            throw Unreadable("an order that waits is \(text)")
        }
        return state
    }

    private static func duration(_ row: Row) throws -> PlanDuration? {
        if let months = try row.get(6, as: Int32?.self) { return .months(months) }
        return try row.get(5, as: Int64?.self).map { .fixed(milliseconds: $0) }
    }

    private static func exit(_ row: Row) throws -> Exit? {
        guard let country = try row.get(9, as: ExitCountry?.self),
            let rotation = try row.get(10, as: ExitRotation?.self)
        else { return nil }
        return Exit(country: country, rotation: rotation)
    }

    /// How many orders of these customers wait, counted no further than needed; read under the wallets' locks.
    static func counting(_ keys: Set<TenantKey<CustomerID>>) -> Statement {
        let keys = Array(keys)
        return Statement(
            countingByCustomer, [keys.map(\.tenant), keys.map(\.name), PendingOrder.perCustomerMax])
    }

    static func counts(_ result: ResultSet, into rows: inout GroupRows) throws {
        for row in result {
            rows.waiting[TenantKey(tenant: try row.get(0), name: try row.get(1))] = try row.get(2)
        }
    }

    static func inserting(_ rows: [GroupWrites.NewPendingOrder], at now: Instant) -> Statement {
        Statement(
            insert,
            [
                rows.map(\.tenant), rows.map(\.id), rows.map(\.customer), rows.map(\.principal),
                rows.map(\.dialect), rows.map(\.plan), rows.map(\.planVersion), rows.map(\.quantity),
                rows.map(\.repeatCount), rows.map(\.exit?.country), rows.map(\.exit?.rotation),
                rows.map(\.coupon), rows.map(\.quote.total.currency.code), rows.map(\.quote.list.minor),
                rows.map(\.quote.discount.minor), rows.map(\.quote.total.minor), rows.map(\.expiresAt), now,
            ])
    }

    static func updating(
        _ changes: [TenantKey<OrderID>: GroupWrites.PendingChange], at now: Instant
    ) -> Statement {
        let changes = Array(changes)
        return Statement(
            update,
            [
                changes.map(\.key.tenant), changes.map(\.key.name), changes.map(\.value.state.rawValue),
                changes.map(\.value.entry), changes.map(\.value.reason), now,
            ])
    }

    private static let lockingByKey = """
        SELECT p.tenant_id, p.id, p.customer_id, p.dialect, p.plan_id, v.duration_ms, v.duration_months,
            p.quantity::bigint, p.repeat_count::bigint, p.exit_country, p.exit_rotation, p.coupon_id, p.currency,
            p.discount_minor, p.total_minor, p.state, p.expires_at,
            (SELECT r.customer_ordinal FROM coupon_redemptions r WHERE r.tenant_id = p.tenant_id AND r.order_id = p.id)
        FROM unnest($1::bigint[], $2::uuid[]) AS wanted (tenant_id, id)
        CROSS JOIN LATERAL (
            SELECT * FROM pending_orders WHERE tenant_id = wanted.tenant_id AND id = wanted.id
            LIMIT 1 FOR NO KEY UPDATE
        ) p
        LEFT JOIN LATERAL (
            SELECT duration_ms, duration_months FROM plan_versions
            WHERE tenant_id = p.tenant_id AND plan_id = p.plan_id AND version = p.plan_version LIMIT 1
        ) v ON true
        """

    private static let countingByCustomer = """
        SELECT wanted.tenant_id, wanted.customer_id, (
            SELECT count(*) FROM (
                SELECT 1 FROM pending_orders p
                WHERE p.tenant_id = wanted.tenant_id AND p.customer_id = wanted.customer_id AND p.state = 'pending'
                LIMIT $3::bigint
            ) waiting
        )
        FROM unnest($1::bigint[], $2::uuid[]) AS wanted (tenant_id, customer_id)
        """

    private static let insert = """
        INSERT INTO pending_orders
            (tenant_id, id, customer_id, principal_id, dialect, plan_id, plan_version, quantity, repeat_count,
             exit_country, exit_rotation, coupon_id, currency, list_minor, discount_minor, total_minor, expires_at,
             state, placed_at)
        SELECT v.*, 'pending', $18::timestamptz
        FROM unnest(
            $1::bigint[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::integer[], $8::integer[],
            $9::integer[], $10::text[], $11::text[], $12::uuid[], $13::text[], $14::bigint[], $15::bigint[],
            $16::bigint[], $17::timestamptz[]) AS v
        """

    private static let update = """
        UPDATE pending_orders p
        SET state = v.state, entry_id = v.entry_id, reason = v.reason,
            closed_at = CASE WHEN v.state <> 'pending' THEN $6::timestamptz END
        FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::uuid[], $5::text[])
            AS v (tenant_id, id, state, entry_id, reason)
        WHERE p.tenant_id = v.tenant_id AND p.id = v.id
        """
}
