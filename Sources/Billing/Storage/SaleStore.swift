internal import Catalog
internal import Postgres
internal import Primitives

/// SQL of the rows that a group reads besides accounts, plans and slots.
enum SaleStore {
    /// Customers, each with what their group has of the plans that they buy of.
    ///
    /// - Parameter buyers: of the same customers; one who buys of several plans has several rows.
    static func customers(
        _ keys: Set<TenantKey<CustomerID>>, buying buyers: Set<TenantKey<Buyer>>
    ) -> Statement {
        let others = keys.subtracting(
            buyers.map { TenantKey(tenant: $0.tenant, name: $0.name.customer) })
        let rows: [(tenant: TenantID, customer: CustomerID, plan: PlanID?)] =
            buyers.map { ($0.tenant, $0.name.customer, $0.name.plan) }
            + others.map { ($0.tenant, $0.name, nil) }
        return Statement(customersByKey, [rows.map(\.tenant), rows.map(\.customer), rows.map(\.plan)])
    }

    static func customers(_ result: ResultSet, into rows: inout GroupRows) throws {
        for row in result {
            let (tenant, id): (TenantID, CustomerID) = (try row.get(0), try row.get(1))
            rows.customers[TenantKey(tenant: tenant, name: id)] = CustomerRow(
                id: id, currency: try Currency(stored: row.get(2)), isActive: try row.get(3))
            rows.clocks[tenant] = try row.get(4)
            guard let group = try row.get(6, as: CustomerGroupID?.self) else { continue }
            let buyer = Buyer(customer: id, plan: try row.get(5))
            let currency = try Currency(stored: row.get(8))
            rows.groupPrices[TenantKey(tenant: tenant, name: buyer)] = GroupPrice(
                group: group, version: try row.get(7),
                price: try row.get(9, as: Int64?.self).map { Money(minor: $0, currency: currency) })
        }
    }

    /// The clocks of tenants of whom no customer is read.
    static func clocks(_ tenants: Set<TenantID>) -> Statement {
        Statement(clocksByTenant, [Array(tenants)])
    }

    static func clocks(_ result: ResultSet, into rows: inout GroupRows) throws {
        for row in result { rows.clocks[try row.get(0)] = try row.get(1) }
    }

    /// How often customers have used coupons, and what else the coupons ask about them; read after the coupons are
    /// locked, under the lock of the customers' wallets.
    ///
    /// - Parameter refunding: whether the group may give orders back: then all that stand are wanted, else one will do.
    static func couponUses(_ keys: Set<TenantKey<CouponCustomer>>, refunding: Bool) -> Statement {
        let keys = Array(keys)
        return Statement(
            couponUsesByKey,
            [
                keys.map(\.tenant), keys.map(\.name.coupon.text), keys.map(\.name.customer),
                refunding ? Int64?.none : 1,
            ])
    }

    static func couponUses(_ result: ResultSet, into rows: inout GroupRows) throws {
        for row in result {
            guard let code = CouponCode(try row.get(1, as: String.self)) else { continue }
            let name = TenantKey(
                tenant: try row.get(0, as: TenantID.self),
                name: CouponCustomer(coupon: code, customer: try row.get(2)))
            rows.couponUses[name] = CouponUses(
                ordinals: Set(try row.get(3, as: [Int32].self)), highest: try row.get(4),
                email: try row.get(5))
            guard let orders = try row.get(6, as: [OrderID]?.self) else { continue }
            rows.standingOrders[TenantKey(tenant: name.tenant, name: name.name.customer)] = Set(orders)
        }
    }

    static func trials(_ keys: Set<TenantKey<Buyer>>) -> Statement {
        let keys = Array(keys)
        return Statement(
            trialsByKey, [keys.map(\.tenant), keys.map(\.name.customer), keys.map(\.name.plan)])
    }

    static func trials(_ result: ResultSet, into rows: inout GroupRows) throws {
        for row in result {
            rows.trials.insert(
                TenantKey(
                    tenant: try row.get(0), name: Buyer(customer: try row.get(1), plan: try row.get(2))))
        }
    }

    static func references(_ keys: Set<TenantKey<String>>) -> Statement {
        let keys = Array(keys)
        return Statement(referencesByKey, [keys.map(\.tenant), keys.map(\.name)])
    }

    static func references(_ result: ResultSet, into rows: inout GroupRows) throws {
        for row in result {
            rows.references.insert(TenantKey(tenant: try row.get(0), name: try row.get(1)))
        }
    }

