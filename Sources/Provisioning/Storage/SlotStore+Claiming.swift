public import Postgres
internal import Primitives

/// The statements by which slots are lent and taken back.
///
/// Everybody locks in one order: allocations, then slots, then gateways, each in key order.
public enum SlotStore {}

extension SlotStore {
    /// Locks the first `count` ready slots of active gateways per tenant and network, in order of rank.
    ///
    /// Fewer rows than asked for mean: start over once with `afterRank` at its minimum, then the network is sold out.
    /// Slots that another transaction has locked are passed over. Two demands of one network are taken together.
    public static func claim(_ demands: [SlotDemand]) -> Statement {
        let demands = merged(demands)
        return Statement(
            claimText,
            [demands.map(\.tenant), demands.map(\.network), demands.map(\.count), demands.map(\.afterRank)]
        )
    }

    /// Reads what `claim` answered: by tenant, network and rank.
    public static func claimed(_ result: ResultSet) throws -> [ClaimedSlot] {
        try result.map { row in
            ClaimedSlot(
                tenant: try row.get(0), id: try row.get(1), gateway: try row.get(2), network: try row.get(3),
                port: try row.get(4), rank: try row.get(5), username: try row.get(6), secret: try row.get(7),
                secretVersion: try row.get(8)
            )
        }
    }

    // A transaction's own locks are not skipped, so one network named twice would be answered with the same slots.
    static func merged(_ demands: [SlotDemand]) -> [SlotDemand] {
        var merged: [NetworkKey: SlotDemand] = [:]
        for demand in demands where demand.count > 0 {
            let key = NetworkKey(tenant: demand.tenant, network: demand.network)
            var sum =
                merged[key] ?? SlotDemand(tenant: key.tenant, network: key.network, count: 0, afterRank: .max)
            sum.count += demand.count
            sum.afterRank = min(sum.afterRank, demand.afterRank)
            merged[key] = sum
        }
        return merged.values.sorted { ($0.tenant, $0.network) < ($1.tenant, $1.network) }
    }

    // LATERAL pins the order: demands outside, the partial index `slots_ready` inside, one row locked at a time until
    // the limit is reached. The gateway is asked by a scalar subquery because a join would let the planner turn it round.
    private static let claimText = """
        SELECT slot.tenant_id, slot.id, slot.gateway_id, slot.network_id, slot.port, slot.rank,
               slot.username, slot.secret, slot.secret_version
        FROM unnest($1::bigint[], $2::uuid[], $3::integer[], $4::bigint[])
            WITH ORDINALITY AS demand(tenant_id, network_id, wanted, after_rank, place)
        CROSS JOIN LATERAL (
            SELECT s.tenant_id, s.id, s.gateway_id, s.network_id, s.port, s.rank, s.username, s.secret, s.secret_version
            FROM slots s
            WHERE s.tenant_id = demand.tenant_id AND s.network_id = demand.network_id AND s.state = 'ready'
              AND s.rank > demand.after_rank
              AND (SELECT g.active FROM gateways g WHERE g.tenant_id = s.tenant_id AND g.id = s.gateway_id)
            ORDER BY s.rank
            LIMIT demand.wanted
            FOR UPDATE OF s SKIP LOCKED
        ) slot
        ORDER BY demand.place, slot.rank
        """
}

private struct NetworkKey: Hashable {
    let tenant: TenantID
    let network: NetworkID
}
