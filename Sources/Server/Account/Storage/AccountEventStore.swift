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
        let text = JSONB(String(decoding: JSON.object(payload).encoded(), as: UTF8.self))
        return """
            INSERT INTO outbox_events (tenant_id, id, kind, customer_id, payload, recorded_at)
            VALUES (\(principal.tenant), \(event), \(kind), \(principal.customer), \(text), \(now))
            """
    }
}
