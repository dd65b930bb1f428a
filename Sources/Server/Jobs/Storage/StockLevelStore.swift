internal import Billing
internal import Postgres
internal import Primitives
internal import Provisioning

/// SQL of how well networks are stocked, and what was told of it.
enum StockLevelStore {
    /// The tenants that sell; of the others somebody knows.
    static func tenants(_ only: TenantID?) -> Statement {
        "SELECT id FROM tenants WHERE active AND (\(only)::bigint IS NULL OR id = \(only)) ORDER BY id"
    }

    static func tenants(_ result: ResultSet) throws -> [TenantID] { try result.map { try $0.get(0) } }

    /// A tenant's slots by state, from their indexes: a lent one has a live allocation.
    static func states(of tenant: TenantID) -> Statement {
        """
        SELECT 'ready' AS state, count(*) FROM slots WHERE tenant_id = \(tenant) AND state = 'ready'
        UNION ALL
        SELECT state, count(*) FROM slots
        WHERE tenant_id = \(tenant) AND state IN ('held', 'draining', 'quarantined') GROUP BY state
        UNION ALL
        SELECT 'assigned', count(*) FROM allocations WHERE tenant_id = \(tenant) AND released_at IS NULL
        """
    }

    static func states(_ result: ResultSet) throws -> [(state: SlotState, count: Int64)] {
        try result.map { row in
            let state: String = try row.get(0)
            guard let state = SlotState(rawValue: state) else { throw Unreadable("a slot is \(state)") }
            return (state, try row.get(1))
        }
    }

    /// A tenant's networks that sell ports one by one, by id: behind where the last batch ended, or these alone.
    static func networks(
        of tenant: TenantID, after last: NetworkID? = nil, only: [NetworkID]? = nil, limit: Int
    ) -> Statement {
        """
        SELECT n.id, n.code, offered.ports, ready.slots, n.low_stock, offered.since, told.level, told.crossing
        FROM networks n
        CROSS JOIN LATERAL (
            SELECT sum(g.last_port - g.first_port + 1)::bigint AS ports, min(g.created_at) AS since FROM gateways g
            WHERE g.tenant_id = n.tenant_id AND g.network_id = n.id AND g.active AND g.first_port IS NOT NULL
        ) offered
        CROSS JOIN LATERAL (
            SELECT count(*) AS slots FROM slots s
            WHERE s.tenant_id = n.tenant_id AND s.network_id = n.id AND s.state = 'ready'
              AND (SELECT g.active FROM gateways g WHERE g.tenant_id = s.tenant_id AND g.id = s.gateway_id)
        ) ready
        LEFT JOIN stock_levels told ON told.tenant_id = n.tenant_id AND told.network_id = n.id
        WHERE n.tenant_id = \(tenant) AND n.active AND offered.ports > 0
          AND (\(last)::uuid IS NULL OR n.id > \(last)) AND (\(only)::uuid[] IS NULL OR n.id = ANY(\(only)))
        ORDER BY n.id LIMIT \(limit)
        """
    }

    /// Each row by itself: one that cannot be read hides no other.
    static func networks(
        _ result: ResultSet
    ) throws -> [(id: NetworkID, network: Result<NetworkStock, any Error>)] {
        try result.map { row in
            let id: NetworkID = try row.get(0)
            let network = Result {
                NetworkStock(
                    network: id, code: try row.get(1), offered: try row.get(2), ready: try row.get(3),
                    lowStock: try row.get(4), offeredSince: try row.get(5), told: try told(row))
            }
            return (id, network)
        }
    }

    private static func told(_ row: Row) throws -> ToldStock? {
        guard let text = try row.get(6, as: String?.self) else { return nil }
        guard let level = StockLevel(rawValue: text) else { throw Unreadable("a stock is \(text)") }
        return ToldStock(level: level, crossing: try row.get(7))
    }

    /// Locks what was told of these networks, in key order; a network of which nothing was gets its row first.
    static func locking(_ networks: [NetworkID], of tenant: TenantID, at now: Instant) -> [Statement] {
        [
            """
            INSERT INTO stock_levels (tenant_id, network_id, level, crossing, changed_at)
            SELECT \(tenant), wanted.id, \(ToldStock.nothing.level.rawValue), \(ToldStock.nothing.crossing), \(now)
            FROM unnest(\(networks.sorted())) AS wanted (id)
            ON CONFLICT (tenant_id, network_id) DO NOTHING
            """,
            """
            SELECT 1 FROM stock_levels WHERE tenant_id = \(tenant) AND network_id = ANY(\(networks))
            ORDER BY network_id FOR UPDATE
            """,
        ]
    }

    static func updating(_ news: [StockNews], of tenant: TenantID, at now: Instant) -> Statement {
        """
        UPDATE stock_levels kept SET level = told.level, crossing = told.crossing, changed_at = \(now)
        FROM unnest(\(news.map(\.stock.network)), \(news.map(\.told.level.rawValue)), \(news.map(\.told.crossing)))
            AS told (network_id, level, crossing)
        WHERE kept.tenant_id = \(tenant) AND kept.network_id = told.network_id
        """
    }

    /// - Parameter news: what changed under the lock of `locking`, so that none of it was told before.
    static func tell(
        _ news: [StockNews], of tenant: TenantID, at time: TenantTime, _ ids: any IdentifierSource
    ) -> Statement {
        """
        INSERT INTO outbox_events (tenant_id, id, kind, customer_id, payload, once, recorded_at)
        SELECT \(tenant), told.id, told.kind, NULL, told.payload, told.once, \(time.now)
        FROM unnest(
            \(news.map { _ in ids.next(at: time.real, of: CommandSubject.self) })::uuid[],
            \(news.map(\.kind))::text[],
            \(news.map { JSONB(String(decoding: $0.payload.encoded(), as: UTF8.self)) })::jsonb[],
            \(news.map(\.once))::text[]) AS told (id, kind, payload, once)
        """
    }
}
