public import Postgres
public import Primitives

/// Writes what a `CataloguePlan` decided.
public enum CatalogueWrites {
    /// The statements about tenants, which come first: what customers and their money need to be there.
    public static func tenants(_ plan: CataloguePlan, at now: Instant) -> [Statement] {
        plan.tenants.map { tenant($0, now) }
    }

    /// The statements about groups of customers, before the customers who are in them.
    public static func groups(_ plan: CataloguePlan, at now: Instant) -> [Statement] {
        plan.groups.map { group($0, now) } + plan.groupPrices.map { groupPrice($0, now) }
    }

    /// The statements about what is sold. They come after all movements of money, because the engine locks
    /// accounts before it locks coupons and gateways, and whoever locks in another order waits for it for
    /// ever.
    public static func offers(_ plan: CataloguePlan, at now: Instant) -> [Statement] {
        // Rows that the engine locks too are written in its order.
        let gateways = plan.gateways.sorted { ($0.row.tenant, $0.row.id) < ($1.row.tenant, $1.row.id) }
        let coupons = plan.coupons.sorted { ($0.row.tenant, $0.row.code) < ($1.row.tenant, $1.row.code) }
        return plan.hosts.map(host) + plan.networks.map { network($0, now) } + coupons.map { coupon($0, now) }
            + gateways.map { gateway($0, now) } + plan.plans.map { self.plan($0, now) }
            + plan.versions.map { version($0, now) }
    }

    /// Tells every process to read its catalogue anew, once the transaction is committed.
    public static var notification: Statement { Statement("SELECT pg_notify('tollgate_catalogue', '')") }

    /// Tells the planner what the tables now hold that an apply fills, so that the first purchases after it are planned
    /// for them and not for empty tables; outside the transaction, as the owner.
    public static var analysis: Statement {
        "ANALYZE tenants, hosts, networks, gateways, plans, plan_versions, coupons, customer_groups, group_prices, customers, accounts, slots"
    }

    private static func tenant(_ change: CatalogueChange<TenantRow>, _ now: Instant) -> Statement {
        let row = change.row
        return """
            INSERT INTO tenants (id, slug, name, currency, timezone, grace_ms, active, sandbox_of, created_at)
            VALUES (\(row.id), \(row.slug), \(row.name), \(row.currency.code), \(row.timezone), \(row.graceMilliseconds),
                    \(row.isActive), \(row.sandboxOf), \(now))
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, timezone = excluded.timezone,
                grace_ms = excluded.grace_ms, active = excluded.active
            """
    }

    private static func host(_ change: CatalogueChange<HostRow>) -> Statement {
        let row = change.row
        return switch change.sign {
        case .deactivate: "DELETE FROM hosts WHERE host = \(row.host) AND tenant_id = \(row.tenant)"
        case .create, .change:
            """
            INSERT INTO hosts (host, tenant_id, dialect) VALUES (\(row.host), \(row.tenant), \(row.dialect))
            ON CONFLICT (host) DO UPDATE SET dialect = excluded.dialect
            """
        }
    }

    private static func network(_ change: CatalogueChange<Network>, _ now: Instant) -> Statement {
        let row = change.row
        return """
            INSERT INTO networks (tenant_id, id, code, city, country, type, exit_class, asn, asn_org, low_stock, active,
                                  created_at)
            VALUES (\(row.tenant), \(row.id), \(row.code), \(row.city), \(row.country), \(row.type), \(row.exitClass),
                    \(row.asn), \(row.asnOrg), \(row.lowStock), \(row.isActive), \(now))
            ON CONFLICT (tenant_id, id) DO UPDATE SET city = excluded.city, country = excluded.country,
                type = excluded.type, exit_class = excluded.exit_class, asn = excluded.asn, asn_org = excluded.asn_org,
                low_stock = excluded.low_stock, active = excluded.active
            """
    }

    /// A gateway that changes gets a new desired version, so that its worker looks at it again.
    private static func gateway(_ change: CatalogueChange<GatewayRow>, _ now: Instant) -> Statement {
        let row = change.row
        let (first, last, shared): (Int32?, Int32?, Int32?) =
            switch row.ports {
            case .range(let ports): (ports.lowerBound, ports.upperBound, nil)
            case .shared(let port): (nil, nil, port)
            }
        return """
            INSERT INTO gateways (tenant_id, id, name, network_id, host, first_port, last_port, shared_port, protocols,
                                  vless_port, shadowsocks_port, driver, active, created_at)
            VALUES (\(row.tenant), \(row.id), \(row.name), \(row.networkID), \(row.host), \(first), \(last), \(shared),
                    \(row.protocols), \(row.vlessPort), \(row.shadowsocksPort), \(row.driver), \(row.isActive), \(now))
            ON CONFLICT (tenant_id, id) DO UPDATE SET host = excluded.host, first_port = excluded.first_port,
                last_port = excluded.last_port, shared_port = excluded.shared_port, protocols = excluded.protocols,
                vless_port = excluded.vless_port, shadowsocks_port = excluded.shadowsocks_port,
                driver = excluded.driver, active = excluded.active, desired_version = gateways.desired_version + 1
            """
    }

