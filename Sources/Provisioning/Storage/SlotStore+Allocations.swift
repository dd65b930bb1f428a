public import Postgres
public import Primitives

extension SlotStore {
    /// Locks the live allocations of each subscription, in key order; a subscription without any has no row.
    ///
    /// Whoever waited for a `switch-network` finds the new slot, for the live row moves in place.
    public static func lockAllocations(_ subscriptions: [(TenantID, SubscriptionID)]) -> Statement {
        let keys = Set(subscriptions.map { SubscriptionKey($0.0, $0.1) }).sorted()
        return Statement(lockText, [keys.map(\.tenant), keys.map(\.subscription)])
    }

    /// Reads what `lockAllocations` answered, by tenant, subscription and place.
    public static func liveAllocations(_ result: ResultSet) throws -> [LiveAllocation] {
        try result.map { row in
            LiveAllocation(
                tenant: try row.get(0), subscription: try row.get(1), sequence: try row.get(2),
                slot: try row.get(3), gateway: try row.get(4), network: try row.get(6),
                expiresAt: try row.get(5)
            )
        }
    }

    // That an allocation is live is said in a way that names no partial index: one could be walked over as a whole.
    private static let lockText = """
        SELECT live.tenant_id, live.subscription_id, live.sequence, live.slot_id, live.gateway_id, live.expires_at,
               (SELECT s.network_id FROM slots s WHERE s.tenant_id = live.tenant_id AND s.id = live.slot_id)
        FROM unnest($1::bigint[], $2::uuid[]) WITH ORDINALITY AS wanted(tenant_id, subscription_id, place)
        CROSS JOIN LATERAL (
            SELECT a.tenant_id, a.subscription_id, a.sequence, a.slot_id, a.gateway_id, a.expires_at
            FROM allocations a
            WHERE a.tenant_id = wanted.tenant_id AND a.subscription_id = wanted.subscription_id
              AND COALESCE(a.released_at, 'infinity') = 'infinity'
            ORDER BY a.sequence
            FOR UPDATE OF a
        ) live
        ORDER BY wanted.place, live.sequence
        """

    static func insertAllocations(_ allocations: [NewAllocation], at: Instant) -> Statement {
        Statement(
            insertText,
            [
                allocations.map(\.tenant), allocations.map(\.subscription), allocations.map(\.sequence),
                allocations.map(\.slot), allocations.map(\.gateway), allocations.map(\.rotationMinutes),
                allocations.map { "{" + $0.rotationChoices.map(String.init).joined(separator: ",") + "}" },
                allocations.map(\.expiresAt), at,
            ]
        )
    }

    // An array of arrays would have to be rectangular, so each row's choices travel as the text of an array.
    private static let insertText = """
        INSERT INTO allocations (tenant_id, subscription_id, sequence, slot_id, gateway_id, rotation_minutes,
                                 rotation_choices, rotates_at, expires_at, allocated_at)
        SELECT n.tenant_id, n.subscription_id, n.sequence, n.slot_id, n.gateway_id, n.rotation_minutes,
               n.rotation_choices::integer[],
               CASE WHEN n.rotation_minutes > 0 THEN $9::timestamptz + n.rotation_minutes * interval '1 minute' END,
               n.expires_at, $9::timestamptz
        FROM unnest($1::bigint[], $2::uuid[], $3::integer[], $4::uuid[], $5::uuid[], $6::integer[], $7::text[],
                    $8::timestamptz[])
            AS n(tenant_id, subscription_id, sequence, slot_id, gateway_id, rotation_minutes, rotation_choices, expires_at)
        """

    static func extendAllocations(_ expiries: [(allocation: LiveAllocation, expiresAt: Instant)]) -> Statement
    {
        Statement(
            extendText,
            [
                expiries.map(\.allocation.tenant), expiries.map(\.allocation.subscription),
                expiries.map(\.allocation.sequence), expiries.map(\.expiresAt),
            ]
        )
    }

    private static let extendText = """
        UPDATE allocations a SET expires_at = e.expires_at
        FROM unnest($1::bigint[], $2::uuid[], $3::integer[], $4::timestamptz[])
            AS e(tenant_id, subscription_id, sequence, expires_at)
        WHERE a.tenant_id = e.tenant_id AND a.subscription_id = e.subscription_id AND a.sequence = e.sequence
        """

    static func agree(_ agreements: [RotationAgreement], at now: Instant) -> Statement {
        Statement(
            agreeText,
            [
                agreements.map(\.allocation.tenant), agreements.map(\.allocation.subscription),
                agreements.map(\.allocation.sequence),
                agreements.map { "{" + $0.choices.map(String.init).joined(separator: ",") + "}" },
                agreements.map(\.minutes), now,
            ])
    }

    // What a rotation is kept as it goes on at the moments that it had.
    private static let agreeText = """
        UPDATE allocations a SET rotation_choices = e.choices, rotation_minutes = e.minutes,
            rotates_at = CASE WHEN e.minutes = a.rotation_minutes THEN a.rotates_at
                              WHEN e.minutes > 0 THEN $6::timestamptz + e.minutes * interval '1 minute' END
        FROM (
            SELECT live.tenant_id, live.subscription_id, live.sequence, n.choices::integer[] AS choices,
                   COALESCE(n.minutes, CASE WHEN live.rotation_minutes = ANY (n.choices::integer[])
                                            THEN live.rotation_minutes ELSE 0 END) AS minutes
            FROM unnest($1::bigint[], $2::uuid[], $3::integer[], $4::text[], $5::integer[])
                AS n(tenant_id, subscription_id, sequence, choices, minutes)
            CROSS JOIN LATERAL (
                SELECT tenant_id, subscription_id, sequence, rotation_minutes FROM allocations
                WHERE tenant_id = n.tenant_id AND subscription_id = n.subscription_id AND sequence = n.sequence
                LIMIT 1
            ) live
        ) e
        WHERE a.tenant_id = e.tenant_id AND a.subscription_id = e.subscription_id AND a.sequence = e.sequence
        """

    static func releaseAllocations(_ allocations: [LiveAllocation], at: Instant) -> Statement {
        Statement(
            releaseText,
            [allocations.map(\.tenant), allocations.map(\.subscription), allocations.map(\.sequence), at]
        )
    }

    private static let releaseText = """
        UPDATE allocations a SET released_at = $4
        FROM unnest($1::bigint[], $2::uuid[], $3::integer[]) AS r(tenant_id, subscription_id, sequence)
        WHERE a.tenant_id = r.tenant_id AND a.subscription_id = r.subscription_id AND a.sequence = r.sequence
        """
}
