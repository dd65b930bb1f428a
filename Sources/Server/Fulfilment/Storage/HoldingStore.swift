internal import Catalog
internal import Postgres
internal import Primitives
internal import Provisioning

/// The joined read of what customers hold: subscription, slot, gateway and network in one query.
enum HoldingStore {
    /// A customer's live subscriptions in a dialect, newest first: an id begins with the moment it was made.
    static func live(
        of customer: CustomerID, of tenant: TenantID, in dialect: DialectName, at now: Instant
    ) -> Statement {
        Statement(ofCustomer, [tenant, customer, dialect, now])
    }

    /// One subscription of a customer in a dialect, live or not.
    static func one(
        _ subscription: SubscriptionID, of customer: CustomerID, of tenant: TenantID, in dialect: DialectName,
        at now: Instant
    ) -> Statement {
        Statement(byID, [tenant, customer, dialect, now, subscription])
    }

    /// Whether there is such a subscription in a dialect, of this customer or, without one, of anybody.
    static func exists(
        _ subscription: SubscriptionID, of customer: CustomerID?, of tenant: TenantID, in dialect: DialectName
    ) -> Statement {
        Statement(existence, [tenant, customer, dialect, subscription])
    }

    static func exists(_ result: ResultSet) throws -> Bool {
        !result.isEmpty
    }

    /// Whose the subscription is that there is.
    static func owner(_ result: ResultSet) throws -> CustomerID? {
        try result.first?.get(0)
    }

    static func subscriptions(
        _ result: ResultSet, _ tenant: TenantID, _ seal: CredentialSeal
    ) throws -> [HeldSubscription] {
        try result.map { try subscription($0, tenant, seal) }
    }

    static func found(
        _ result: ResultSet, _ tenant: TenantID, _ seal: CredentialSeal
    ) throws -> Found<HeldSubscription> {
        guard let row = result.first else { return .nothing }
        if try row.get(0, as: Bool.self) { return .over }
        return .value(try subscription(row, tenant, seal))
    }

    private static func subscription(
        _ row: Row, _ tenant: TenantID, _ seal: CredentialSeal
    ) throws -> HeldSubscription {
        let slot: SlotID = try row.get(7)
        let secret = try seal.open(try row.get(10), tenant: tenant, slot: slot, version: try row.get(11))
        return HeldSubscription(
            id: try row.get(1), activeUntil: try row.get(2), userNote: try row.get(3),
            connection: try row.get(4),
            network: NetworkPlace(code: try row.get(16), city: try row.get(17), country: try row.get(18)),
            gateway: GatewayShape(
                host: try row.get(12), protocols: try row.get(13), vlessPort: try row.get(14),
                shadowsocksPort: try row.get(15)),
            port: try row.get(8), username: try row.get(9), secret: secret, rotationMinutes: try row.get(5),
            rotationChoices: try row.get(6))
    }

    private static let columns = """
        s.id, s.active_until, s.user_note, coalesce(p.connection, 'private'), a.rotation_minutes, a.rotation_choices,
        slot.id, slot.port, slot.username, slot.secret, slot.secret_version,
        g.host, g.protocols, g.vless_port, g.shadowsocks_port, n.code, n.city, n.country
        """

    private static let unit = """
        LATERAL (
            SELECT * FROM allocations
            WHERE tenant_id = $1 AND subscription_id = s.id AND released_at IS NULL
            ORDER BY sequence DESC LIMIT 1
        ) a ON true
        """

    // Outer joins, so that a subscription whose slot has gone back is still found; a slot without its gateway would be a
    // fault and is read as one. LATERAL with a limit: one look by key for each, in this order, whatever the tables hold.
    private static let details = """
        LEFT JOIN LATERAL (SELECT * FROM plans WHERE tenant_id = $1 AND id = s.plan_id LIMIT 1) p ON true
        LEFT JOIN LATERAL (SELECT * FROM slots WHERE tenant_id = $1 AND id = a.slot_id LIMIT 1) slot ON true
        LEFT JOIN LATERAL (SELECT * FROM gateways WHERE tenant_id = $1 AND id = slot.gateway_id LIMIT 1) g ON true
        LEFT JOIN LATERAL (SELECT * FROM networks WHERE tenant_id = $1 AND id = slot.network_id LIMIT 1) n ON true
        """

    // Rides subscriptions_by_customer backwards, which is newest first; the rest are look-ups on primary keys.
    private static let ofCustomer = """
        SELECT false, \(columns)
        FROM subscriptions s
        JOIN \(unit)
        \(details)
        WHERE s.tenant_id = $1 AND s.customer_id = $2 AND s.dialect = $3 AND s.ended_at IS NULL
          AND s.active_until > $4
        ORDER BY s.id DESC
        """

    private static let byID = """
        SELECT s.ended_at IS NOT NULL OR s.active_until <= $4 OR slot.id IS NULL, \(columns)
        FROM subscriptions s
        LEFT JOIN \(unit)
        \(details)
        WHERE s.tenant_id = $1 AND s.id = $5 AND s.customer_id = $2 AND s.dialect = $3
        """

    private static let existence = """
        SELECT customer_id FROM subscriptions
        WHERE tenant_id = $1 AND id = $4 AND dialect = $3 AND ($2::uuid IS NULL OR customer_id = $2)
        """
}
