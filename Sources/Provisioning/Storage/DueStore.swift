internal import Postgres
internal import Primitives

/// What a tenant has that is due.
struct DueTenant: Sendable {
    var tenant: TenantID
    var graceMilliseconds: Int64
    var hasExpired: Bool
    var hasRested: Bool
    var hasRotation: Bool
}

/// Finds what time has made due.
enum DueStore {
    /// The tenants with anything due: the worker's candidate query, a few index probes per tenant.
    static func tenants(at now: Instant, restedSince: Instant) -> Statement {
        Statement(tenantsText, [now, restedSince])
    }

    static func tenants(_ result: ResultSet) throws -> [DueTenant] {
        try result.map { row in
            DueTenant(
                tenant: try row.get(0), graceMilliseconds: try row.get(1), hasExpired: try row.get(2),
                hasRested: try row.get(3), hasRotation: try row.get(4)
            )
        }
    }

    // A grace beyond ten years would overflow an interval; nobody waits that long for a port.
    private static let tenantsText = """
        SELECT t.id, LEAST(t.grace_ms, 315360000000), due.expired, due.rested, due.rotating
        FROM tenants t
        CROSS JOIN LATERAL (
            SELECT EXISTS (
                       SELECT FROM allocations a WHERE a.tenant_id = t.id AND a.released_at IS NULL
                       AND a.expires_at <= $1::timestamptz
                                           - LEAST(t.grace_ms, 315360000000) * interval '1 millisecond') AS expired,
                   EXISTS (
                       SELECT FROM slots s WHERE s.tenant_id = t.id AND s.state = 'quarantined'
                       AND s.state_since <= $2::timestamptz) AS rested,
                   EXISTS (
                       SELECT FROM allocations a WHERE a.tenant_id = t.id AND a.released_at IS NULL
                       AND a.rotates_at <= $1::timestamptz) AS rotating
        ) due
        WHERE due.expired OR due.rested OR due.rotating
        ORDER BY t.id
        """

    /// The subscriptions of a tenant whose allocations ended at or before `end`, with their slots.
    static func expired(_ tenant: TenantID, end: Instant, except parked: [SlotID], limit: Int) -> Statement {
        Statement(expiredText, [tenant, end, parked, limit])
    }

    private static let expiredText = """
        SELECT a.subscription_id, a.slot_id FROM allocations a
        WHERE a.tenant_id = $1 AND a.released_at IS NULL AND a.expires_at <= $2 AND a.slot_id <> ALL($3::uuid[])
        ORDER BY a.expires_at
        LIMIT $4
        """

    /// Locks those of the subscriptions that are still expired; one that is being renewed is locked, and passed over.
    static func lockExpired(_ tenant: TenantID, _ subscriptions: [SubscriptionID], end: Instant) -> Statement
    {
        Statement(lockExpiredText, [tenant, subscriptions.sorted(), end])
    }

    static func locked(_ result: ResultSet, tenant: TenantID) throws -> [LiveAllocation] {
        try result.map { row in
            LiveAllocation(
                tenant: tenant, subscription: try row.get(0), sequence: try row.get(1), slot: try row.get(2),
                gateway: try row.get(3), network: try row.get(5), expiresAt: try row.get(4)
            )
        }
    }

    private static let lockExpiredText = """
        SELECT a.subscription_id, a.sequence, a.slot_id, a.gateway_id, a.expires_at,
               (SELECT g.network_id FROM gateways g WHERE g.tenant_id = a.tenant_id AND g.id = a.gateway_id)
        FROM allocations a
        WHERE a.tenant_id = $1 AND a.subscription_id = ANY($2::uuid[]) AND a.released_at IS NULL AND a.expires_at <= $3
        ORDER BY a.subscription_id
        FOR UPDATE OF a SKIP LOCKED
        """

    /// Takes rotations that are due, so that no other worker does: they come back after the lease unless done.
    static func takeRotations(_ tenant: TenantID, at now: Instant, lease: Instant, limit: Int) -> Statement {
        Statement(takeRotationsText, [tenant, now, lease, limit])
    }

    static func rotations(_ result: ResultSet, tenant: TenantID) throws -> [DueRotation] {
        try result.map { row in
            DueRotation(
                tenant: tenant, subscription: try row.get(0), slot: try row.get(1), gateway: try row.get(2)
            )
        }
    }

    private static let takeRotationsText = """
        WITH due AS MATERIALIZED (
            SELECT a.subscription_id, a.sequence FROM allocations a
            WHERE a.tenant_id = $1 AND a.released_at IS NULL AND a.rotates_at <= $2 AND a.expires_at > $2
            ORDER BY a.rotates_at
            LIMIT $4
            FOR UPDATE OF a SKIP LOCKED
        )
        UPDATE allocations a SET rotates_at = $3 FROM due
        WHERE a.tenant_id = $1 AND a.subscription_id = due.subscription_id AND a.sequence = due.sequence
        RETURNING a.subscription_id, a.slot_id, a.gateway_id
        """

    /// Records rotations that were done, and when the next ones are due.
    static func rotated(_ rotations: [DueRotation], tenant: TenantID, at: Instant) -> Statement {
        Statement(rotatedText, [tenant, rotations.map(\.subscription), rotations.map(\.slot), at])
    }

    private static let rotatedText = """
        UPDATE allocations a SET rotated_at = $4,
            rotates_at = CASE WHEN a.rotation_minutes > 0
                              THEN $4::timestamptz + a.rotation_minutes * interval '1 minute' END
        FROM unnest($2::uuid[], $3::uuid[]) AS done(subscription_id, slot_id)
        WHERE a.tenant_id = $1 AND a.subscription_id = done.subscription_id AND a.slot_id = done.slot_id
          AND a.released_at IS NULL
        """
}

/// A connection whose exit is to change now.
struct DueRotation: Sendable {
    var tenant: TenantID
    var subscription: SubscriptionID
    var slot: SlotID
    var gateway: GatewayID
}
