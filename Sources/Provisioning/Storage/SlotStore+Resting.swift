internal import Postgres
internal import Primitives

extension SlotStore {
    /// Puts held slots that an active gateway knows up for sale.
    static func confirm(
        _ gateway: GatewayKey, version: Int64, except unreadable: [SlotID], limit: Int, at: Instant
    ) -> Statement {
        Statement(confirmText, [gateway.tenant, gateway.gateway, version, unreadable, limit, at])
    }

    private static let confirmText = """
        WITH known AS MATERIALIZED (
            SELECT s.tenant_id, s.id FROM slots s
            WHERE s.tenant_id = $1 AND s.gateway_id = $2 AND s.state = 'held' AND s.revision <= $3
              AND s.id <> ALL($4::uuid[])
              AND (SELECT g.active FROM gateways g WHERE g.tenant_id = $1 AND g.id = $2)
            ORDER BY s.state_since
            LIMIT $5
            FOR UPDATE OF s SKIP LOCKED
        )
        UPDATE slots s SET state = 'ready', state_since = $6
        FROM known WHERE s.tenant_id = known.tenant_id AND s.id = known.id
        """

    /// The slots that their gateway has blocked and whose drain is over.
    static func drained(_ gateway: GatewayKey, version: Int64, since: Instant, limit: Int) -> Statement {
        Statement(drainedText, [gateway.tenant, gateway.gateway, version, since, limit])
    }

    private static let drainedText = """
        SELECT s.id FROM slots s
        WHERE s.tenant_id = $1 AND s.gateway_id = $2 AND s.state = 'draining' AND s.revision <= $3
          AND s.state_since <= $4
        ORDER BY s.state_since
        LIMIT $5
        """

    /// Lets drained slots rest; one that another worker has moved on is left.
    static func quarantine(_ tenant: TenantID, _ slots: [SlotID], at: Instant) -> Statement {
        Statement(quarantineText, [slots.map { _ in tenant }, slots, at, SlotState.draining.rawValue])
    }

    private static let quarantineText = """
        UPDATE slots s SET state = 'quarantined', state_since = $3
        FROM unnest($1::bigint[], $2::uuid[]) AS drained(tenant_id, id)
        WHERE s.tenant_id = drained.tenant_id AND s.id = drained.id AND s.state = $4
        """

    /// Whether slots of a gateway still wait to be confirmed or to rest.
    static func unsettled(_ gateway: GatewayKey, except unreadable: [SlotID]) -> Statement {
        Statement(unsettledText, [gateway.tenant, gateway.gateway, unreadable])
    }

    private static let unsettledText = """
        SELECT EXISTS (
            SELECT FROM slots s
            WHERE s.tenant_id = $1 AND s.gateway_id = $2 AND s.state = 'held' AND s.id <> ALL($3::uuid[])
        ) OR EXISTS (
            SELECT FROM slots s
            WHERE s.tenant_id = $1 AND s.gateway_id = $2 AND s.state = 'draining' AND s.id <> ALL($3::uuid[])
        )
        """

    /// The slots of a tenant whose rest is over, longest rest first.
    static func rested(_ tenant: TenantID, since: Instant, except parked: [SlotID], limit: Int) -> Statement {
        Statement(restedText, [tenant, since, parked, limit])
    }

    private static let restedText = """
        SELECT s.id FROM slots s
        WHERE s.tenant_id = $1 AND s.state = 'quarantined' AND s.state_since <= $2 AND s.id <> ALL($3::uuid[])
        ORDER BY s.state_since
        LIMIT $4
        """

    /// Locks slots that are still in one of these states, to give them new credentials.
    static func lockForRenewal(_ tenant: TenantID, _ slots: [SlotID], in states: [SlotState]) -> Statement {
        Statement(lockForRenewalText, [tenant, slots.sorted(), states.map(\.rawValue)])
    }

    private static let lockForRenewalText = """
        SELECT s.id, s.gateway_id, s.state, s.rank, s.username, s.secret, s.secret_version, s.secret_since
        FROM slots s
        WHERE s.tenant_id = $1 AND s.id = ANY($2::uuid[]) AND s.state = ANY($3::text[])
        ORDER BY s.id
        FOR UPDATE OF s SKIP LOCKED
        """

    /// Keeps credentials that customers had until their slots were released.
    static func remember(_ former: [FormerCredentials], tenant: TenantID) -> Statement {
        Statement(
            rememberText,
            [
                tenant, former.map(\.slot), former.map(\.version), former.map(\.username),
                former.map(\.sealedSecret),
                former.map(\.validFrom), former.map(\.validUntil),
            ]
        )
    }

    private static let rememberText = """
        INSERT INTO credential_history (tenant_id, slot_id, version, username, secret, valid_from, valid_until)
        SELECT $1, f.* FROM unnest($2::uuid[], $3::integer[], $4::text[], $5::bytea[], $6::timestamptz[],
                                   $7::timestamptz[]) AS f
        """

    /// Gives slots other credentials, one version further.
    static func renew(_ renewed: [RenewedCredentials], at: Instant) -> Statement {
        Statement(
            renewText,
            [
                renewed.map(\.tenant), renewed.map(\.slot), renewed.map(\.username),
                renewed.map(\.sealedSecret), renewed.map(\.version), at,
            ]
        )
    }

    private static let renewText = """
        UPDATE slots s SET username = r.username, secret = r.secret, secret_version = r.version, secret_since = $6
        FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::bytea[], $5::integer[])
            AS r(tenant_id, id, username, secret, version)
        WHERE s.tenant_id = r.tenant_id AND s.id = r.id
        """
}

/// Credentials that were valid once: half-open `[validFrom, validUntil)`.
struct FormerCredentials {
    var slot: SlotID
    var version: Int32
    var username: String
    var sealedSecret: [UInt8]
    var validFrom: Instant
    var validUntil: Instant
}
