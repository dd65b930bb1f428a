public import Primitives

/// A subscription that is over for good, as its locked row stands: nothing was paid for what comes after its end.
public struct SubscriptionEnd: Sendable, Hashable {
    public let tenant: TenantID
    public let id: SubscriptionID
    public let customer: CustomerID
    public let activeUntil: Instant

    public init(tenant: TenantID, id: SubscriptionID, customer: CustomerID, activeUntil: Instant) {
        self.tenant = tenant
        self.id = id
        self.customer = customer
        self.activeUntil = activeUntil
    }

    /// What is told of it, once, whoever ends it.
    var event: OnceEvent {
        OnceEvent(
            tenant: tenant, customer: customer, kind: "subscription.ended", once: "subscription.ended:\(id)",
            payload: "{\"subscription\":\"\(id)\",\"active_until_ms\":\(activeUntil.milliseconds)}")
    }
}

/// What is told once, however often its cause is found.
struct OnceEvent: Sendable {
    let tenant: TenantID
    let customer: CustomerID
    let kind: String
    /// What it is about: unique in the tenant.
    let once: String
    /// JSON text.
    let payload: String
}
