internal import Catalog
internal import Postgres
internal import Primitives

/// What a customer may renew with, or move to.
enum OfferStore {
    /// Plans that may renew a subscription: the engine's own rule of eligibility, asked beforehand.
    static func renewals(
        of subscription: SubscriptionID, by customer: CustomerID, of tenant: TenantID, in dialect: DialectName
    ) -> Statement {
        Statement(forRenewal, [tenant, customer, dialect, subscription])
    }

    /// In the order of the catalogue, then by what the customer pays.
    static func renewals(_ result: ResultSet, at now: Instant) throws -> Found<[Offer]> {
        let found = try found(result) { row in
            try row.get(1, as: PlanID?.self) == nil
                ? nil : try offer(row, at: now).map { (place: try row.get(16, as: Int32.self), offer: $0) }
        }
        switch found {
        case .nothing: return .nothing
        case .over: return .over
        case .value(let offers):
            return .value(
                offers.sorted {
                    ($0.place, $0.offer.price.minor, $0.offer.plan)
                        < ($1.place, $1.offer.price.minor, $1.offer.plan)
                }.map(\.offer))
        }
    }

    /// Networks of the same type, other than the one the subscription is on, that have a free slot.
    static func networks(
        for subscription: SubscriptionID, of customer: CustomerID, of tenant: TenantID,
        in dialect: DialectName,
        at now: Instant
    ) -> Statement {
        Statement(forSwitch, [tenant, customer, dialect, subscription, now])
    }

    static func networks(_ result: ResultSet) throws -> Found<[NetworkChoice]> {
        try found(result) { row in
            guard let id: NetworkID = try row.get(1, as: NetworkID?.self) else { return nil }
            let place = NetworkPlace(code: try row.get(2), city: try row.get(3), country: try row.get(4))
            return NetworkChoice(id: id, place: place)
        }
    }

    /// No row: no such subscription. Otherwise each row says first whether the subscription is over, then one choice
    /// or, where there is none, NULL.
    private static func found<Choice: Sendable>(
        _ result: ResultSet, _ choice: (Row) throws -> Choice?
    ) throws -> Found<[Choice]> {
        guard let first = result.first else { return .nothing }
        if try first.get(0, as: Bool.self) { return .over }
        return .value(try result.compactMap(choice))
    }

    /// As long as the period is that the engine would add; `nil` where that cannot be told.
    private static func offer(_ row: Row, at now: Instant) throws -> Offer? {
        let code: String = try row.get(5)
        guard let currency = Currency(code) else {
            throw Unreadable("the stored currency is not in ISO 4217")
        }
        // The group's price, where it has one, as `Plan.priced(by:)` has it.
        guard let price = try row.get(17, as: Int64?.self) ?? row.get(4, as: Int64?.self),
            let period = try period(row, at: now)
        else { return nil }
        return Offer(
            plan: try row.get(1), connection: try row.get(2), durationMilliseconds: period.milliseconds,
            price: Money(minor: price, currency: currency),
            isPopular: try row.get(6),
            network: NetworkPlace(code: try row.get(7), city: try row.get(8), country: try row.get(9)),
            networkType: try row.get(10))
    }

    private static func period(_ row: Row, at now: Instant) throws -> ServicePeriod? {
        var anchor: CalendarAnchor?
        if let at = try row.get(13, as: Instant?.self) {
            anchor = CalendarAnchor(at: at, months: try row.get(14))
        }
        let start = PeriodStart(after: try row.get(12), anchor: anchor, now: now)
        if let milliseconds = try row.get(3, as: Int64?.self) {
            return PlanDuration.fixed(milliseconds: milliseconds).period(from: start, in: nil)
        }
        let name: String = try row.get(15)
        // A zone that this machine lacks leaves the plan out; a row that cannot be read is a fault.
        let zone = try? ZoneDatabase.machine.zone(named: name)
        return PlanDuration.months(try row.get(11)).period(from: start, in: zone)
    }

    private static let columns = """
        p.id, p.connection, p.duration_ms, p.price_minor, p.currency, p.popular, n.code, n.city, n.country, n.type,
        p.duration_months, s.active_until, s.anchored_at, s.anchored_months,
        CASE WHEN p.duration_months IS NOT NULL THEN (SELECT timezone FROM tenants WHERE id = $1) END,
        p.sort_order, list.price_minor
        """

    /// The live allocation of the subscription `s`, if there is one.
    private static let held = """
        LEFT JOIN LATERAL (
            SELECT (SELECT slot.network_id FROM slots slot WHERE slot.tenant_id = $1 AND slot.id = a.slot_id)
            FROM allocations a
            WHERE a.tenant_id = $1 AND a.subscription_id = s.id AND a.released_at IS NULL
            ORDER BY a.sequence DESC LIMIT 1
        ) held ON true
        """

    private static let forRenewal = """
        SELECT s.ended_at IS NOT NULL OR held.network_id IS NULL, \(columns)
        FROM subscriptions s
        \(held)
        CROSS JOIN LATERAL (SELECT * FROM plans WHERE tenant_id = $1 AND id = s.plan_id LIMIT 1) own
        CROSS JOIN LATERAL (SELECT * FROM customers WHERE tenant_id = $1 AND id = s.customer_id LIMIT 1) c
        LEFT JOIN LATERAL (
            SELECT * FROM networks WHERE tenant_id = $1 AND id = held.network_id AND active LIMIT 1
        ) n ON true
        LEFT JOIN plans p ON p.tenant_id = $1 AND p.network_ids = ARRAY[n.id] AND p.product = own.product
            AND p.connection = own.connection AND p.currency = c.currency AND p.active AND $3 = ANY (p.sells_in)
            AND (p.duration_ms IS NOT NULL OR p.duration_months IS NOT NULL)
        LEFT JOIN LATERAL (
            SELECT price_minor FROM group_prices
            WHERE tenant_id = $1 AND group_id = c.group_id AND plan_id = p.id
              AND (SELECT active FROM customer_groups WHERE tenant_id = $1 AND id = c.group_id)
            ORDER BY version DESC LIMIT 1
        ) list ON true
        WHERE s.tenant_id = $1 AND s.id = $4 AND s.customer_id = $2 AND s.dialect = $3
        """

    // LATERAL with a limit: one look into `slots_ready` per network, never a walk over all free slots.
    private static let forSwitch = """
        SELECT s.ended_at IS NOT NULL OR s.active_until <= $5 OR held.network_id IS NULL,
               n.id, n.code, n.city, n.country
        FROM subscriptions s
        \(held)
        LEFT JOIN LATERAL (SELECT * FROM networks WHERE tenant_id = $1 AND id = held.network_id LIMIT 1) here ON true
        LEFT JOIN LATERAL (
            SELECT other.id, other.code, other.city, other.country
            FROM networks other
            CROSS JOIN LATERAL (
                SELECT 1 FROM slots free
                WHERE free.tenant_id = $1 AND free.network_id = other.id AND free.state = 'ready'
                  AND (SELECT g.active FROM gateways g WHERE g.tenant_id = $1 AND g.id = free.gateway_id)
                ORDER BY free.rank
                LIMIT 1
            ) free
            WHERE other.tenant_id = $1 AND other.type = here.type AND other.id <> here.id AND other.active
        ) n ON true
        WHERE s.tenant_id = $1 AND s.id = $4 AND s.customer_id = $2 AND s.dialect = $3
        ORDER BY n.code
        """
}
