public import Primitives

/// An order's price before it is placed; the charge equals the quote or fails.
public struct Quote: Sendable, Hashable {
    /// Price × repeatCount × quantity.
    public let list: Money
    /// What the coupon takes off: 0 … list.
    public let discount: Money
    /// list − discount; may be zero.
    public let total: Money
    /// What the tenant owes the platform; no coupon of the tenant lowers it. `nil` where nothing moves
    /// wholesale.
    public let wholesale: Money?
    /// Ten-thousandths of a minor unit, 0…9 999, by which the exact percentage exceeds `discount`.
    ///
    /// A percentage discount is rounded down (contracts/gate.md G3), so this fraction stays in the total. 0 where
    /// the coupon's greatest discount capped it.
    public let remainder: Int64
    /// What became of the discount that an earlier purchase promised to this renewal; `nil` where none was.
    public let promise: PromiseOutcome?
}

/// Why an order has no price.
public enum PricingRefusal: Error, Sendable, Hashable {
    /// The plan's price is agreed with a person, not sold by machine.
    case notPriced
    /// Price × repeatCount × quantity leaves Int64.
    case amountTooLarge
    case coupon(CouponRefusal)
}
