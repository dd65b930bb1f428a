public import Billing
public import Postgres
public import Primitives
public import Provisioning

/// Billing's end of a subscription, for the transaction in which provisioning takes its slots back.
///
/// Both speak of the same rows in their own words; nothing is decided here.
public struct BilledEnding: SubscriptionEnding {
    private let ids: any IdentifierSource

    /// - Parameter ids: names the events that tell of ends.
    public init(ids: any IdentifierSource) {
        self.ids = ids
    }

    public func lock(
        _ subscriptions: [SubscriptionID], of tenant: TenantID, paidUntil end: Instant
    ) -> Statement {
        EndStore.locking(subscriptions, of: tenant, paidUntil: end)
    }

    public func locked(_ result: ResultSet, of tenant: TenantID) throws -> [OverSubscription] {
        try EndStore.locked(result, of: tenant).map { locked in
            OverSubscription(
                id: locked.end.id, customer: locked.end.customer, activeUntil: locked.end.activeUntil,
                isEnded: locked.isEnded)
        }
    }

    public func end(
        _ subscriptions: [OverSubscription], of tenant: TenantID, at time: TenantTime
    ) -> [Statement] {
        let ends = subscriptions.map {
            SubscriptionEnd(tenant: tenant, id: $0.id, customer: $0.customer, activeUntil: $0.activeUntil)
        }
        return EndStore.writing(ends, at: time, ids)
    }
}
