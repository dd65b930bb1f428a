import Postgres
import Primitives

extension GateTenant {
    func writePlans(on connection: Connection, at now: Instant) throws {
        let every: [Int32] = [0, 5, 10, 15, 30, 60]
        try write(
            Terms(mobile30, "mobile-30d", amsterdam, 30, 12_00, rotation: every, trial: 3_600_000),
            connection, now)
        try write(Terms(mobile7, "mobile-7d", amsterdam, 7, 4_00, rotation: [0, 10]), connection, now)
        try write(Terms(berlin30, "berlin-30d", berlin, 30, 14_00), connection, now)
        try write(Terms(madrid30, "madrid-30d", madrid, 30, 9_00, trial: 60_000), connection, now)
        try write(Terms(resold, "resold-30d", amsterdam, 30, 10_00, wholesale: 7_00), connection, now)
        try write(Terms(vienna30, "vienna-30d", vienna, 30, 6_00), connection, now)
        try write(Terms(dear, "dear-30d", amsterdam, 30, 90_000_000_000_000_000), connection, now)
        try write(Terms(retired, "retired-30d", amsterdam, 30, 5_00, active: false), connection, now)
        try write(Terms(paris30, "paris-30d", paris, 30, 5_00), connection, now)
        try write(Terms(onRequest, "on-request", amsterdam, 30, nil), connection, now)
        try write(Terms(elsewhere, "elsewhere-30d", amsterdam, 30, 5_00, dialect: "proxaro"), connection, now)
        try write(Terms(foreign, "foreign-30d", amsterdam, 30, 5_00, currency: "EUR"), connection, now)
    }

    /// Terms of one plan; days and minor units.
    struct Terms {
        var plan: PlanID
        var code: String
        var network: NetworkID
        var days: Int64
        var price: Int64?
        var rotation: [Int32] = []
        var trial: Int64?
        var wholesale: Int64?
        var active = true
        var dialect = "gate"
        var currency = "USD"

        init(
            _ plan: PlanID, _ code: String, _ network: NetworkID, _ days: Int64, _ price: Int64?,
            rotation: [Int32] = [], trial: Int64? = nil, wholesale: Int64? = nil, active: Bool = true,
            dialect: String = "gate", currency: String = "USD"
        ) {
            self.plan = plan
            self.code = code
            self.network = network
            self.days = days
            self.price = price
            self.rotation = rotation
            self.trial = trial
            self.wholesale = wholesale
            self.active = active
            self.dialect = dialect
            self.currency = currency
        }
    }

    func write(_ terms: Terms, _ connection: Connection, _ now: Instant) throws {
        let duration = terms.days * 86_400_000
        // The order of the catalogue is not that of the ids.
        let order: Int32 = terms.plan == mobile7 ? 2 : terms.plan == mobile30 ? 1 : 3
        _ = try connection.query(
            """
            INSERT INTO plans (tenant_id, id, code, name, product, connection, network_ids, duration_ms, currency,
                price_minor, wholesale_minor, popular, rotation_minutes, trial_ms, sells_in, version, sort_order, active,
                created_at)
            VALUES (\(id), \(terms.plan), \(terms.code), \(terms.code), 'proxy', 'private', \([terms.network]),
                \(duration), \(terms.currency), \(terms.price), \(terms.wholesale), \(terms.plan == mobile30),
                \(terms.rotation), \(terms.trial), ARRAY[\(terms.dialect)], 1, \(order), \(terms.active), \(now))
            """)
        _ = try connection.query(
            """
            INSERT INTO plan_versions
                (tenant_id, plan_id, version, duration_ms, currency, price_minor, wholesale_minor, recorded_at)
            VALUES (\(id), \(terms.plan), 1, \(duration), \(terms.currency), \(terms.price), \(terms.wholesale), \(now))
            """)
    }

    func writeCoupons(on connection: Connection, ids: any IdentifierSource, at now: Instant) throws {
        let coupons: [(code: String, percent: Int32, limit: Int32?, end: Instant?, kinds: [String]?)] = [
            ("WELCOME20", 20_00, 1000, nil, ["purchase"]), ("LASTONE", 50_00, 1, nil, nil),
            ("FREE", 100_00, nil, nil, nil),
            ("ENDED", 10_00, nil, now, nil),
        ]
        for (code, percent, limit, end, kinds) in coupons {
            let coupon: CouponID = ids.next(at: now)
            _ = try connection.query(
                """
                INSERT INTO coupons (tenant_id, id, code, percent_bps, currency, max_redemptions, applies_to, ends_at,
                    created_at)
                VALUES (\(id), \(coupon), \(code), \(percent), 'USD', \(limit), \(kinds), \(end), \(now))
                """)
        }
    }
}
