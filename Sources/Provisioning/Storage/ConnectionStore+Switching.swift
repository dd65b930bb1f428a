internal import Postgres
internal import Primitives

extension ConnectionStore {
    /// A network that a connection may be moved to, as far as its refusals need it.
    struct Target {
        var isActive: Bool
        var isOfSameType: Bool
    }

    /// Looks a network up; `nil` where the tenant has none of this id.
    static func target(
        _ tenant: TenantID, _ network: NetworkID, from current: NetworkID, _ transaction: Transaction
    ) throws -> Target? {
        try transaction.query(Statement(targetText, [tenant, network, current])).first.map { row in
            Target(isActive: try row.get(0), isOfSameType: try row.get(1))
        }
    }

    private static let targetText = """
        SELECT n.active, n.type = (SELECT c.type FROM networks c WHERE c.tenant_id = $1 AND c.id = $3)
        FROM networks n WHERE n.tenant_id = $1 AND n.id = $2
        """

    /// Locks a ready slot with this port number, on any active gateway of the network.
    static func claimPort(_ port: Int32, _ tenant: TenantID, _ network: NetworkID) -> Statement {
        Statement(claimPortText, [tenant, network, port, SlotState.ready.rawValue])
    }

    // Few gateways outside, one look by (gateway, port) for each inside. The state is bound: as a literal it would let a
    // plan walk over all ready slots instead.
    private static let claimPortText = """
        SELECT slot.tenant_id, slot.id, slot.gateway_id, slot.network_id, slot.port, slot.rank,
               slot.username, slot.secret, slot.secret_version
        FROM gateways g
        CROSS JOIN LATERAL (
            SELECT s.tenant_id, s.id, s.gateway_id, s.network_id, s.port, s.rank, s.username, s.secret, s.secret_version
            FROM slots s
            WHERE s.tenant_id = g.tenant_id AND s.gateway_id = g.id AND s.port = $3 AND s.state = $4
            ORDER BY s.port
            FOR UPDATE OF s SKIP LOCKED
        ) slot
        WHERE g.tenant_id = $1 AND g.network_id = $2 AND g.active
        LIMIT 1
        """

    /// Moves a live allocation to another slot and writes its past beside it.
    static func move(_ connection: LockedConnection, to slot: ClaimedSlot, at: Instant) -> [Statement] {
        let allocation = connection.allocation
        let key: [any Bindable] = [allocation.tenant, allocation.subscription, allocation.sequence]
        return [
            Statement(moveText, key + [slot.id, slot.gateway, at]),
            Statement(pastText, key + [allocation.slot, allocation.gateway, connection.allocatedAt, at]),
        ]
    }

    // The row was locked and is live; to say so again would let a plan walk over all live allocations.
    private static let moveText = """
        UPDATE allocations SET slot_id = $4, gateway_id = $5, sequence = sequence + 1, allocated_at = $6
        WHERE tenant_id = $1 AND subscription_id = $2 AND sequence = $3
        """

    private static let pastText = """
        INSERT INTO allocations (tenant_id, subscription_id, sequence, slot_id, gateway_id, rotation_minutes,
                                 rotation_choices, rotated_at, expires_at, allocated_at, released_at)
        SELECT a.tenant_id, a.subscription_id, $3, $4, $5, a.rotation_minutes,
               a.rotation_choices, a.rotated_at, a.expires_at, $6, $7
        FROM allocations a
        WHERE a.tenant_id = $1 AND a.subscription_id = $2 AND a.sequence = $3 + 1
        """
}
