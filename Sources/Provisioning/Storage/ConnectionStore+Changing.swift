internal import Postgres
internal import Primitives

/// A live allocation with its slot, as the current transaction has locked it.
struct LockedConnection {
    var allocation: LiveAllocation
    var rotationChoices: [Int32]
    var rotatedAt: Instant?
    var allocatedAt: Instant
    var port: Int32
    var username: String
    var sealedSecret: [UInt8]
    var secretVersion: Int32
    var secretSince: Instant
}

extension ConnectionStore {
    /// Locks a subscription's live allocations and reads them with their slots, by place; none where it has none or its
    /// time is over.
    static func lock(
        _ tenant: TenantID, _ subscription: SubscriptionID, _ transaction: Transaction
    ) throws -> [LockedConnection] {
        // Two statements: a join that waited for the lock would look for the slot that the row named before.
        let results = try transaction.pipeline([
            SlotStore.lockAllocations([(tenant, subscription)]),
            Statement(lockedText, [tenant, subscription]),
        ])
        return try results[1].map { try connection($0, tenant, subscription) }
            .filter { transaction.now < $0.allocation.expiresAt }
    }

    private static func connection(
        _ row: Row, _ tenant: TenantID, _ subscription: SubscriptionID
    ) throws -> LockedConnection {
        LockedConnection(
            allocation: LiveAllocation(
                tenant: tenant, subscription: subscription, sequence: try row.get(0), slot: try row.get(1),
                gateway: try row.get(2), network: try row.get(7), expiresAt: try row.get(3)),
            rotationChoices: try row.get(4), rotatedAt: try row.get(5),
            allocatedAt: try row.get(6), port: try row.get(8), username: try row.get(9),
            sealedSecret: try row.get(10), secretVersion: try row.get(11), secretSince: try row.get(12)
        )
    }

    private static let lockedText = """
        SELECT a.sequence, a.slot_id, a.gateway_id, a.expires_at, a.rotation_choices, a.rotated_at, a.allocated_at,
               s.network_id, s.port, s.username, s.secret, s.secret_version, s.secret_since
        FROM (
            SELECT * FROM allocations
            WHERE tenant_id = $1 AND subscription_id = $2 AND COALESCE(released_at, 'infinity') = 'infinity'
            ORDER BY sequence
        ) a
        CROSS JOIN LATERAL (SELECT * FROM slots WHERE tenant_id = $1 AND id = a.slot_id LIMIT 1) s
        ORDER BY a.sequence
        """

    /// Keeps the credentials that are about to be replaced.
    static func remember(_ connection: LockedConnection, until: Instant) -> Statement {
        Statement(
            rememberText,
            [
                connection.allocation.tenant, connection.allocation.slot, connection.secretVersion,
                connection.username, connection.sealedSecret, connection.secretSince, until,
            ]
        )
    }

    private static let rememberText = """
        INSERT INTO credential_history (tenant_id, slot_id, version, username, secret, valid_from, valid_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """

    /// Gives a slot other credentials.
    static func setCredentials(
        tenant: TenantID, slot: SlotID, username: String, secret: [UInt8], version: Int32, since: Instant
    ) -> Statement {
        Statement(setCredentialsText, [tenant, slot, username, secret, version, since])
    }

    private static let setCredentialsText = """
        UPDATE slots SET username = $3, secret = $4, secret_version = $5, secret_since = $6
        WHERE tenant_id = $1 AND id = $2
        """

    /// Sets how often the exits of one subscription's allocations change by themselves; they are locked and live.
    static func setRotation(_ connections: [LockedConnection], minutes: Int32, at: Instant) -> Statement {
        Statement(setRotationText, key(connections) + [minutes, at])
    }

    private static func key(_ connections: [LockedConnection]) -> [any Bindable] {
        guard let first = connections.first?.allocation else {
            preconditionFailure("a subscription without slots has nothing to change")
        }
        return [first.tenant, first.subscription, connections.map(\.allocation.sequence)]
    }

    private static let setRotationText = """
        UPDATE allocations SET rotation_minutes = $4,
            rotates_at = CASE WHEN $4 > 0 THEN $5::timestamptz + $4 * interval '1 minute' END
        WHERE tenant_id = $1 AND subscription_id = $2 AND sequence = ANY ($3::integer[])
        """

    /// Asks the worker for other exits at once.
    static func requestRotation(_ connections: [LockedConnection], at: Instant) -> Statement {
        Statement(requestRotationText, key(connections) + [at])
    }

    private static let requestRotationText = """
        UPDATE allocations SET rotated_at = $4, rotates_at = $4
        WHERE tenant_id = $1 AND subscription_id = $2 AND sequence = ANY ($3::integer[])
        """
}
