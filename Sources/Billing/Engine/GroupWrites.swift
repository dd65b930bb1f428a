package import Catalog
package import Primitives

/// The rows that a group's decisions write, next to the books' own.
package struct GroupWrites: Sendable {
    package struct NewOrder: Sendable {
        package let tenant: TenantID
        package let id: OrderID
        package let customer: CustomerID
        package let principal: PrincipalID?
        package let dialect: DialectName
        package let kind: OrderKind
        package let plan: PlanID
        package let planVersion: Int32
        package let subscription: SubscriptionID?
        package let quantity: Int32
        package let repeatCount: Int32
        package let quote: Quote
        package let coupon: CouponID?
    }

    package struct NewSubscription: Sendable {
        package let tenant: TenantID
        package let id: SubscriptionID
        package let customer: CustomerID
        package let order: OrderID
        package let plan: PlanID
        package let dialect: DialectName
        package let isTrial: Bool
        package let period: ServicePeriod
        package let periods: Int32
        package let anchor: CalendarAnchor?
        package let exit: Exit?
        /// When it is first renewed by itself; `nil`: nobody does.
        package let renewsAt: Instant?
    }

    package struct SubscriptionChange: Sendable {
        package let tenant: TenantID
        package let id: SubscriptionID
        package let plan: PlanID
        package let activeUntil: Instant
        package let anchor: CalendarAnchor?
        package let nextPeriod: Int32
        package let automatic: AutoRenewal
        /// Set where the subscription ends with this change.
        package let endedAt: Instant?
    }

    package struct Term: Sendable {
        package let tenant: TenantID
        package let subscription: SubscriptionID
        package let index: Int32
        package let order: OrderID
        package let period: ServicePeriod
        package let amount: Int64
    }

    package struct Redemption: Sendable {
        package let tenant: TenantID
        package let order: OrderID
        package let coupon: CouponID
        package let customer: CustomerID
        package let amount: Int64
        package let ordinal: Int32
        package let limit: Int32?
    }

    package struct TrialGrant: Sendable {
        package let tenant: TenantID
        package let customer: CustomerID
        package let plan: PlanID
        package let order: OrderID
    }

    package struct OrderRefund: Sendable {
        package let tenant: TenantID
        package let order: OrderID
        package let refunded: Int64
        package let wholesaleRefunded: Int64
        package let isWhole: Bool
    }

    package struct Remembered: Sendable {
        package let tenant: TenantID
        package let name: IdempotencyName
        package let fingerprint: [UInt8]
        package let command: CommandID
        package let answer: RememberedAnswer
    }

    package struct Event: Sendable {
        package let tenant: TenantID
        package let id: CommandID
        package let kind: String
        package let customer: CustomerID?
        /// JSON text.
        package let payload: String
    }

    package var entries: [JournalEntry] = []
    package var orders: [NewOrder] = []
    package var subscriptions: [NewSubscription] = []
    /// One change per subscription: a later one of the same group replaces the earlier.
    package var subscriptionChanges: [TenantKey<SubscriptionID>: SubscriptionChange] = [:]
    package var terms: [Term] = []
    package var redemptions: [Redemption] = []
    /// Uses won (+) or given back (-), by coupon.
    package var couponCounts: [TenantKey<CouponID>: Int32] = [:]
    package var releasedRedemptions: [(tenant: TenantID, order: OrderID)] = []
    package var trialGrants: [TrialGrant] = []
    package var refunds: [TenantKey<OrderID>: OrderRefund] = [:]
    package var remembered: [Remembered] = []
    package var events: [Event] = []
    package var stock = StockChanges()

    package var isEmpty: Bool { entries.isEmpty }
}
