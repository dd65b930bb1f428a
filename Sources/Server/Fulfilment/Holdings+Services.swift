public import Catalog
public import Primitives

extension Holdings {
    /// One service of a customer in a dialect, over or not; `nil` where they have none of this id.
    public func service(
        _ subscription: SubscriptionID, of customer: CustomerID, of tenant: TenantID, in dialect: DialectName
    ) async throws(Fault) -> HeldService? {
        let statement = ServiceStore.one(subscription, of: customer, of: tenant, in: dialect)
        return try await read("read a service", tenant, statement) { [seal] result in
            try ServiceStore.services(result, tenant, seal).first
        }
    }

    /// A page of a customer's services in a dialect, newest first; `nil` where the one it shall begin behind is not
    /// theirs.
    public func services(
        _ query: ServiceQuery, of customer: CustomerID, of tenant: TenantID, in dialect: DialectName,
        at now: Instant
    ) async throws(Fault) -> Page<HeldService, SubscriptionID>? {
        let statement = ServiceStore.page(query, of: customer, of: tenant, in: dialect, at: now)
        return try await read("read a page of services", tenant, statement) { [seal] result in
            try ServiceStore.page(result, query, tenant, seal)
        }
    }
}
