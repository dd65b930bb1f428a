internal import Billing
internal import Postgres
internal import Primitives

/// SQL of how subscriptions renew themselves, for an operator.
enum StandingStore {
    static func locking(_ id: SubscriptionID, of tenant: TenantID) -> Statement {
        Statement(
            "\(selected) WHERE s.tenant_id = $1 AND s.id = $2 FOR NO KEY UPDATE OF s" as String, [tenant, id])
    }

    static func parked(of tenant: TenantID) -> Statement {
        Statement(
            """
            \(selected) WHERE s.tenant_id = $1 AND s.parked_at IS NOT NULL AND s.ended_at IS NULL
            ORDER BY s.parked_at, s.id
            """ as String, [tenant])
    }

    static func standing(_ result: ResultSet) throws -> StandingView? { try standings(result).first }

    static func standings(_ result: ResultSet) throws -> [StandingView] {
        try result.map { row in
            let start: Instant? = try row.get(9)
            let end: Instant? = try row.get(10)
            var period: ServicePeriod?
            if let start, let end { period = ServicePeriod(start: start, end: end) }
            return StandingView(
                id: try row.get(0), tenant: try row.get(1), customer: try row.get(2),
                activeUntil: try row.get(3), lastPeriod: period, isEnded: try row.get(4),
                automatic: AutoRenewal(
                    renewsAt: try row.get(5), triedOn: try row.get(6), tries: try row.get(7),
                    renewals: try row.get(8)), parkedReason: try row.get(11))
        }
    }

    /// The subscription as it is to be, and the event that says who changed it.
    static func writing(
        _ view: StandingView, kind: String, actor: String, event: CommandID, at now: Instant
    ) -> [Statement] {
        let payload: JSON = ["subscription": .string(view.id.description), "actor": .string(actor)]
        let text = JSONB(String(decoding: payload.encoded(), as: UTF8.self))
        return [
            """
            UPDATE subscriptions SET renews_at = \(view.automatic.renewsAt), tried_on = \(view.automatic.triedOn),
                tries = \(view.automatic.tries), auto_renewals = \(view.automatic.renewals),
                parked_reason = \(view.parkedReason),
                parked_at = CASE WHEN \(view.parkedReason)::text IS NOT NULL THEN parked_at END
            WHERE tenant_id = \(view.tenant) AND id = \(view.id)
            """,
            """
            INSERT INTO outbox_events (tenant_id, id, kind, customer_id, payload, recorded_at)
            VALUES (\(view.tenant), \(event), \(kind), \(view.customer), \(text), \(now))
            """,
        ]
    }

    private static let selected = """
        SELECT s.id, s.tenant_id, s.customer_id, s.active_until, s.ended_at IS NOT NULL, s.renews_at, s.tried_on, s.tries,
            s.auto_renewals, t.starts_at, t.ends_at, s.parked_reason
        FROM subscriptions s
        LEFT JOIN LATERAL (
            SELECT * FROM terms
            WHERE tenant_id = s.tenant_id AND subscription_id = s.id AND cut_at IS NULL
            ORDER BY period_index DESC LIMIT 1
        ) t ON true
        """
}
