internal import Catalog
internal import Primitives

extension Gate {
    /// What a request asks for, once it has been read: every value in it is well formed.
    enum Operation: Sendable, Hashable {
        case plans
        case subscriptions
        case renewalPlans(SubscriptionReference)
        case availableNetworks(SubscriptionReference)
        case purchase(PurchaseOrder)
        case renew(RenewalOrder)
        case trial(PlanID)
        case changeCredentials(SubscriptionReference)
        case setRotationPolicy(SubscriptionReference, minutes: Int32)
        case switchNetwork(SubscriptionReference, to: NetworkID)
    }

    /// A subscription as a request names it.
    enum SubscriptionReference: Sendable, Hashable {
        case id(SubscriptionID)
        /// Of the right shape, but with a check value that no id of ours has: not found, without a query.
        case nobodys

        /// - Throws: "Subscription not found" for an id that was made up.
        func known() throws(Problem) -> SubscriptionID {
            switch self {
            case .id(let id): id
            case .nobodys: throw .subscriptionNotFound
            }
        }
    }

    struct PurchaseOrder: Sendable, Hashable {
        var plan: PlanID
        var coupon: CouponCode?
        var repeatCount: RepeatCount
        var quantity: Quantity
    }

    struct RenewalOrder: Sendable, Hashable {
        var subscription: SubscriptionReference
        var plan: PlanID
        var coupon: CouponCode?
        var repeatCount: RepeatCount
    }
}
