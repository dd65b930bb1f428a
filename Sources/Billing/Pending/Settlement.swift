public import Catalog
public import Primitives

/// Money that has arrived for an order that waits: it goes onto the customer's wallet whatever becomes of the order, and
/// the order is bought in the same transaction if it can be.
///
/// It carries what the order is made of, because that says what is locked; the engine compares it with the order.
public struct Settlement: Sendable {
    public var order: OrderID
    public var customer: CustomerID
    public var plan: PlanID
    public var networks: [NetworkID]
    public var quantity: Quantity
    public var coupon: CouponCode?
    public var amount: Money
    /// The outside name of the settlement; a tenant's references are unique, so a repeat changes nothing.
    public var reference: String
    public var memo: String?
    public var actor: String?

    public init(
        of order: PendingOrder, amount: Money, reference: String, memo: String? = nil, actor: String? = nil
    ) {
        self.order = order.id
        customer = order.customer
        plan = order.plan
        networks = order.networks
        quantity = order.quantity
        coupon = order.coupon
        self.amount = amount
        self.reference = reference
        self.memo = memo
        self.actor = actor
    }
}

/// Where the money of a settlement went.
public struct SettlementReceipt: Sendable {
    public let order: OrderID
    /// The top-up, and what the wallet holds after everything.
    public let movement: MovementReceipt
    public let result: SettlementResult
}

/// What became of the order that money had arrived for.
public enum SettlementResult: Sendable {
    case bought(PurchaseReceipt)
    /// The wallet does not hold enough yet: the order goes on waiting.
    case waits(Refusal)
    /// It could not be bought as it was quoted, and waits no longer; the money is the customer's.
    case notFulfilled(reason: String)
    /// It had ceased to wait, for this; the money is the customer's.
    case late(PendingOrderState)
}
