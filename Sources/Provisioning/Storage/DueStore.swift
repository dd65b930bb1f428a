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
    /// The tenants with anything due by their own clocks: the worker's candidate query, a few index probes per tenant.
    ///
    /// - Parameters: both by the real clock.
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

    // A grace beyond ten years would overflow an interval; nobody waits that long for a port. Each probe is the first
    // row of an index: an EXISTS may be planned as a hash of every tenant's rows instead.
    private static let tenantsText = """
        SELECT t.id, t.grace_ms,
               t.expires_at <= $1::timestamptz + t.ahead - t.grace_ms * interval '1 millisecond',
               t.rests_since <= $2::timestamptz + t.ahead, t.rotates_at <= $1::timestamptz + t.ahead
        FROM (
            SELECT id, LEAST(grace_ms, 315360000000) AS grace_ms,
                   clock_ahead_ms * interval '1 millisecond' AS ahead,
                   COALESCE((SELECT a.expires_at FROM allocations a
                             WHERE a.tenant_id = tenants.id AND a.released_at IS NULL
                             ORDER BY a.expires_at LIMIT 1), 'infinity') AS expires_at,
                   COALESCE((SELECT s.state_since FROM slots s
                             WHERE s.tenant_id = tenants.id AND s.state = 'quarantined'
                             ORDER BY s.state_since LIMIT 1), 'infinity') AS rests_since,
                   COALESCE((SELECT a.rotates_at FROM allocations a
                             WHERE a.tenant_id = tenants.id AND a.released_at IS NULL AND a.rotates_at IS NOT NULL
                             ORDER BY a.rotates_at LIMIT 1), 'infinity') AS rotates_at
            FROM tenants
            OFFSET 0
        ) t
        WHERE t.expires_at <= $1::timestamptz + t.ahead - t.grace_ms * interval '1 millisecond'
           OR t.rests_since <= $2::timestamptz + t.ahead OR t.rotates_at <= $1::timestamptz + t.ahead
        ORDER BY t.id
        """

    /// The subscriptions of a tenant whose allocations ended at or before `end`, behind where the last batch ended.
    static func expired(
        _ tenant: TenantID, end: Instant, after cursor: ExpiryCursor = .start, except parked: [SlotID] = [],
        limit: Int
    ) -> Statement {
        Statement(
            expiredText, [tenant, end, cursor.expiresAt, cursor.subscription, parked, limit])
    }

    static func expired(_ result: ResultSet) throws -> [ExpiredAllocation] {
        try result.map {
            ExpiredAllocation(
                subscription: try $0.get(0), slot: try $0.get(1), expiresAt: try $0.get(2))
        }
    }

    private static let expiredText = """
        SELECT a.subscription_id, a.slot_id, a.expires_at FROM allocations a
        WHERE a.tenant_id = $1 AND a.released_at IS NULL AND a.expires_at <= $2
          AND (a.expires_at, a.subscription_id) > ($3::timestamptz, $4::uuid) AND a.slot_id <> ALL($5::uuid[])
        ORDER BY a.expires_at, a.subscription_id
        LIMIT $6
        """

    /// Locks what those of the subscriptions hold that are still expired; one that is being renewed is locked, and
    /// passed over.
    static func lockExpired(_ tenant: TenantID, _ subscriptions: [SubscriptionID], end: Instant) -> Statement
    {
        Statement(lockExpiredText, [tenant, Set(subscriptions).sorted(), end])
    }

    /// The allocations of the subscriptions that are locked as a whole: nobody loses one slot and keeps another.
    static func locked(_ result: ResultSet, tenant: TenantID) throws -> [LiveAllocation] {
        let rows = try result.map { row in
            let allocation = LiveAllocation(
                tenant: tenant, subscription: try row.get(0), sequence: try row.get(1), slot: try row.get(2),
                gateway: try row.get(3), network: try row.get(5), expiresAt: try row.get(4)
            )
            return (allocation: allocation, expired: try row.get(6, as: Int.self))
        }
        let locked = Dictionary(grouping: rows, by: \.allocation.subscription).mapValues(\.count)
        return rows.filter { locked[$0.allocation.subscription] == $0.expired }.map(\.allocation)
    }

    // As in `lockAllocations`, no partial index is named.
    private static let lockExpiredText = """
        SELECT a.subscription_id, a.sequence, a.slot_id, a.gateway_id, a.expires_at,
               (SELECT g.network_id FROM gateways g WHERE g.tenant_id = $1 AND g.id = a.gateway_id),
               (SELECT count(*) FROM allocations
                WHERE tenant_id = $1 AND subscription_id = a.subscription_id
                  AND COALESCE(released_at, 'infinity') = 'infinity' AND expires_at <= $3)
        FROM unnest($2::uuid[]) WITH ORDINALITY AS ended(subscription_id, place)
        CROSS JOIN LATERAL (
            SELECT * FROM allocations
            WHERE tenant_id = $1 AND subscription_id = ended.subscription_id
              AND COALESCE(released_at, 'infinity') = 'infinity' AND expires_at <= $3
            ORDER BY sequence
            FOR UPDATE SKIP LOCKED
        ) a
        ORDER BY ended.place, a.sequence
        """

    /// Takes rotations that are due, so that no other worker does: they come back after the lease unless done.
    static func takeRotations(_ tenant: TenantID, at now: Instant, lease: Instant, limit: Int) -> Statement {
        Statement(takeRotationsText, [tenant, now, lease, limit])
    }

    static func rotations(_ result: ResultSet, tenant: TenantID) throws -> [DueRotation] {
        try result.map { row in
            DueRotation(
                tenant: tenant, subscription: try row.get(0), sequence: try row.get(1), slot: try row.get(2),
                gateway: try row.get(3)
            )
        }
    }

    private static let takeRotationsText = """
        WITH due AS MATERIALIZED (
            SELECT a.tenant_id, a.subscription_id, a.sequence FROM allocations a
            WHERE a.tenant_id = $1 AND a.released_at IS NULL AND a.rotates_at <= $2 AND a.expires_at > $2
            ORDER BY a.rotates_at
            LIMIT $4
            FOR UPDATE OF a SKIP LOCKED
        )
        UPDATE allocations a SET rotates_at = $3 FROM due
        WHERE a.tenant_id = due.tenant_id AND a.subscription_id = due.subscription_id AND a.sequence = due.sequence
        RETURNING a.subscription_id, a.sequence, a.slot_id, a.gateway_id
        """

    /// Records rotations that were done, and when the next ones are due.
    static func rotated(_ rotations: [DueRotation], tenant: TenantID, at: Instant) -> Statement {
        Statement(
            rotatedText,
            [
                rotations.map { _ in tenant }, rotations.map(\.subscription), rotations.map(\.sequence),
                rotations.map(\.slot), at,
            ]
        )
    }

    // An allocation that has moved on to another slot since, or ended, is left. That it is live is said in a way that
    // names no partial index, and each row brings its tenant: either would let a plan walk over all live allocations.
    private static let rotatedText = """
        UPDATE allocations a SET rotated_at = $5,
            rotates_at = CASE WHEN a.rotation_minutes > 0
                              THEN $5::timestamptz + a.rotation_minutes * interval '1 minute' END
        FROM unnest($1::bigint[], $2::uuid[], $3::integer[], $4::uuid[])
            AS done(tenant_id, subscription_id, sequence, slot_id)
        WHERE a.tenant_id = done.tenant_id AND a.subscription_id = done.subscription_id
          AND a.sequence = done.sequence AND a.slot_id = done.slot_id
          AND COALESCE(a.released_at, 'infinity') = 'infinity'
        """
}

/// A connection whose exit is to change now.
struct DueRotation: Sendable {
    var tenant: TenantID
    var subscription: SubscriptionID
    var sequence: Int32
    var slot: SlotID
    var gateway: GatewayID
}

/// A live allocation whose time and grace are over.
struct ExpiredAllocation: Sendable {
    let subscription: SubscriptionID
    let slot: SlotID
    let expiresAt: Instant
}

/// Where a batch of them ended, in the order of the index; the slots of one subscription share its place.
struct ExpiryCursor: Sendable {
    let expiresAt: Instant
    let subscription: SubscriptionID

    static let start = ExpiryCursor(
        expiresAt: Instant(milliseconds: -1), subscription: SubscriptionID(bits: .zero))

    private init(expiresAt: Instant, subscription: SubscriptionID) {
        self.expiresAt = expiresAt
        self.subscription = subscription
    }

    /// Behind the last of a batch.
    init(_ last: ExpiredAllocation) {
        self.init(expiresAt: last.expiresAt, subscription: last.subscription)
    }
}
