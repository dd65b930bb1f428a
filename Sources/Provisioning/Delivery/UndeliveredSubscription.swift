public import Catalog
public import Primitives

/// A subscription whose port its gateway has never heard of, although it was sold long enough ago.
public struct UndeliveredSubscription: Sendable, Hashable {
    public let tenant: TenantID
    public let id: SubscriptionID
    public let customer: CustomerID
    public let dialect: DialectName
    /// When it was sold, by the tenant's clock.
    public let lentAt: Instant
    /// The name of a gateway that does not know of it.
    public let gateway: String
}
