public import Postgres
public import Primitives

/// How subscriptions end: billing's matter, done in the transaction that takes their slots back.
public protocol SubscriptionEnding: Sendable {
    /// Locks, in key order, those of the subscriptions that were paid until `end` or less; one that somebody else holds
    /// is passed over, as a renewal is.
    func lock(_ subscriptions: [SubscriptionID], of tenant: TenantID, paidUntil end: Instant) -> Statement
    func locked(_ result: ResultSet, of tenant: TenantID) throws -> [OverSubscription]
    /// What ends locked subscriptions, and tells of it.
    func end(_ subscriptions: [OverSubscription], of tenant: TenantID, at time: TenantTime) -> [Statement]
}

/// A subscription whose time and grace are over, locked by the current transaction.
public struct OverSubscription: Sendable, Hashable {
    public let id: SubscriptionID
    public let customer: CustomerID
    public let activeUntil: Instant
    /// Whether somebody has ended it already: only its slots are to be returned.
    public let isEnded: Bool

    public init(id: SubscriptionID, customer: CustomerID, activeUntil: Instant, isEnded: Bool) {
        self.id = id
        self.customer = customer
        self.activeUntil = activeUntil
        self.isEnded = isEnded
    }
}
