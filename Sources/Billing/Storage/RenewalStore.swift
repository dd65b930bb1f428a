internal import Postgres
internal import Primitives

/// SQL of what the renewals job looks for, and of what becomes of what it could not renew.
enum RenewalStore {
    /// The tenants whose subscriptions renew themselves: the active ones.
    static func tenants(_ only: TenantID?) -> Statement {
        Statement(activeTenants, [only])
    }

    static func tenants(_ result: ResultSet) throws -> [(id: TenantID, graceMilliseconds: Int64)] {
        try result.map { (id: try $0.get(0), graceMilliseconds: try $0.get(1)) }
    }

    /// A tenant's subscriptions that are due, those that have waited longest first, behind where the last batch ended.
    static func due(_ tenant: TenantID, at now: Instant, after cursor: RenewalCursor, limit: Int) -> Statement
    {
        Statement(dueOfTenant, [tenant, now, cursor.renewsAt, cursor.id, limit])
    }

    /// Locks subscriptions in key order, as the engine does.
    static func locking(_ keys: [TenantKey<SubscriptionID>]) -> Statement {
        let keys = keys.sorted { ($0.tenant, $0.name) < ($1.tenant, $1.name) }
        return Statement(lockingByKey, [keys.map(\.tenant), keys.map(\.name)])
    }

    /// Reads the rows of either statement.
    static func renewals(_ result: ResultSet) throws -> [DueRenewal] {
        try result.map { row in
            DueRenewal(
                tenant: try row.get(0), id: try row.get(1), customer: try row.get(2), plan: try row.get(3),
                dialect: try row.get(4), nextPeriod: try row.get(5), activeUntil: try row.get(6),
                automatic: AutoRenewal(
                    renewsAt: try row.get(7), triedOn: try row.get(8), tries: try row.get(9),
                    renewals: try row.get(10)),
                isEnded: try row.get(11), periodMilliseconds: try row.get(12))
        }
    }

    /// What the changes write, of rows that this transaction has locked.
    static func writing(
        _ changes: [RenewalChange], at time: TenantTime, _ ids: any IdentifierSource
    ) -> [Statement] {
        guard !changes.isEmpty else { return [] }
        let now = time.now
        let attempts = changes.filter { $0.reason != nil }
        let settling = Statement(
            settle,
            [
                changes.map(\.due.tenant), changes.map(\.due.id), changes.map(\.automatic.renewsAt),
                changes.map(\.automatic.triedOn), changes.map(\.automatic.tries),
                changes.map { $0.parked?.rawValue }, changes.map { $0.kind == .ended }, now,
            ])
        let telling = telling(changes.map(\.event), at: time, ids)
        guard !attempts.isEmpty else { return [settling, telling] }
        let noting = Statement(
            noteAttempts,
            [
                attempts.map(\.due.tenant), attempts.map(\.due.id), attempts.map(\.due.nextPeriod),
                attempts.map { $0.reason ?? "" }, now,
            ])
        return [settling, noting, telling]
    }

    /// Tells of what was not told of before.
    static func telling(
        _ events: [OnceEvent], at time: TenantTime, _ ids: any IdentifierSource
    ) -> Statement {
        telling(
            events, as: events.map { _ in ids.next(at: time.real, of: CommandSubject.self) }, at: time.now)
    }

    static func telling(_ events: [OnceEvent], as ids: [CommandID], at now: Instant) -> Statement {
        Statement(
            tellOnce,
            [
                events.map(\.tenant), ids, events.map(\.kind), events.map(\.customer),
                events.map { JSONB($0.payload) }, events.map(\.once), now,
            ])
    }

    // A grace beyond ten years is none that anybody waits for.
    private static let activeTenants = """
        SELECT id, LEAST(grace_ms, 315360000000) FROM tenants
        WHERE active AND ($1::bigint IS NULL OR id = $1)
        ORDER BY id
        """

    private static let columns = """
        s.tenant_id, s.id, s.customer_id, s.plan_id, s.dialect, s.next_period, s.active_until, s.renews_at, s.tried_on,
        s.tries, s.auto_renewals, s.ended_at IS NOT NULL,
        (SELECT (extract(epoch FROM t.ends_at - t.starts_at) * 1000)::bigint FROM terms t
         WHERE t.tenant_id = s.tenant_id AND t.subscription_id = s.id AND t.cut_at IS NULL
         ORDER BY t.period_index DESC LIMIT 1)
        """

    private static let dueOfTenant = """
        SELECT \(columns)
        FROM (
            SELECT * FROM subscriptions
            WHERE tenant_id = $1 AND renews_at <= $2 AND (renews_at, id) > ($3::timestamptz, $4::uuid)
            ORDER BY renews_at, id LIMIT $5
        ) s
        ORDER BY s.renews_at, s.id
        """

    // That it has not ended is looked at in the row, for to name it would let a plan walk over a partial index.
    private static let lockingByKey = """
        SELECT \(columns)
        FROM unnest($1::bigint[], $2::uuid[]) AS wanted (tenant_id, id)
        CROSS JOIN LATERAL (
            SELECT * FROM subscriptions WHERE tenant_id = wanted.tenant_id AND id = wanted.id
            LIMIT 1 FOR NO KEY UPDATE
        ) s
        """

    private static let settle = """
        UPDATE subscriptions s
        SET renews_at = v.renews_at, tried_on = v.tried_on, tries = v.tries,
            parked_at = CASE WHEN v.parked_reason IS NOT NULL THEN $8::timestamptz END, parked_reason = v.parked_reason,
            ended_at = CASE WHEN v.ended THEN $8::timestamptz END
        FROM unnest($1::bigint[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::integer[], $6::text[], $7::boolean[])
            AS v (tenant_id, id, renews_at, tried_on, tries, parked_reason, ended)
        WHERE s.tenant_id = v.tenant_id AND s.id = v.id
        """

    private static let noteAttempts = """
        INSERT INTO renewal_attempts (tenant_id, subscription_id, period_index, reason, attempts, first_at, last_at)
        SELECT v.*, 1, $5::timestamptz, $5::timestamptz
        FROM unnest($1::bigint[], $2::uuid[], $3::integer[], $4::text[]) AS v
        ON CONFLICT ON CONSTRAINT renewal_attempts_pkey DO UPDATE
        SET attempts = renewal_attempts.attempts + 1, reason = excluded.reason,
            last_at = GREATEST(renewal_attempts.last_at, excluded.last_at)
        """

    private static let tellOnce = """
        INSERT INTO outbox_events (tenant_id, id, kind, customer_id, payload, once, recorded_at)
        SELECT v.*, $7::timestamptz
        FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::uuid[], $5::jsonb[], $6::text[]) AS v
        ON CONFLICT (tenant_id, once) WHERE once IS NOT NULL DO NOTHING
        """
}

/// Where a batch ended, in the order of the index.
struct RenewalCursor: Sendable {
    let renewsAt: Instant
    let id: SubscriptionID

    static let start = RenewalCursor(renewsAt: Instant(milliseconds: -1), id: SubscriptionID(bits: .zero))

    init(renewsAt: Instant, id: SubscriptionID) {
        self.renewsAt = renewsAt
        self.id = id
    }

    /// Behind the last of a batch.
    init(_ last: DueRenewal) {
        self.init(renewsAt: last.automatic.renewsAt ?? last.activeUntil, id: last.id)
    }
}
