internal import Postgres
internal import Primitives
internal import Provisioning

/// SQL of the providers that tenants have connected.
enum ProviderStore {
    static func connection(of tenant: TenantID, at provider: String) -> Statement {
        """
        SELECT base_url, secret, webhook_secrets, success_url, cancel_url, active FROM payment_providers
        WHERE tenant_id = \(tenant) AND provider = \(provider)
        """
    }

    static func connection(_ result: ResultSet) throws -> StoredProviderConnection? {
        try result.first.map { row in
            StoredProviderConnection(
                baseURL: try row.get(0), secret: try row.get(1), webhookSecrets: try row.get(2),
                successURL: try row.get(3), cancelURL: try row.get(4), isActive: try row.get(5))
        }
    }

    /// Connects a provider, or changes how it is reached: as the owner.
    static func connecting(
        _ connection: ProviderConnection, of tenant: TenantID, at provider: String, sealedBy seal: Seal,
        actor: String, at now: Instant
    ) -> Statement {
        let webhooks = connection.webhookSecrets.map { $0.reveal() }.joined(separator: "\n")
        let secret = seal.seal(Array(connection.secret.reveal().utf8), context: .providerSecret(tenant))
        let sealedWebhooks = seal.seal(Array(webhooks.utf8), context: .providerWebhooks(tenant))
        return """
            INSERT INTO payment_providers
                (tenant_id, provider, base_url, secret, webhook_secrets, success_url, cancel_url, changed_at, changed_by)
            VALUES (\(tenant), \(provider), \(connection.baseURL), \(secret), \(sealedWebhooks),
                \(connection.successURL), \(connection.cancelURL), \(now), \(actor))
            ON CONFLICT ON CONSTRAINT one_account_per_tenant_and_provider DO UPDATE
            SET base_url = excluded.base_url, secret = excluded.secret, webhook_secrets = excluded.webhook_secrets,
                success_url = excluded.success_url, cancel_url = excluded.cancel_url, active = true,
                changed_at = excluded.changed_at, changed_by = excluded.changed_by
            """
    }

    /// Switches it on or off.
    static func switching(
        _ isActive: Bool, of tenant: TenantID, at provider: String, actor: String, now: Instant
    ) -> Statement {
        """
        UPDATE payment_providers SET active = \(isActive), changed_at = \(now), changed_by = \(actor)
        WHERE tenant_id = \(tenant) AND provider = \(provider)
        """
    }
}
