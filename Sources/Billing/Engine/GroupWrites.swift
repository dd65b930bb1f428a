internal import Catalog
internal import Primitives

/// The rows that a group's decisions write, next to the books' own.
struct GroupWrites: Sendable {
    struct NewOrder: Sendable {
        let tenant: TenantID
        let id: OrderID
        let customer: CustomerID
        let principal: PrincipalID?
        let dialect: DialectName
        let kind: OrderKind
        let plan: PlanID
        let planVersion: Int32
        let subscription: SubscriptionID?
        let quantity: Int32
        let repeatCount: Int32
        let quote: Quote
        let coupon: CouponID?
    }

    struct NewSubscription: Sendable {
        let tenant: TenantID
        let id: SubscriptionID
        let customer: CustomerID
        let order: OrderID
        let plan: PlanID
        let dialect: DialectName
        let isTrial: Bool
        let period: ServicePeriod
        let periods: Int32
    }

    struct SubscriptionChange: Sendable {
        let tenant: TenantID
        let id: SubscriptionID
        let plan: PlanID
        let activeUntil: Instant
        let nextPeriod: Int32
        /// Set where the subscription ends with this change.
        let endedAt: Instant?
    }

    struct Term: Sendable {
        let tenant: TenantID
        let subscription: SubscriptionID
        let index: Int32
        let order: OrderID
        let period: ServicePeriod
        let amount: Int64
    }

    struct Redemption: Sendable {
        let tenant: TenantID
        let order: OrderID
        let coupon: CouponID
        let customer: CustomerID
        let amount: Int64
        let ordinal: Int32
        let limit: Int32?
    }

    struct TrialGrant: Sendable {
        let tenant: TenantID
        let customer: CustomerID
        let plan: PlanID
        let order: OrderID
    }

    struct OrderRefund: Sendable {
        let tenant: TenantID
        let order: OrderID
        let refunded: Int64
        let wholesaleRefunded: Int64
        let isWhole: Bool
    }

    struct Remembered: Sendable {
        let tenant: TenantID
        let name: IdempotencyName
        let fingerprint: [UInt8]
        let command: CommandID
        let answer: RememberedAnswer
    }

    struct Event: Sendable {
        let tenant: TenantID
        let id: CommandID
        let kind: String
        let customer: CustomerID?
        /// JSON text.
        let payload: String
    }

    var entries: [JournalEntry] = []
    var orders: [NewOrder] = []
    var subscriptions: [NewSubscription] = []
    /// One change per subscription: a later one of the same group replaces the earlier.
    var subscriptionChanges: [TenantKey<SubscriptionID>: SubscriptionChange] = [:]
    var terms: [Term] = []
    var redemptions: [Redemption] = []
    /// Uses won (+) or given back (-), by coupon.
    var couponCounts: [TenantKey<CouponID>: Int32] = [:]
    var releasedRedemptions: [(tenant: TenantID, order: OrderID)] = []
    var trialGrants: [TrialGrant] = []
    var refunds: [TenantKey<OrderID>: OrderRefund] = [:]
    var remembered: [Remembered] = []
    var events: [Event] = []
    var stock = StockChanges()

    var isEmpty: Bool { entries.isEmpty }
}
