public import Catalog
public import Primitives

/// Puts a subscription on another plan of its product, up or down, from now on.
///
/// The time that was paid for and is still to come is taken back and credited at what was paid for it; then the new plan's
/// first period begins, at its full price of today. One figure is asked for: price less credit, which may be negative. No
/// coupon discounts it; what an earlier purchase promised to renewals stays promised.
public struct PlanChange: Sendable {
    public var customer: CustomerID
    public var subscription: SubscriptionID
    public var plan: PlanID
    /// Which of the new plan's exits; what is left out stays as it is where the plan offers that, else it is the plan's
    /// first.
    public var exit: ExitChoice?
    /// The price less the credit, as the customer was shown it; it is charged or given back, or nothing is done.
    public var expectedTotal: Money?
    /// The moment of the preview whose figures it has to come to; `nil`: now.
    public var asOf: Instant?
    public var memo: String?
    public var actor: String?

    public init(
        customer: CustomerID, subscription: SubscriptionID, plan: PlanID, exit: ExitChoice? = nil,
        expectedTotal: Money? = nil, asOf: Instant? = nil, memo: String? = nil, actor: String? = nil
    ) {
        self.asOf = asOf
        self.customer = customer
        self.subscription = subscription
        self.plan = plan
        self.exit = exit
        self.expectedTotal = expectedTotal
        self.memo = memo
        self.actor = actor
    }
}
