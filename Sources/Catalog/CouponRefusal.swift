public import Primitives

/// Why a coupon is not good for an order.
///
/// The cases stand in the order in which they are looked for: what is wrong with the coupon, with who uses it, with the
/// order, and last what the discount would come to.
public enum CouponRefusal: Error, Sendable, Hashable {
    case inactive
    case notStarted
    case ended
    /// All its redemptions are used.
    case exhausted
    /// It is for other customers.
    case customerNotCovered
    /// This customer has used all of theirs.
    case customerLimitReached
    /// It is for a first order, and an order of this customer stands already.
    case notFirstOrder
    case planNotCovered
    case kindNotCovered
    /// An amount of the coupon's is in another currency than the plan.
    case currencyMismatch
    /// The order's list price is below this minimum.
    case belowMinimum(Money)
    /// What is left of its budget does not cover the whole discount; no part of it is given.
    case budgetExhausted

    /// The refusal's name for machines; stable.
    public var code: String {
        switch self {
        case .inactive: "coupon_inactive"
        case .notStarted: "coupon_not_started"
        case .ended: "coupon_ended"
        case .exhausted: "coupon_exhausted"
        case .customerNotCovered: "coupon_customer_not_covered"
        case .customerLimitReached: "coupon_customer_limit_reached"
        case .notFirstOrder: "coupon_not_first_order"
        case .planNotCovered: "coupon_plan_not_covered"
        case .kindNotCovered: "coupon_kind_not_covered"
        case .currencyMismatch: "coupon_currency_mismatch"
        case .belowMinimum: "coupon_below_minimum"
        case .budgetExhausted: "coupon_budget_exhausted"
        }
    }
}
