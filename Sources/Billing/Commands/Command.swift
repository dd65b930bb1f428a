public import Catalog
public import Primitives

/// Something that moves money, asked of the engine by a door, the admin API or a job.
public enum Command: Sendable {
    case purchase(Purchase)
    case renewal(Renewal)
    case trial(Trial)
    case topUp(TopUp)
    case floatTopUp(FloatTopUp)
    case refund(Refund)
    case cancellation(Cancellation)
    case planChange(PlanChange)
    case adjustment(Adjustment)
    case placement(Placement)
    case settlement(Settlement)
    case closing(OrderClosing)
    case payment(PaymentMovement)
}

/// Buys `quantity` subscriptions that last `repeatCount` periods each.
public struct Purchase: Sendable {
    public var customer: CustomerID
    public var plan: PlanID
    /// Where the plan takes its slots from, as the door's catalogue has it; the engine checks it under its own read.
    public var networks: [NetworkID]
    /// Which of the plan's exits; the engine checks it, and takes the plan's first of what is left out.
    public var exit: ExitChoice?
    public var quantity: Quantity
    public var repeatCount: RepeatCount
    public var coupon: CouponCode?
    /// The total the customer was quoted; the charge equals it or the order is refused.
    public var expectedTotal: Money?

    public init(
        customer: CustomerID, plan: PlanID, networks: [NetworkID], exit: ExitChoice? = nil,
        quantity: Quantity = .one,
        repeatCount: RepeatCount = .one, coupon: CouponCode? = nil, expectedTotal: Money? = nil
    ) {
        self.customer = customer
        self.plan = plan
        self.networks = networks
        self.exit = exit
        self.quantity = quantity
        self.repeatCount = repeatCount
        self.coupon = coupon
        self.expectedTotal = expectedTotal
    }
}

/// Extends one subscription by `repeatCount` periods of an eligible plan.
public struct Renewal: Sendable {
    public var customer: CustomerID
    public var subscription: SubscriptionID
    public var plan: PlanID
    public var repeatCount: RepeatCount
    public var coupon: CouponCode?
    public var expectedTotal: Money?
    /// Where nobody asked but the subscription's own time: where it has to stand for that still to be right.
    public var automatic: AutomaticRenewal?

    public init(
        customer: CustomerID, subscription: SubscriptionID, plan: PlanID, repeatCount: RepeatCount = .one,
        coupon: CouponCode? = nil, expectedTotal: Money? = nil, automatic: AutomaticRenewal? = nil
    ) {
        self.automatic = automatic
        self.customer = customer
        self.subscription = subscription
        self.plan = plan
        self.repeatCount = repeatCount
        self.coupon = coupon
        self.expectedTotal = expectedTotal
    }
}

/// Starts a plan's free trial; once per customer and plan.
public struct Trial: Sendable {
    public var customer: CustomerID
    public var plan: PlanID
    public var networks: [NetworkID]

    public init(customer: CustomerID, plan: PlanID, networks: [NetworkID]) {
        self.customer = customer
        self.plan = plan
        self.networks = networks
    }
}

/// Money that arrived from outside, put on a customer's wallet under the settlement's own reference.
public struct TopUp: Sendable {
    public var customer: CustomerID
    public var amount: Money
    /// The outside name of the settlement; a tenant's references are unique, so a repeat changes nothing.
    public var reference: String
    public var memo: String?
    public var actor: String?

    public init(
        customer: CustomerID, amount: Money, reference: String, memo: String? = nil, actor: String? = nil
    ) {
        self.customer = customer
        self.amount = amount
        self.reference = reference
        self.memo = memo
        self.actor = actor
    }
}

/// Money that a tenant prepaid to the platform, put on its wholesale float.
public struct FloatTopUp: Sendable {
    public var amount: Money
    public var reference: String
    public var actor: String?

    public init(amount: Money, reference: String, actor: String? = nil) {
        self.amount = amount
        self.reference = reference
        self.actor = actor
    }
}

/// Gives the money of an order back, by a reversal.
///
/// A whole refund also takes back the time that the order paid for, unless it is told to leave it: what a renewal added is
/// cut off, and a subscription that has no time left ends and returns its slots. Orders go back the latest first. A refund
/// in parts leaves the service as it is. The coupon's use comes back with the whole, unless the reason is one that keeps it.
public struct Refund: Sendable {
    public var customer: CustomerID
    public var order: OrderID
    /// `nil`: all that has not been given back yet; of an order that cost nothing, its cancellation.
    public var amount: Money?
    /// Gives money back as a courtesy: what was bought goes on.
    public var keepsService: Bool
    public var reason: RefundReason
    public var memo: String?
    public var actor: String?
    /// The moment of the preview whose figures it has to come to; `nil`: now.
    public var asOf: Instant?

    public init(
        customer: CustomerID, order: OrderID, amount: Money? = nil, keepsService: Bool = false,
        reason: RefundReason = .requested, memo: String? = nil, actor: String? = nil, asOf: Instant? = nil
    ) {
        self.asOf = asOf
        self.customer = customer
        self.order = order
        self.amount = amount
        self.keepsService = keepsService
        self.reason = reason
        self.memo = memo
        self.actor = actor
    }
}

/// A correction by hand: a positive amount is granted to the wallet, a negative one taken from it.
public struct Adjustment: Sendable {
    public var customer: CustomerID
    public var amount: Money
    public var reference: String?
    public var memo: String
    public var actor: String

    public init(customer: CustomerID, amount: Money, reference: String? = nil, memo: String, actor: String) {
        self.customer = customer
        self.amount = amount
        self.reference = reference
        self.memo = memo
        self.actor = actor
    }
}
