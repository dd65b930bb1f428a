internal import Postgres
internal import Primitives

/// The events of changed connections, written with the change itself.
enum ConnectionEventStore {
    /// - Parameter kind: in the past tense; what was changed is looked up by the subscription, never told here.
    static func insert(
        _ kind: String, _ command: CommandID, _ subscription: SubscriptionID, _ principal: Principal,
        at now: Instant
    ) -> Statement {
        let payload = JSONB("{\"subscription\":\"\(subscription)\",\"principal\":\"\(principal.id)\"}")
        return Statement(inserting, [principal.tenant, command, kind, principal.customer, payload, now])
    }

    private static let inserting = """
        INSERT INTO outbox_events (tenant_id, id, kind, customer_id, payload, recorded_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """
}
