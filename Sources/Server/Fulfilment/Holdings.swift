public import Catalog
public import Postgres
public import Primitives
public import Provisioning

/// What customers may buy and what they hold, read for the doors: one query each, under row-level security.
///
/// A read that fails is a fault, never "not found".
public struct Holdings: Sendable {
    private let pool: PostgresPool
    private let seal: CredentialSeal

    /// - Parameter pool: connections of the doors' role.
    public init(pool: PostgresPool, seal: CredentialSeal) {
        self.pool = pool
        self.seal = seal
    }

    /// Plans on offer, in the order of the tenant's catalogue, then by price; none that lends no port.
    public func offers(
        to customer: CustomerID, of tenant: TenantID, in dialect: DialectName
    ) async throws(Fault) -> [Offer] {
        try await read(
            "read the plans on offer", tenant, OfferStore.offers(to: customer, of: tenant, in: dialect)
        ) {
            try OfferStore.offers($0)
        }
    }

    /// Live subscriptions, newest first.
    public func live(
        of customer: CustomerID, of tenant: TenantID, in dialect: DialectName, at now: Instant
    ) async throws(Fault) -> [HeldSubscription] {
        let statement = HoldingStore.live(of: customer, of: tenant, in: dialect, at: now)
        return try await read("read live subscriptions", tenant, statement) { [seal] result in
            try HoldingStore.subscriptions(result, tenant, seal)
        }
    }

    /// Plans that may renew a subscription that still holds its port, even when it has run out.
    public func renewals(
        of subscription: SubscriptionID, by customer: CustomerID, of tenant: TenantID, in dialect: DialectName
    ) async throws(Fault) -> Found<[Offer]> {
        let statement = OfferStore.renewals(of: subscription, by: customer, of: tenant, in: dialect)
        return try await read("read renewal plans", tenant, statement) { try OfferStore.renewals($0) }
    }

    /// Networks that a live subscription may move to, by code.
    public func networks(
        for subscription: SubscriptionID, of customer: CustomerID, of tenant: TenantID,
        in dialect: DialectName,
        at now: Instant
    ) async throws(Fault) -> Found<[NetworkChoice]> {
        let statement = OfferStore.networks(for: subscription, of: customer, of: tenant, in: dialect, at: now)
        return try await read("read networks to move to", tenant, statement) { try OfferStore.networks($0) }
    }

    private func read<Value: Sendable>(
        _ operation: String, _ tenant: TenantID, _ statement: Statement,
        _ decode: @escaping @Sendable (ResultSet) throws -> Value
    ) async throws(Fault) -> Value {
        do {
            return try await pool.read(tenant: tenant, statement, decode)
        } catch {
            throw Fault(operation, error)
        }
    }
}