    private static func plan(_ change: CatalogueChange<Plan>, _ now: Instant) -> Statement {
        let row = change.row
        return """
            INSERT INTO plans (tenant_id, id, code, name, product, connection, network_ids, gateway_id, duration_ms,
                               duration_months, currency, price_minor, wholesale_minor, popular, rotation_minutes, threads, exits,
                               exit_rotations, trial_ms, sells_in, attributes, version, sort_order, active, auto_renew,
                               created_at)
            VALUES (\(row.tenant), \(row.id), \(row.code), \(row.name), \(row.product), \(row.connection),
                    \(row.networks), \(row.gatewayID), \(row.duration?.milliseconds), \(row.duration?.months), \(row.currency.code),
                    \(row.price?.minor), \(row.wholesalePrice?.minor), \(row.isPopular), \(row.rotationMinutes),
                    \(row.threads), \(row.exits), \(row.exitRotations), \(row.trialMilliseconds), \(row.sellsIn.sorted()),
                    \(JSONB(row.attributes)), \(row.version), \(row.sortOrder), \(row.isActive),
                    \(row.renewsAutomatically), \(now))
            ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name, product = excluded.product,
                connection = excluded.connection, duration_ms = excluded.duration_ms,
                duration_months = excluded.duration_months, currency = excluded.currency,
                price_minor = excluded.price_minor, wholesale_minor = excluded.wholesale_minor,
                popular = excluded.popular, rotation_minutes = excluded.rotation_minutes, threads = excluded.threads,
                exits = excluded.exits, exit_rotations = excluded.exit_rotations, trial_ms = excluded.trial_ms,
                sells_in = excluded.sells_in, attributes = excluded.attributes, version = excluded.version,
                sort_order = excluded.sort_order, active = excluded.active, auto_renew = excluded.auto_renew
            """
    }

    private static func version(_ row: Plan, _ now: Instant) -> Statement {
        """
        INSERT INTO plan_versions (tenant_id, plan_id, version, duration_ms, duration_months, currency, price_minor,
                                   wholesale_minor, recorded_at)
        VALUES (\(row.tenant), \(row.id), \(row.version), \(row.duration?.milliseconds), \(row.duration?.months),
                \(row.currency.code), \(row.price?.minor), \(row.wholesalePrice?.minor), \(now))
        """
    }

    private static func group(_ change: CatalogueChange<CustomerGroup>, _ now: Instant) -> Statement {
        let row = change.row
        return """
            INSERT INTO customer_groups (tenant_id, id, code, name, active, created_at)
            VALUES (\(row.tenant), \(row.id), \(row.code), \(row.name), \(row.isActive), \(now))
            ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name, active = excluded.active
            """
    }

    private static func groupPrice(_ row: NewGroupPrice, _ now: Instant) -> Statement {
        """
        INSERT INTO group_prices (tenant_id, group_id, plan_id, version, currency, price_minor, recorded_at)
        VALUES (\(row.tenant), \(row.price.group), \(row.plan), \(row.price.version), \(row.currency.code),
                \(row.price.price?.minor), \(now))
        """
    }

    /// What the redemptions count and come to is the engine's: it is never written from here.
    private static func coupon(_ change: CatalogueChange<Coupon>, _ now: Instant) -> Statement {
        let row = change.row
        let percent: Int32?
        let amount: Money?
        switch row.discount {
        case .percent(let share): (percent, amount) = (share.value, nil)
        case .amount(let money): (percent, amount) = (nil, money)
        }
        return """
            INSERT INTO coupons (tenant_id, id, code, percent_bps, amount_minor, currency, min_amount_minor,
                                 max_redemptions, per_customer, plan_ids, applies_to, starts_at, ends_at, active,
                                 max_discount_minor, budget_minor, first_order, customers, renewals, created_at)
            SELECT \(row.tenant), \(row.id), \(row.code), \(percent), \(amount?.minor), t.currency,
                   \(row.minimum?.minor), \(row.maxRedemptions), \(row.perCustomer),
                   \(row.planIDs.map { $0.sorted() }), \(row.kinds.map { $0.sorted { $0.rawValue < $1.rawValue } }),
                   \(row.startsAt), \(row.endsAt), \(row.isActive), \(row.maxDiscount?.minor), \(row.budget?.minor),
                   \(row.isFirstOrderOnly), \(row.customers.map { $0.sorted() }), \(row.renewals), \(now)
            FROM tenants t WHERE t.id = \(row.tenant)
            ON CONFLICT (tenant_id, id) DO UPDATE SET percent_bps = excluded.percent_bps,
                amount_minor = excluded.amount_minor, min_amount_minor = excluded.min_amount_minor,
                max_redemptions = excluded.max_redemptions, per_customer = excluded.per_customer,
                plan_ids = excluded.plan_ids, applies_to = excluded.applies_to, starts_at = excluded.starts_at,
                ends_at = excluded.ends_at, active = excluded.active,
                max_discount_minor = excluded.max_discount_minor, budget_minor = excluded.budget_minor,
                first_order = excluded.first_order, customers = excluded.customers, renewals = excluded.renewals
            """
    }
}
