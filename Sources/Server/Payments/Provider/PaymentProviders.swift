internal import Foundation
internal import Postgres
internal import Primitives
internal import Provisioning

/// Finds a tenant's payment provider; `nil` where it takes no payments.
struct PaymentProviders: Sendable {
    let find: @Sendable (TenantID) async throws -> (any PaymentProvider)?

    /// Those that tenants have connected, read anew each time, so that a changed secret holds at once.
    static func stored(
        in pool: PostgresPool, _ seal: Seal, transport: any StripeTransport = HTTPStripeTransport()
    ) -> PaymentProviders {
        PaymentProviders { tenant in
            let connected = try await pool.read(
                tenant: tenant, ProviderStore.connection(of: tenant, at: StripeProvider.providerName),
                ProviderStore.connection)
            guard let connected, connected.isActive else { return nil }
            return StripeProvider(
                try connected.opened(by: seal, tenant), transport: transport)
        }
    }
}

/// How a tenant reaches its provider, in clear: for whoever connects it and for the adapter.
struct ProviderConnection: Sendable {
    var baseURL: String
    var secret: Secret<String>
    /// What the provider signs its messages with: several while one takes another's place.
    var webhookSecrets: [Secret<String>]
    var successURL: String
    var cancelURL: String
}

/// The same as it is stored.
struct StoredProviderConnection: Sendable {
    let baseURL: String
    let secret: [UInt8]
    let webhookSecrets: [UInt8]
    let successURL: String
    let cancelURL: String
    let isActive: Bool

    func opened(by seal: Seal, _ tenant: TenantID) throws -> ProviderConnection {
        let lines = String(
            decoding: try seal.open(webhookSecrets, context: .providerWebhooks(tenant)), as: UTF8.self)
        return ProviderConnection(
            baseURL: baseURL,
            secret: Secret(
                String(decoding: try seal.open(secret, context: .providerSecret(tenant)), as: UTF8.self)),
            webhookSecrets: lines.split(separator: "\n").map { Secret(String($0)) }, successURL: successURL,
            cancelURL: cancelURL)
    }
}

extension SealContext {
    static func providerSecret(_ tenant: TenantID) -> SealContext {
        SealContext(tenant: tenant, column: "payment_providers.secret", subject: StripeProvider.providerName)
    }

    static func providerWebhooks(_ tenant: TenantID) -> SealContext {
        SealContext(
            tenant: tenant, column: "payment_providers.webhook_secrets", subject: StripeProvider.providerName)
    }
}
