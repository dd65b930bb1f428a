public import Postgres
internal import Primitives

extension SlotStore {
    /// The statements that write a group's changes, in the order in which they have to run, in one transaction.
    ///
    /// At most six; slots come before gateways, and each gateway's version grows once for the whole group. After the
    /// commit `SlotAnnouncer.slotsChanged` wakes the workers.
    public static func write(_ changes: SlotChanges) -> [Statement] {
        guard !changes.isEmpty else { return [] }
        let expiries = changes.expiries.sorted { $0.key < $1.key }.map(\.value)
        let released = changes.released.sorted { $0.key < $1.key }.map(\.value)
        var statements: [Statement] = []
        if !changes.allocated.isEmpty {
            statements.append(insertAllocations(changes.allocated, at: changes.at))
        }
        let given = changes.allocated.compactMap(\.credentials)
        if !given.isEmpty { statements.append(renew(given, at: changes.at)) }
        if !expiries.isEmpty { statements.append(extendAllocations(expiries)) }
        let agreed = changes.agreed.sorted { $0.key < $1.key }.map(\.value)
        if !agreed.isEmpty { statements.append(agree(agreed, at: changes.at)) }
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
                    tenant: key.owner.tenant, slot: expiry.allocation.slot, gateway: expiry.allocation.gateway
                ))
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
        let places = Dictionary(uniqueKeysWithValues: zip(gateways, Int32(1)...))
        return Statement(
            touchText,
            [
                gateways.map(\.tenant), gateways.map(\.gateway),
                touches.map(\.tenant), touches.map(\.slot),
                touches.map { places[GatewayKey($0.tenant, $0.gateway)]! },
                touches.map { $0.state?.rawValue },
                at, at.milliseconds,
            ]
        )
    }

    // The gateways are locked in key order before any is counted up. Each touch names its gateway by its place in that
    // order and finds the new version there: a join of the two lists would be planned as touches times gateways. Were
    // a gateway missing, the places would be off; then there is no version, which the column refuses. A released slot
    // takes the moment of its release as its rank: least recently released is lent first, after every port that was
    // never lent. A lent slot keeps the version that its gateway must have for it to have been delivered.
    private static let touchText = """
        WITH locked AS MATERIALIZED (
            SELECT gateway.tenant_id, gateway.id, named.place
            FROM unnest($1::bigint[], $2::uuid[]) WITH ORDINALITY AS named(tenant_id, id, place)
            CROSS JOIN LATERAL (
                SELECT g.tenant_id, g.id FROM gateways g
                WHERE g.tenant_id = named.tenant_id AND g.id = named.id
                FOR NO KEY UPDATE
            ) gateway
        ), bumped AS (
            UPDATE gateways g SET desired_version = g.desired_version + 1
            FROM locked WHERE g.tenant_id = locked.tenant_id AND g.id = locked.id
            RETURNING locked.place, g.desired_version
        ), versions AS MATERIALIZED (
            SELECT array_agg(bumped.desired_version ORDER BY bumped.place) AS list FROM bumped
        ), change AS MATERIALIZED (
            SELECT c.tenant_id, c.slot_id, c.state,
                   CASE WHEN cardinality(versions.list) = cardinality($1) THEN versions.list[c.place] END AS version
            FROM versions
            CROSS JOIN unnest($3::bigint[], $4::uuid[], $5::integer[], $6::text[]) AS c(tenant_id, slot_id, place, state)
        )
        UPDATE slots s SET
            state = COALESCE(change.state, s.state),
            revision = change.version,
            lent_revision = CASE change.state WHEN 'assigned' THEN change.version ELSE s.lent_revision END,
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
