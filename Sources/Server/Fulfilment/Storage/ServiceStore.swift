internal import Catalog
internal import Postgres
internal import Primitives
internal import Provisioning

/// The joined read of services: subscription, plan, exit, allow list and every slot in one query, a row for each slot.
enum ServiceStore {
    /// One service of a customer in a dialect, over or not.
    static func one(
        _ subscription: SubscriptionID, of customer: CustomerID, of tenant: TenantID, in dialect: DialectName
    ) -> Statement {
        Statement(byID, [tenant, customer, dialect, subscription])
    }

    /// A page and one service more, newest first, behind whether the cursor is known.
    static func page(
        _ query: ServiceQuery, of customer: CustomerID, of tenant: TenantID, in dialect: DialectName,
        at now: Instant
    ) -> Statement {
        Statement(
            ofCustomer,
            [
                tenant, customer, dialect, query.before ?? Self.behindAll, query.before == nil,
                query.status.rawValue, now, query.product, query.limit + 1,
            ])
    }

    /// Greater than every id that is made: a bound that is always there can be looked up in the index.
    private static let behindAll = SubscriptionID(bits: IdentifierBits(high: .max, low: .max))

    static func page(
        _ result: ResultSet, _ query: ServiceQuery, _ tenant: TenantID, _ seal: CredentialSeal
    ) throws -> Page<HeldService, SubscriptionID>? {
        guard let first = result.first, try first.get(0, as: Bool.self) else { return nil }
        // The one behind the page only tells that there is another; its secret stays sealed.
        let services = try services(result, tenant, seal, limit: query.limit)
        let ids = Set(try result.compactMap { try $0.get(1, as: SubscriptionID?.self) })
        return Page(items: services, next: ids.count > query.limit ? services.last?.id : nil)
    }

    /// The services of either statement, in the order of their rows.
    static func services(
        _ result: ResultSet, _ tenant: TenantID, _ seal: CredentialSeal, limit: Int = .max
    ) throws -> [HeldService] {
        var services: [HeldService] = []
        for row in result {
            guard let id = try row.get(1, as: SubscriptionID?.self) else { continue }
            if services.last?.id != id {
                guard services.count < limit else { break }
                services.append(try service(row, id))
            }
            if let slot = try row.get(13, as: SlotID?.self) {
                try add(slot, row, tenant, seal, to: &services[services.count - 1])
            }
        }
        return services
    }

    private static func service(_ row: Row, _ id: SubscriptionID) throws -> HeldService {
        HeldService(
            id: id, plan: try row.get(2), product: try row.get(3), threads: try row.get(4),
            startedAt: try row.get(5), activeUntil: try row.get(6),
            isEnded: try row.get(7, as: Instant?.self) != nil, exit: try ExitStore.exit(row, startingAt: 8),
            allowList: try AllowListStore.sources(row, startingAt: 10), login: nil, lines: [])
    }

    /// A slot's line; the first slot's login is every slot's.
    private static func add(
        _ slot: SlotID, _ row: Row, _ tenant: TenantID, _ seal: CredentialSeal, to service: inout HeldService
    ) throws {
        if service.login == nil {
            service.login = ServiceLogin(
                username: try row.get(15),
                secret: try seal.open(
                    try row.get(16), tenant: tenant, slot: slot, version: try row.get(17)))
        }
        service.lines.append(
            ServiceLine(
                gateway: GatewayShape(
                    host: try row.get(18), protocols: try row.get(19), vlessPort: try row.get(20),
                    shadowsocksPort: try row.get(21)),
                port: try row.get(14),
                network: NetworkPlace(
                    code: try row.get(22), city: try row.get(23), country: try row.get(24))))
    }

    private static let columns = """
        s.id, s.plan_id, s.product, s.threads, s.started_at, s.active_until, s.ended_at, s.exit_country,
        s.exit_rotation, s.addresses, s.labels, a.sequence,
        slot.id, slot.port, slot.username, slot.secret, slot.secret_version,
        g.host, g.protocols, g.vless_port, g.shadowsocks_port, n.code, n.city, n.country
        """

    // One look by key for each, in this order, whatever the tables hold. That an allocation is live names no partial
    // index: one could be walked over as a whole. A slot without its gateway would be a fault and is read as one.
    private static let slots = """
        LEFT JOIN LATERAL (
            SELECT * FROM allocations
            WHERE tenant_id = $1 AND subscription_id = s.id AND COALESCE(released_at, 'infinity') = 'infinity'
            ORDER BY sequence
        ) a ON true
        LEFT JOIN LATERAL (SELECT * FROM slots WHERE tenant_id = $1 AND id = a.slot_id LIMIT 1) slot ON true
        LEFT JOIN LATERAL (SELECT * FROM gateways WHERE tenant_id = $1 AND id = slot.gateway_id LIMIT 1) g ON true
        LEFT JOIN LATERAL (SELECT * FROM networks WHERE tenant_id = $1 AND id = slot.network_id LIMIT 1) n ON true
        """

    // The allow list is read here, once for a service and not again for each of its slots.
    private static let facts = """
        sub.*, p.product, p.threads, list.addresses, list.labels
        FROM subscriptions sub
        CROSS JOIN LATERAL (SELECT product, threads FROM plans WHERE tenant_id = $1 AND id = sub.plan_id LIMIT 1) p
        CROSS JOIN LATERAL (
            SELECT COALESCE(array_agg(address ORDER BY position), '{}') AS addresses,
                   COALESCE(array_agg(label ORDER BY position), '{}') AS labels
            FROM allowlist_entries
            WHERE tenant_id = $1 AND subscription_id = sub.id
        ) list
        """

    private static let byID = """
        SELECT true, \(columns)
        FROM (
            SELECT \(facts)
            WHERE sub.tenant_id = $1 AND sub.id = $4 AND sub.customer_id = $2 AND sub.dialect = $3
        ) s
        \(slots)
        ORDER BY a.sequence
        """

    // Rides subscriptions_by_customer backwards, which is newest first: an id begins with the moment it was made. There
    // is a row even where there is no service, to say whether the cursor is one of theirs.
    private static let ofCustomer = """
        SELECT cursor.is_known, \(columns)
        FROM (
            SELECT $5::boolean OR EXISTS (
                SELECT FROM subscriptions WHERE tenant_id = $1 AND id = $4 AND customer_id = $2 AND dialect = $3
            ) AS is_known
        ) cursor
        LEFT JOIN LATERAL (
            SELECT \(facts)
            WHERE cursor.is_known AND sub.tenant_id = $1 AND sub.customer_id = $2 AND sub.dialect = $3
              AND sub.id < $4
              AND CASE $6 WHEN 'all' THEN true
                          ELSE (sub.ended_at IS NULL AND sub.active_until > $7) = ($6 = 'active') END
              AND ($8::text IS NULL OR p.product = $8)
            ORDER BY sub.id DESC
            LIMIT $9
        ) s ON true
        \(slots)
        ORDER BY s.id DESC, a.sequence
        """
}
