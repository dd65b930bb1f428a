internal import Postgres
internal import Primitives

/// The events of what people change, written with the change itself.
enum AccountEventStore {
    /// - Parameters:
    ///   - kind: in the past tense.
    ///   - subject: what was changed, beside the person who did it; never a secret.
    static func insert(
        _ kind: String, _ event: CommandID, by principal: Principal, about subject: JSONObject = JSONObject(),
        at now: Instant
    ) -> Statement {
        var payload = subject
        payload["person"] = .string(principal.id.description)
        return insert(kind, event, of: principal.customer, principal.tenant, .object(payload), at: now)
    }

    /// What somebody else has changed of a customer's people.
    static func insert(
        _ kind: String, _ event: CommandID, of customer: CustomerID, _ tenant: TenantID, _ payload: JSON,
        at now: Instant
    ) -> Statement {
        let text = JSONB(String(decoding: payload.encoded(), as: UTF8.self))
        return """
            INSERT INTO outbox_events (tenant_id, id, kind, customer_id, payload, recorded_at)
            VALUES (\(tenant), \(event), \(kind), \(customer), \(text), \(now))
            """
    }
}
