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
        /// Whose price list priced it; `nil` for the plan's own price.
        package let priceList: GroupPrice?
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
        /// What its end was counted from; `nil` of a fixed length.
        package let anchor: CalendarAnchor?
    }

    package struct TermCut: Sendable {
        package let tenant: TenantID
        package let subscription: SubscriptionID
        package let index: Int32
        package let at: Instant
    }

    package struct Redemption: Sendable {
        package let tenant: TenantID
        package let order: OrderID
        package let coupon: CouponID
        package let customer: CustomerID
        package let amount: Int64
        /// Its number among the customer's uses; `nil` of a promised renewal.
        package let ordinal: Int32?
        package let limit: Int32?
        package let isFirstOrder: Bool
        /// Of a promised renewal: whose, and its number among those promised.
        package let subscription: SubscriptionID?
        package let renewal: Int32?
        /// Set where its order was given back by the same group.
        package var release: ReleaseReason?
        /// Whether its order waits for money.
        package var isReserved = false
    }

    package struct Release: Sendable {
        package let tenant: TenantID
        package let order: OrderID
        package let reason: ReleaseReason
        /// Whether its order never came to be.
        package var wasReserved = false
    }

    /// Why a coupon's use came back.
    package enum ReleaseReason: String, Sendable {
        case refunded, cancelled, undeliverable, expired
    }

    /// What a coupon's uses won (+) or gave back (-).
    package struct CouponCount: Sendable {
        package var uses: Int32 = 0
        package var discounted: Int64 = 0
    }

    package struct NewPromise: Sendable {
        package let tenant: TenantID
        package let subscription: SubscriptionID
        package let coupon: CouponID
        package let renewals: Int32
    }

    package struct PromiseChange: Sendable {
        package let renewalsLeft: Int32
        /// Set where the promise ends with this change.
        package let end: PromiseEnd?
    }

    /// An order whose subscriptions are promised nothing any more.
    package struct BrokenPromise: Sendable {
        package let tenant: TenantID
        package let order: OrderID
        package let customer: CustomerID
    }

    /// Why a promise is over.
    package enum PromiseEnd: String, Sendable {
        case kept
        case budgetExhausted = "budget_exhausted"
        case orderRefunded = "order_refunded"
        case subscriptionEnded = "subscription_ended"
    }

    package struct NewPendingOrder: Sendable {
        package let tenant: TenantID
        package let id: OrderID
        package let customer: CustomerID
        package let principal: PrincipalID?
        package let dialect: DialectName
        package let plan: PlanID
        package let planVersion: Int32
        package let quantity: Int32
        package let repeatCount: Int32
        package let exit: Exit?
        package let coupon: CouponID?
        package let quote: Quote
        package let expiresAt: Instant
    }

    package struct PendingChange: Sendable {
        package let state: PendingOrderState
        package let entry: JournalEntryID?
        package let reason: String?
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

    /// Accounts that the group is the first to need.
    package var opened: [Account] = []
    package var entries: [JournalEntry] = []
    package var orders: [NewOrder] = []
    package var subscriptions: [NewSubscription] = []
    /// One change per subscription: a later one of the same group replaces the earlier.
    package var subscriptionChanges: [TenantKey<SubscriptionID>: SubscriptionChange] = [:]
    /// Exits that were agreed anew, and `nil` where there is no choice any more.
    package var exits: [TenantKey<SubscriptionID>: Exit?] = [:]
    package var terms: [Term] = []
    /// Each term at most once; it may be one of `terms`.
    package var termCuts: [TermCut] = []
    /// Subscriptions that this group has ended, as it is told once of each whoever ends it.
    var ends: [(event: OnceEvent, id: CommandID)] = []
    package var redemptions: [Redemption] = []
    package var couponCounts: [TenantKey<CouponID>: CouponCount] = [:]
    package var releasedRedemptions: [Release] = []
    package var promises: [NewPromise] = []
    /// One change per promise: a later one of the same group replaces the earlier.
    package var promiseChanges: [TenantKey<SubscriptionID>: PromiseChange] = [:]
    /// Purchases that were wholly given back, which ends what was promised to their subscriptions.
    package var brokenPromises: [BrokenPromise] = []
    /// Subscriptions that have ended, and with them what was promised.
    package var endedPromises: [TenantKey<SubscriptionID>] = []
    package var pendingOrders: [NewPendingOrder] = []
    /// One change per order: a later one of the same group replaces the earlier.
    package var pendingChanges: [TenantKey<OrderID>: PendingChange] = [:]
    /// Orders whose reserved use of a coupon has become one.
    package var committedRedemptions: [TenantKey<OrderID>] = []
    /// Payments and what goes back of them, as the group leaves them: once each.
    package var payments: [TenantKey<PaymentID>: PaymentRow] = [:]
    package var trialGrants: [TrialGrant] = []
    package var refunds: [TenantKey<OrderID>: OrderRefund] = [:]
    package var remembered: [Remembered] = []
    package var events: [Event] = []
    package var stock = StockChanges()

    package var isEmpty: Bool { events.isEmpty }
}
