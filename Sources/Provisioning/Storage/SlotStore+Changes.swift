public import Postgres
internal import Primitives

extension SlotStore {
    /// The statements that write a group's changes, in the order in which they have to run, in one transaction.
    ///
    /// At most four; slots come before gateways, and each gateway's version grows once for the whole group. After the
    /// commit `SlotAnnouncer.slotsChanged` wakes the workers.
    public static func write(_ changes: SlotChanges) -> [Statement] {
        guard !changes.isEmpty else { return [] }
        let expiries = changes.expiries.sorted { $0.key < $1.key }.map(\.value)
        let released = changes.released.sorted { $0.key < $1.key }.map(\.value)
        var statements: [Statement] = []
        if !changes.allocated.isEmpty {
            statements.append(insertAllocations(changes.allocated, at: changes.at))
        }
        if !expiries.isEmpty { statements.append(extendAllocations(expiries)) }
        if !released.isEmpty { statements.append(releaseAllocations(released, at: changes.at)) }

        var touches = changes.allocated.map {
            SlotTouch(tenant: $0.tenant, slot: $0.slot, gateway: $0.gateway, state: .assigned)
        }
        touches += released.map {
            SlotTouch(tenant: $0.tenant, slot: $0.slot, gateway: $0.gateway, state: .draining)
        }
        for (key, expiry) in changes.expiries where changes.released[key] == nil {
            touches.append(
                SlotTouch(
                    tenant: key.tenant, slot: expiry.allocation.slot, gateway: expiry.allocation.gateway))
        }
        return statements + [touch(touches, at: changes.at)]
    }

    /// Tells the workers of other processes that desired state has changed, in a transaction of its own.
    ///
    /// Nothing is to be kept of it, so its commit does not wait for the disk while it holds the lock of all NOTIFYs.
    static func announce() -> [Statement] {
        ["SET LOCAL synchronous_commit = off", Statement(unsafeRaw: "NOTIFY \(slotsChannel)")]
    }

    /// The channel of `announce`.
    public static let slotsChannel = "tollgate_slots"

    /// Puts slots into the next version of their gateways' desired state, and into another state where one is named.
    static func touch(_ touches: [SlotTouch], at: Instant) -> Statement {
        let touches = touches.sorted { ($0.tenant, $0.slot) < ($1.tenant, $1.slot) }
        let gateways = Set(touches.map { GatewayKey($0.tenant, $0.gateway) }).sorted()
        return Statement(
            touchText,
            [
                gateways.map(\.tenant), gateways.map(\.gateway),
                touches.map(\.tenant), touches.map(\.slot), touches.map(\.gateway),
                touches.map { $0.state?.rawValue },
                at, at.milliseconds,
            ]
        )
    }

    // The gateways are locked in key order before any is counted up. A released slot takes the moment of its release
    // as its rank: least recently released is lent first, after every port that was never lent.
    private static let touchText = """
        WITH locked AS MATERIALIZED (
            SELECT gateway.tenant_id, gateway.id
            FROM unnest($1::bigint[], $2::uuid[]) AS named(tenant_id, id)
            CROSS JOIN LATERAL (
                SELECT g.tenant_id, g.id FROM gateways g
                WHERE g.tenant_id = named.tenant_id AND g.id = named.id
                FOR NO KEY UPDATE
            ) gateway
        ), bumped AS (
            UPDATE gateways g SET desired_version = g.desired_version + 1
            FROM locked WHERE g.tenant_id = locked.tenant_id AND g.id = locked.id
            RETURNING g.tenant_id, g.id, g.desired_version
        ), change AS MATERIALIZED (
            SELECT c.tenant_id, c.slot_id, c.state, bumped.desired_version
            FROM unnest($3::bigint[], $4::uuid[], $5::uuid[], $6::text[]) AS c(tenant_id, slot_id, gateway_id, state)
            JOIN bumped ON bumped.tenant_id = c.tenant_id AND bumped.id = c.gateway_id
        )
        UPDATE slots s SET
            state = COALESCE(change.state, s.state),
            revision = change.desired_version,
            state_since = CASE WHEN change.state IS NULL THEN s.state_since ELSE $7::timestamptz END,
            rank = CASE change.state WHEN 'draining' THEN $8::bigint ELSE s.rank END
        FROM change
        WHERE s.tenant_id = change.tenant_id AND s.id = change.slot_id
        """
}

/// A slot whose desired state changes; without a state it keeps the one it has.
struct SlotTouch {
    var tenant: TenantID
    var slot: SlotID
    var gateway: GatewayID
    var state: SlotState?
}
