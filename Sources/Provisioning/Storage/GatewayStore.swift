internal import Catalog
internal import Postgres
internal import Primitives

/// Reads gateways and writes what became of them.
enum GatewayStore {
    /// Every gateway of every tenant, with its recorded state: the worker's candidate query.
    static func survey() -> Statement { Statement(surveyText, []) }

    static func records(_ result: ResultSet) throws -> [GatewayRecord] {
        try result.map { row in
            let first: Int32? = try row.get(8)
            let last: Int32? = try row.get(9)
            return GatewayRecord(
                tenant: try row.get(0), id: try row.get(1), name: try row.get(2), network: try row.get(3),
                shape: GatewayShape(
                    host: try row.get(4), protocols: try row.get(5), vlessPort: try row.get(6),
                    shadowsocksPort: try row.get(7)
                ),
                ports: first.flatMap { first in last.map { first...$0 } }, driver: try row.get(10),
                isActive: try row.get(11), desiredVersion: try row.get(12), appliedVersion: try row.get(13),
                isHealthy: try row.get(14), problem: try row.get(15),
                observedAt: try row.get(16)
            )
        }
    }

    private static let surveyText = """
        SELECT g.tenant_id, g.id, g.name, g.network_id, g.host, g.protocols, g.vless_port, g.shadowsocks_port,
               g.first_port, g.last_port, g.driver, g.active, g.desired_version,
               s.applied_version, COALESCE(s.healthy, true), s.problem, s.observed_at
        FROM gateways g
        LEFT JOIN gateway_states s ON s.tenant_id = g.tenant_id AND s.gateway_id = g.id
        ORDER BY g.tenant_id, g.id
        """

    /// One slot as it is stored, its secret still sealed.
    struct StoredSlot {
        var slot: SlotID
        var revision: Int64
        var port: Int32
        var state: SlotState
        var username: String
        var sealedSecret: [UInt8]
        var secretVersion: Int32
        var subscription: SubscriptionID?
        var expiresAt: Instant?
        var rotationMinutes: Int32
        var exit: Exit?
        var threads: Int32?
        var allowedSources: [SourceAddress]
    }

    /// The gateway's version and then every slot that changed after `since`.
    ///
    /// The version comes first: what is committed in between is read too early, never left out.
    static func change(of gateway: GatewayKey, since: Int64) -> [Statement] {
        [
            Statement(versionText, [gateway.tenant, gateway.gateway]),
            Statement(changedText, [gateway.tenant, gateway.gateway, since]),
        ]
    }

    static func change(_ results: [ResultSet]) throws -> (version: Int64, slots: [StoredSlot])? {
        guard let version = try results[0].first.map({ try $0.get(0, as: Int64.self) }) else { return nil }
        let slots = try results[1].map { row in
            StoredSlot(
                slot: try row.get(0), revision: try row.get(1), port: try row.get(2), state: try row.get(3),
                username: try row.get(4), sealedSecret: try row.get(5), secretVersion: try row.get(6),
                subscription: try row.get(7), expiresAt: try row.get(8), rotationMinutes: try row.get(9),
                exit: try ExitStore.exit(row, startingAt: 10), threads: try row.get(12),
                allowedSources: try row.get(13)
            )
        }
        return (version, slots)
    }

    private static let versionText =
        "SELECT g.desired_version FROM gateways g WHERE g.tenant_id = $1 AND g.id = $2"

    // LATERAL keeps a plan that was made on empty tables from walking over all allocations for a few slots.
    private static let changedText = """
        SELECT s.id, s.revision, s.port, s.state, s.username, s.secret, s.secret_version,
               live.subscription_id, live.expires_at, COALESCE(live.rotation_minutes, 0),
               sold.exit_country, sold.exit_rotation,
               (SELECT p.threads FROM plans p WHERE p.tenant_id = s.tenant_id AND p.id = sold.plan_id),
               ARRAY(SELECT e.address FROM allowlist_entries e
                     WHERE e.tenant_id = s.tenant_id AND e.subscription_id = live.subscription_id ORDER BY e.position)
        FROM slots s
        LEFT JOIN LATERAL (
            SELECT a.subscription_id, a.expires_at, a.rotation_minutes FROM allocations a
            WHERE a.tenant_id = s.tenant_id AND a.slot_id = s.id AND a.released_at IS NULL
            LIMIT 1
        ) live ON true
        LEFT JOIN LATERAL (
            SELECT sub.plan_id, sub.exit_country, sub.exit_rotation FROM subscriptions sub
            WHERE sub.tenant_id = s.tenant_id AND sub.id = live.subscription_id
            LIMIT 1
        ) sold ON true
        WHERE s.tenant_id = $1 AND s.gateway_id = $2 AND s.revision > $3
        ORDER BY s.revision
        """

