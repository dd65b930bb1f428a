public import Postgres
public import Primitives

extension SlotStore {
    /// Counts the ready slots of active gateways per tenant and network, each demand's `count` at most; locks nothing.
    ///
    /// A claim passes over what others have locked: only this says that nothing is left. `afterRank` is not looked at.
    public static func readyCount(_ demands: [SlotDemand]) -> Statement {
        let demands = merged(demands)
        return Statement(
            readyCountText, [demands.map(\.tenant), demands.map(\.network), demands.map(\.count)])
    }

    /// Reads what `readyCount` answered: one entry per tenant and network, 0 where nothing is ready.
    public static func readyCounts(_ result: ResultSet) throws -> [(TenantID, NetworkID, Int32)] {
        try result.map { (try $0.get(0), try $0.get(1), try $0.get(2)) }
    }

    // The limit keeps the count from walking over a large stock; see `claimText` for the form.
    private static let readyCountText = """
        SELECT demand.tenant_id, demand.network_id, counted.ready
        FROM unnest($1::bigint[], $2::uuid[], $3::integer[])
            WITH ORDINALITY AS demand(tenant_id, network_id, wanted, place)
        CROSS JOIN LATERAL (
            SELECT count(*)::integer AS ready
            FROM (
                SELECT 1 FROM slots s
                WHERE s.tenant_id = demand.tenant_id AND s.network_id = demand.network_id AND s.state = 'ready'
                  AND (SELECT g.active FROM gateways g WHERE g.tenant_id = s.tenant_id AND g.id = s.gateway_id)
                ORDER BY s.rank
                LIMIT demand.wanted
            ) slot
        ) counted
        ORDER BY demand.place
        """
}
