public import Catalog
public import Postgres
public import Primitives
public import Provisioning

/// What customers hold and what they may do with it, read for the doors: one query each, under row-level security.
///
/// A read that fails is a fault, never "not found".
public struct Holdings: Sendable {
    private let pool: PostgresPool
    let seal: CredentialSeal
    private let currencies = CustomerCurrencies()

    /// - Parameter pool: connections of the doors' role.
    public init(pool: PostgresPool, seal: CredentialSeal) {
        self.pool = pool
        self.seal = seal
    }

    /// What a customer pays in; `nil` where the tenant has no such customer. It never changes, so it is read once.
    public func currency(
        of customer: CustomerID, of tenant: TenantID
    ) async throws(Fault) -> Currency? {
        if let known = currencies.of(customer, tenant) { return known }
        let statement = CustomerStore.currency(of: customer, of: tenant)
        let found = try await read("read a customer's currency", tenant, statement) {
            try CustomerStore.currency($0)
        }
        if let found { currencies.remember(found, of: customer, tenant) }
        return found
    }

    /// What a tenant sells, at the prices that a customer pays.
    public func catalogue(
        _ catalogue: TenantCatalogue, for customer: CustomerID
    ) async throws(Fault) -> TenantCatalogue {
        try await CustomerPrices(pool: pool).catalogue(catalogue, for: customer)
    }

    /// Who a customer is and what they can spend now; `nil` where the tenant has no such customer.
    public func account(
        of customer: CustomerID, of tenant: TenantID
    ) async throws(Fault) -> CustomerAccount? {
        let statement = CustomerStore.account(of: customer, of: tenant)
        return try await read("read a customer's account", tenant, statement) {
            try CustomerStore.account($0)
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
        of subscription: SubscriptionID, by customer: CustomerID, of tenant: TenantID,
        in dialect: DialectName, at now: Instant
    ) async throws(Fault) -> Found<[Offer]> {
        let statement = OfferStore.renewals(of: subscription, by: customer, of: tenant, in: dialect)
        return try await read("read renewal plans", tenant, statement) {
            try OfferStore.renewals($0, at: now)
        }
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

    func read<Value: Sendable>(
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