    /// Records a version that was made true; a slower worker does not take it back.
    static func recordApplied(
        _ gateway: GatewayKey, version: Int64, problem: String?, at: Instant
    ) -> Statement {
        Statement(appliedText, [gateway.tenant, gateway.gateway, version, problem, at])
    }

    private static let appliedText = """
        INSERT INTO gateway_states (tenant_id, gateway_id, applied_version, observed_at, healthy, problem)
        VALUES ($1, $2, $3, $5, true, $4)
        ON CONFLICT (tenant_id, gateway_id) DO UPDATE SET
            applied_version = GREATEST(gateway_states.applied_version, excluded.applied_version),
            observed_at = excluded.observed_at, healthy = true, problem = excluded.problem
        """

    /// Records that a gateway has less than was recorded: it was replaced, or lost its memory.
    static func recordLoss(_ gateway: GatewayKey, version: Int64, at: Instant) -> Statement {
        Statement(lossText, [gateway.tenant, gateway.gateway, version, at])
    }

    private static let lossText = """
        UPDATE gateway_states SET applied_version = $3, observed_at = $4
        WHERE tenant_id = $1 AND gateway_id = $2 AND applied_version > $3
        """

    /// Records a failure beside the version that was last made true.
    static func recordProblem(_ gateway: GatewayKey, problem: String, at: Instant) -> Statement {
        Statement(problemText, [gateway.tenant, gateway.gateway, problem, at])
    }

    private static let problemText = """
        INSERT INTO gateway_states (tenant_id, gateway_id, applied_version, observed_at, healthy, problem)
        VALUES ($1, $2, 0, $4, false, $3)
        ON CONFLICT (tenant_id, gateway_id) DO UPDATE SET
            observed_at = excluded.observed_at, healthy = false, problem = excluded.problem
        """

    /// Puts a gateway's desired state beyond a version that it already has, so that it listens again.
    ///
    /// A gateway knows more than the database after the database was restored from a backup.
    /// Slots are locked before the gateway, as everybody does.
    static func overtake(_ gateway: GatewayKey, version: Int64) -> [Statement] {
        [
            Statement(lockSlotsText, [gateway.tenant, gateway.gateway]),
            Statement(overtakeText, [gateway.tenant, gateway.gateway, version]),
        ]
    }

    private static let lockSlotsText = """
        WITH locked AS MATERIALIZED (
            SELECT s.id FROM slots s WHERE s.tenant_id = $1 AND s.gateway_id = $2 ORDER BY s.id FOR UPDATE
        )
        SELECT count(*) FROM locked
        """

    private static let overtakeText = """
        WITH ahead AS (
            UPDATE gateways g SET desired_version = $3::bigint + 1
            WHERE g.tenant_id = $1 AND g.id = $2 AND g.desired_version < $3
            RETURNING g.desired_version
        )
        UPDATE slots s SET revision = ahead.desired_version FROM ahead
        WHERE s.tenant_id = $1 AND s.gateway_id = $2
        """

    /// How many slots of each gateway are for sale.
    static func readyCounts() -> Statement { Statement(readyText, []) }

    // What is ready is walked over once; per gateway all of its slots would be.
    private static let readyText = """
        SELECT g.tenant_id, g.name, COALESCE(ready.slots, 0)
        FROM gateways g
        LEFT JOIN (
            SELECT tenant_id, gateway_id, count(*) AS slots FROM slots WHERE state = 'ready' GROUP BY tenant_id, gateway_id
        ) ready ON ready.tenant_id = g.tenant_id AND ready.gateway_id = g.id
        WHERE g.first_port IS NOT NULL
        """
}
