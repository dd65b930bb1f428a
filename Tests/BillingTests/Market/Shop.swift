import Billing
import Catalog
import Postgres
import Primitives
import Provisioning
import Server
import TestSupport

/// One tenant of a market, with the ids of everything it has.
struct Shop: Sendable {
    let tenant: TenantID
    let slug: String
    let currency: Currency
    let priceMinor: Int64
    let nl: NetworkID
    let de: NetworkID
    let nlGateway: GatewayID
    let deGateway: GatewayID
    let nlPlan: PlanID
    let dePlan: PlanID
    let weekPlan: PlanID
    let resoldPlan: PlanID
    let ann: CustomerID
    let ben: CustomerID
    let annKey: PrincipalID
    let benKey: PrincipalID

    init(
        _ tenant: TenantID, _ slug: String, _ currency: Currency, _ ids: ProcessIdentifiers, _ now: Instant,
        _ priceMinor: Int64
    ) {
        self.tenant = tenant
        self.slug = slug
        self.currency = currency
        self.priceMinor = priceMinor
        nl = ids.next(at: now)
        de = ids.next(at: now)
        nlGateway = ids.next(at: now)
        deGateway = ids.next(at: now)
        nlPlan = ids.next(at: now)
        dePlan = ids.next(at: now)
        weekPlan = ids.next(at: now)
        resoldPlan = ids.next(at: now)
        ann = ids.next(at: now)
        ben = ids.next(at: now)
        annKey = ids.next(at: now)
        benKey = ids.next(at: now)
    }

    func money(_ minor: Int64) -> Money { Money(minor: minor, currency: currency) }

    /// Writes the tenant with its catalogue, its stock and its customers, whose wallets are empty.
    func open(on connection: Connection, slots: Int, ids: ProcessIdentifiers, at now: Instant) throws {
        _ = try connection.query(
            """
            INSERT INTO tenants (id, slug, name, currency, timezone, grace_ms, created_at)
            VALUES (\(tenant), \(slug), \(slug), \(currency.code), 'UTC', 86400000, \(now))
            """)
        for (network, code, country) in [(nl, "NL-AMS", "NL"), (de, "DE-BER", "DE")] {
            _ = try connection.query(
                """
                INSERT INTO networks (tenant_id, id, code, city, country, type, exit_class, created_at)
                VALUES (\(tenant), \(network), \(code), 'Town', \(country), 'mobile', 'mobile_4g', \(now))
                """)
        }
        // Gateways of two tenants are on two hosts, or one port would be served twice.
        for (gateway, network, name) in [(nlGateway, nl, "ams-1"), (deGateway, de, "ber-1")] {
            _ = try connection.query(
                """
                INSERT INTO gateways
                    (tenant_id, id, name, network_id, host, first_port, last_port, protocols, driver, created_at)
                VALUES (\(tenant), \(gateway), \(name), \(network), \(slug + "-" + name), 12001, 13000,
                    '{http,socks5}', 'simulated', \(now))
                """)
            try stock(gateway, network, slots, on: connection, ids, now)
        }
        try openPlans(on: connection, at: now)
        try openCustomers(on: connection, at: now)
    }

    private func openPlans(on connection: Connection, at now: Instant) throws {
        let day: Int64 = 86_400_000
        let plans: [(PlanID, String, NetworkID, Int64, Int64, Int64?, Int64?)] = [
            (nlPlan, "nl", nl, 30 * day, priceMinor, nil, 3_600_000),
            (dePlan, "de", de, 30 * day, priceMinor + 2_00, nil, nil),
            (weekPlan, "week", nl, 7 * day, 4_00, nil, nil),
            (resoldPlan, "resold", nl, 30 * day, 10_00, 7_00, nil),
        ]
        for (id, code, network, duration, price, wholesale, trial) in plans {
            _ = try connection.query(
                """
                INSERT INTO plans
                    (tenant_id, id, code, name, product, connection, network_ids, duration_ms, currency, price_minor,
                     wholesale_minor, trial_ms, rotation_minutes, sells_in, version, sort_order, created_at)
                VALUES (\(tenant), \(id), \(code), \(code), 'proxy', 'private', \([network]), \(duration),
                    \(currency.code), \(price), \(wholesale), \(trial), '{0,5,10}',
                    ARRAY[\(DialectName.storefront.rawValue)], 1, 1, \(now))
                """)
            _ = try connection.query(
                """
                INSERT INTO plan_versions
                    (tenant_id, plan_id, version, duration_ms, currency, price_minor, wholesale_minor, recorded_at)
                VALUES (\(tenant), \(id), 1, \(duration), \(currency.code), \(price), \(wholesale), \(now))
                """)
        }
    }

    private func openCustomers(on connection: Connection, at now: Instant) throws {
        var work = LedgerWork(seed: UInt64(tenant.number), stock: SlotStock())
        try work.openTenant(
            tenant, currency: currency, wholesaleCreditLimit: .zero(currency), on: connection, at: now)
        for (customer, name) in [(ann, "ann"), (ben, "ben")] {
            _ = try connection.query(
                """
                INSERT INTO customers (tenant_id, id, email, username, currency, created_at)
                VALUES (\(tenant), \(customer), \(name + "@example.com"), \(name), \(currency.code), \(now))
                """)
            try work.openWallet(
                of: customer, in: tenant, creditLimit: .zero(currency), on: connection, at: now)
        }
    }

    func stock(
        _ gateway: GatewayID, _ network: NetworkID, _ count: Int, on connection: Connection,
        _ ids: ProcessIdentifiers, _ now: Instant
    ) throws {
        guard count > 0 else { return }
        let slots: [SlotID] = (0..<count).map { _ in ids.next(at: now) }
        let generator = CredentialGenerator(random: SeededRandom(seed: slots[0].bits.low))
        let secrets = slots.map {
            CredentialSeal.market.seal(generator.secret(), tenant: tenant, slot: $0, version: 1)
        }
        let usernames = slots.map { _ in generator.username() }
        _ = try connection.query(
            """
            INSERT INTO slots
                (tenant_id, id, gateway_id, network_id, port, state, rank, username, secret, secret_version,
                 secret_since, revision, state_since)
            SELECT \(tenant), s.id, \(gateway), \(network), 12000 + s.place, 'ready', 12000 + s.place,
                s.username, s.secret, 1, \(now), 0, \(now)
            FROM unnest(\(slots), \(usernames), \(secrets)) WITH ORDINALITY AS s (id, username, secret, place)
            """)
    }

    func coupon(
        _ code: String, percent: Int32? = nil, amount: Int64? = nil, limit: Int32? = nil,
        perCustomer: Int32? = nil, most: Int64? = nil, budget: Int64? = nil, firstOrder: Bool = false,
        customers: [String]? = nil, plans: [PlanID]? = nil, kinds: [String]? = nil, renewals: Int32? = nil,
        until end: Instant? = nil, on database: PostgresPool, id: CouponID, at now: Instant
    ) async throws {
        try await database.run { connection in
            _ = try connection.query(
                """
                INSERT INTO coupons
                    (tenant_id, id, code, percent_bps, amount_minor, currency, max_redemptions, per_customer,
                     max_discount_minor, budget_minor, first_order, customers, plan_ids, applies_to, renewals, ends_at,
                     created_at)
                VALUES (\(tenant), \(id), \(code), \(percent), \(amount), \(currency.code), \(limit), \(perCustomer),
                    \(most), \(budget), \(firstOrder), \(customers), \(plans), \(kinds), \(renewals), \(end), \(now))
                """)
        }
    }
}
