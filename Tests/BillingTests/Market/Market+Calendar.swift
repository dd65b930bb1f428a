import Billing
import Catalog
import Postgres
import Primitives

extension Shop {
    /// Puts a plan of calendar months beside `nl`, at 10.00 a month.
    func sell(months: Int32, as plan: PlanID, on connection: Connection, at now: Instant) throws {
        let code = "nl-\(months)mo"
        let price = 10_00 * Int64(months)
        _ = try connection.query(
            """
            INSERT INTO plans
                (tenant_id, id, code, name, product, connection, network_ids, duration_months, currency, price_minor,
                 trial_ms, sells_in, version, sort_order, created_at)
            VALUES (\(tenant), \(plan), \(code), \(code), 'proxy', 'private', \([nl]), \(months), \(currency.code),
                \(price), 3600000, ARRAY[\(DialectName.storefront.rawValue)], 1, 1, \(now))
            """)
        _ = try connection.query(
            """
            INSERT INTO plan_versions
                (tenant_id, plan_id, version, duration_months, currency, price_minor, recorded_at)
            VALUES (\(tenant), \(plan), 1, \(months), \(currency.code), \(price), \(now))
            """)
    }
}

extension Market {
    /// A plan of so many calendar months in both shops; their ids, Alba's first.
    func sell(months: Int32) async throws -> (alba: PlanID, brio: PlanID) {
        let plans: (alba: PlanID, brio: PlanID) = (ids.next(at: now), ids.next(at: now))
        let now = now
        try await database.owner.run { [alba, brio] connection in
            try alba.sell(months: months, as: plans.alba, on: connection, at: now)
            try brio.sell(months: months, as: plans.brio, on: connection, at: now)
        }
        return plans
    }

    func move(_ shop: Shop, to zone: String) async throws {
        try await database.owner.run { connection in
            _ = try connection.query("UPDATE tenants SET timezone = \(zone) WHERE id = \(shop.tenant)")
        }
    }

    /// What a subscription has paid for, and where its months are counted from.
    func paid(_ subscription: SubscriptionID, in shop: Shop) async throws -> Paid {
        try await database.owner.run { connection in
            let row = try connection.query(
                """
                SELECT active_until, anchored_at, anchored_months FROM subscriptions
                WHERE tenant_id = \(shop.tenant) AND id = \(subscription)
                """)[0]
            let terms = try connection.query(
                """
                SELECT starts_at, ends_at FROM terms
                WHERE tenant_id = \(shop.tenant) AND subscription_id = \(subscription) ORDER BY period_index
                """)
            return Paid(
                until: try row.get(0), anchoredAt: try row.get(1), anchoredMonths: try row.get(2),
                starts: try terms.map { try $0.get(0) }, ends: try terms.map { try $0.get(1) })
        }
    }

    struct Paid: Sendable, Hashable {
        let until: Instant
        let anchoredAt: Instant?
        let anchoredMonths: Int32?
        let starts: [Instant]
        let ends: [Instant]

        /// The ends of the periods, to the second.
        var texts: [String] { ends.map { $0.rfc3339(fractionDigits: 0) } }
    }
}
