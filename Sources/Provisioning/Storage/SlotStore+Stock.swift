internal import Postgres
internal import Primitives

/// A slot made for a port that had none.
struct NewSlot {
    var id: SlotID
    var port: Int32
    var username: String
    var sealedSecret: [UInt8]
}

extension SlotStore {
    /// The ports of a range that have no slot yet, in order, without those that the gateway needs for itself.
    static func missingPorts(
        _ gateway: GatewayKey, _ ports: ClosedRange<Int32>, except reserved: [Int32]
    ) -> Statement {
        Statement(
            missingText, [gateway.tenant, gateway.gateway, ports.lowerBound, ports.upperBound, reserved]
        )
    }

    // In the order of ports, so that the index of ports alone is read.
    private static let missingText = """
        SELECT offered.port
        FROM generate_series($3::integer, $4::integer) AS offered(port)
        WHERE offered.port <> ALL($5::integer[])
        EXCEPT
        (SELECT s.port FROM slots s WHERE s.tenant_id = $1 AND s.gateway_id = $2 ORDER BY s.port)
        ORDER BY port
        """

    /// Inserts slots as `held`, in the next version of an active gateway; a port that got its slot meanwhile is left.
    static func insert(_ slots: [NewSlot], _ gateway: GatewayKey, at: Instant) -> Statement {
        Statement(
            insertSlotsText,
            [
                gateway.tenant, gateway.gateway, slots.map(\.id), slots.map(\.port), slots.map(\.username),
                slots.map(\.sealedSecret), at,
            ]
        )
    }

    // A new port's rank is its number: ports that were never lent come first, and gateways of one network take turns.
    private static let insertSlotsText = """
        WITH bumped AS (
            UPDATE gateways g SET desired_version = g.desired_version + 1
            WHERE g.tenant_id = $1 AND g.id = $2 AND g.active
            RETURNING g.network_id, g.desired_version
        )
        INSERT INTO slots (tenant_id, id, gateway_id, network_id, port, state, rank, username, secret,
                           secret_version, secret_since, revision, state_since)
        SELECT $1, n.id, $2, bumped.network_id, n.port, 'held', n.port, n.username, n.secret,
               1, $7, bumped.desired_version, $7
        FROM bumped
        CROSS JOIN unnest($3::uuid[], $4::integer[], $5::text[], $6::bytea[]) AS n(id, port, username, secret)
        ON CONFLICT (tenant_id, gateway_id, port) DO NOTHING
        """

    /// Locks slots at rest or for sale whose ports are not offered any more.
    static func lockUnoffered(
        _ gateway: GatewayKey, _ ports: ClosedRange<Int32>, except reserved: [Int32], limit: Int
    ) -> Statement {
        Statement(
            unofferedText,
            [gateway.tenant, gateway.gateway, ports.lowerBound, ports.upperBound, reserved, limit]
        )
    }

    // Three looks into the index of ports: a single condition would be asked of every slot that the gateway has.
    private static let unofferedText = """
        WITH unoffered AS MATERIALIZED (
            SELECT s.id FROM slots s WHERE s.tenant_id = $1 AND s.gateway_id = $2 AND s.port < $3
            UNION ALL
            SELECT s.id FROM slots s WHERE s.tenant_id = $1 AND s.gateway_id = $2 AND s.port > $4
            UNION ALL
            SELECT s.id FROM unnest($5::integer[]) AS reserved(port)
            JOIN slots s ON s.tenant_id = $1 AND s.gateway_id = $2 AND s.port = reserved.port
        )
        SELECT slot.id FROM unoffered
        CROSS JOIN LATERAL (
            SELECT s.id FROM slots s
            WHERE s.tenant_id = $1 AND s.id = unoffered.id AND s.state IN ('held', 'ready', 'quarantined')
            LIMIT 1
            FOR UPDATE OF s SKIP LOCKED
        ) slot
        LIMIT $6
        """

    /// The retired slots whose ports are offered again.
    static func offeredAgain(
        _ gateway: GatewayKey, _ ports: ClosedRange<Int32>, except reserved: [Int32], limit: Int
    ) -> Statement {
        Statement(
            offeredAgainText,
            [gateway.tenant, gateway.gateway, ports.lowerBound, ports.upperBound, reserved, limit]
        )
    }

    private static let offeredAgainText = """
        SELECT s.id FROM slots s
        WHERE s.tenant_id = $1 AND s.gateway_id = $2 AND s.state = 'retired'
          AND s.port BETWEEN $3 AND $4 AND s.port <> ALL($5::integer[])
        ORDER BY s.port
        LIMIT $6
        """

    /// Takes the slots of a gateway that is not active off sale. Its desired state does not change: they stay blocked.
    static func withdraw(_ gateway: GatewayKey, at: Instant) -> Statement {
        Statement(withdrawText, [gateway.tenant, gateway.gateway, at])
    }

    private static let withdrawText = """
        UPDATE slots s SET state = 'held', state_since = $3
        WHERE s.tenant_id = $1 AND s.gateway_id = $2 AND s.state = 'ready'
          AND NOT (SELECT g.active FROM gateways g WHERE g.tenant_id = $1 AND g.id = $2)
        """
}
