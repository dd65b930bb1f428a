public import Catalog
public import Primitives

/// Where an order is that waits for money, as `pending_orders.state` spells it.
public enum PendingOrderState: String, Sendable, Hashable, CaseIterable {
    case pending
    /// Paid and bought.
    case settled
    /// Nobody paid in time.
    case expired
    /// Taken back, or paid when it could not be bought.
    case cancelled
}

/// An order that waits, or has waited, for its money; what it buys in the end is an order of the same id.
public struct PendingOrder: Sendable, Hashable {
    public let tenant: TenantID
    public let id: OrderID
    public let customer: CustomerID
    public let principal: PrincipalID?
    public let dialect: DialectName
    public let plan: PlanID
    /// Where the plan takes its slots from now.
    public let networks: [NetworkID]
    public let quantity: Quantity
    public let repeatCount: RepeatCount
    public let coupon: CouponCode?
    public let list: Money
    public let discount: Money
    public let total: Money
    public let state: PendingOrderState
    public let placedAt: Instant
    public let expiresAt: Instant
    public let closedAt: Instant?
    /// Why it was not bought when money last came, or why it was cancelled.
    public let reason: String?

    /// How long an order waits, in ms.
    public static let lifeMilliseconds: Int64 = 86_400_000
    /// How many orders of one customer may wait at once: each may hold a coupon's use that others want.
    public static let perCustomerMax = 20
}
