package import Catalog
package import Primitives

/// An order that waits for money, or has, under the group's lock.
package struct PendingRow: Sendable {
    package let id: OrderID
    package let customer: CustomerID
    package let dialect: DialectName
    package let plan: PlanID
    /// How long a period of the plan was when the order was placed.
    package let duration: PlanDuration?
    package let quantity: Quantity
    package let repeatCount: RepeatCount
    package let exit: Exit?
    /// The coupon that it reserved a use of.
    package let coupon: CouponID?
    /// The number of that use, among its customer's.
    package let couponOrdinal: Int32?
    package let discount: Money
    package let total: Money
    package var state: PendingOrderState
    package let expiresAt: Instant
}
