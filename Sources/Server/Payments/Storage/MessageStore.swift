internal import Postgres
internal import Primitives

/// SQL of providers' messages that were dealt with.
enum MessageStore {
    static func outcome(of name: String, from provider: String, _ tenant: TenantID) -> Statement {
        """
        SELECT outcome FROM payment_events
        WHERE tenant_id = \(tenant) AND provider = \(provider) AND name = \(name)
        """
    }

    static func outcome(_ result: ResultSet) throws -> String? { try result.first?.get(0) }

    static func remembering(
        _ message: ProviderMessage, from provider: String, _ tenant: TenantID, _ outcome: String,
        _ payment: PaymentID?, at now: Instant
    ) -> Statement {
        """
        INSERT INTO payment_events (tenant_id, provider, name, kind, outcome, payment_id, recorded_at)
        VALUES (\(tenant), \(provider), \(message.name), \(message.kind), \(outcome), \(payment), \(now))
        ON CONFLICT ON CONSTRAINT a_message_of_a_provider_is_dealt_with_once DO NOTHING
        """
    }
}