    private static let customersByKey = """
        SELECT c.tenant_id, c.id, c.currency, c.active,
               (SELECT t.clock_ahead_ms FROM tenants t WHERE t.id = wanted.tenant_id),
               wanted.plan_id, p.group_id, p.version, p.currency, p.price_minor
        FROM unnest($1::bigint[], $2::uuid[], $3::uuid[]) AS wanted (tenant_id, id, plan_id)
        CROSS JOIN LATERAL (
            SELECT * FROM customers WHERE tenant_id = wanted.tenant_id AND id = wanted.id LIMIT 1
        ) c
        LEFT JOIN LATERAL (
            SELECT id FROM customer_groups WHERE tenant_id = wanted.tenant_id AND id = c.group_id AND active LIMIT 1
        ) g ON true
        LEFT JOIN LATERAL (
            SELECT * FROM group_prices
            WHERE tenant_id = wanted.tenant_id AND group_id = g.id AND plan_id = wanted.plan_id
            ORDER BY version DESC LIMIT 1
        ) p ON true
        """

    private static let clocksByTenant = """
        SELECT wanted.id, (SELECT t.clock_ahead_ms FROM tenants t WHERE t.id = wanted.id)
        FROM unnest($1::bigint[]) AS wanted (id)
        """

    // With a limit per customer every number in use is wanted, and there are few; without one, only the highest. A first
    // order that still waits for money stands too. Orders are found through the customer's subscriptions, which every order but a trial's has, so they need no index.
    private static let couponUsesByKey = """
        SELECT wanted.tenant_id, wanted.code, wanted.customer_id,
            CASE WHEN c.per_customer IS NULL THEN '{}'::integer[] ELSE ARRAY(
                SELECT r.customer_ordinal FROM coupon_redemptions r
                WHERE r.tenant_id = c.tenant_id AND r.coupon_id = c.id AND r.customer_id = wanted.customer_id
                    AND r.customer_ordinal IS NOT NULL AND r.state <> 'released'
            ) END,
            coalesce((
                SELECT r.customer_ordinal FROM coupon_redemptions r
                WHERE r.tenant_id = c.tenant_id AND r.coupon_id = c.id AND r.customer_id = wanted.customer_id
                    AND r.customer_ordinal IS NOT NULL AND r.state <> 'released'
                ORDER BY r.customer_ordinal DESC LIMIT 1
            ), 0),
            CASE WHEN c.customers IS NOT NULL THEN (
                SELECT email FROM customers WHERE tenant_id = c.tenant_id AND id = wanted.customer_id
            ) END,
            CASE WHEN c.first_order THEN ARRAY(
                SELECT o.id
                FROM subscriptions s
                CROSS JOIN LATERAL (
                    SELECT order_id FROM terms WHERE tenant_id = s.tenant_id AND subscription_id = s.id OFFSET 0
                ) t
                CROSS JOIN LATERAL (
                    SELECT * FROM orders WHERE tenant_id = s.tenant_id AND id = t.order_id LIMIT 1
                ) o
                WHERE s.tenant_id = c.tenant_id AND s.customer_id = wanted.customer_id AND o.kind <> 'trial'
                    AND (o.state = 'paid' OR EXISTS (
                        SELECT FROM coupon_redemptions r
                        WHERE r.tenant_id = o.tenant_id AND r.order_id = o.id AND r.state <> 'released'))
                UNION ALL
                SELECT r.order_id FROM coupon_redemptions r
                WHERE r.tenant_id = c.tenant_id AND r.customer_id = wanted.customer_id AND r.first_order
                    AND r.state <> 'released'
                LIMIT $4::bigint
            ) END
        FROM unnest($1::bigint[], $2::text[], $3::uuid[]) AS wanted (tenant_id, code, customer_id)
        CROSS JOIN LATERAL (
            SELECT * FROM coupons WHERE tenant_id = wanted.tenant_id AND code = wanted.code LIMIT 1
        ) c
        """

    private static let trialsByKey = """
        SELECT t.tenant_id, t.customer_id, t.plan_id
        FROM unnest($1::bigint[], $2::uuid[], $3::uuid[]) AS wanted (tenant_id, customer_id, plan_id)
        CROSS JOIN LATERAL (
            SELECT * FROM trial_grants
            WHERE tenant_id = wanted.tenant_id AND customer_id = wanted.customer_id AND plan_id = wanted.plan_id
            LIMIT 1
        ) t
        """

    private static let referencesByKey = """
        SELECT j.tenant_id, j.reference
        FROM unnest($1::bigint[], $2::text[]) AS wanted (tenant_id, reference)
        CROSS JOIN LATERAL (
            SELECT * FROM journal_entries
            WHERE tenant_id = wanted.tenant_id AND reference = wanted.reference LIMIT 1
        ) j
        """
}
