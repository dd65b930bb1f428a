public import Catalog
public import Primitives

/// Places an order that waits for money: priced and bought later at that price, or not at all. It takes nothing from the
/// shelf, and reserves the coupon's use.
public struct Placement: Sendable {
    /// What shall be bought; its networks are not looked at.
    public var purchase: Purchase

    public init(_ purchase: Purchase) {
        self.purchase = purchase
    }
}

/// An order that now waits.
public struct PlacementReceipt: Sendable {
    public let order: OrderID
    public let plan: Plan
    public let total: Money
    public let discount: Money
    /// From then on money comes too late for it.
    public let expiresAt: Instant
}
