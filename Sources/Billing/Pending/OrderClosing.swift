public import Catalog
public import Primitives

/// Ends an order that waits without its having been bought, and gives the coupon's use back.
public struct OrderClosing: Sendable {
    public enum Way: Sendable, Hashable {
        /// Its time is over: asked by the job, refused before.
        case expired
        /// Somebody took it back, for this reason.
        case cancelled(reason: String)
    }

    public var order: OrderID
    public var customer: CustomerID
    /// What the order reserved a use of: it says what is locked, and is compared with the order.
    public var coupon: CouponCode?
    public var way: Way

    public init(_ order: OrderID, of customer: CustomerID, coupon: CouponCode?, way: Way) {
        self.order = order
        self.customer = customer
        self.coupon = coupon
        self.way = way
    }
}

/// How an order ceased to wait. One whose time was over has expired, whoever closed it.
public struct ClosingReceipt: Sendable {
    public let order: OrderID
    public let state: PendingOrderState
}
