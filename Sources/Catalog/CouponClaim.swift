public import Primitives

/// How a coupon comes to an order: one at most.
public enum CouponClaim: Sendable {
    /// Whoever orders names it, so all its rules are asked.
    case named(Coupon, by: CouponUser)
    /// An earlier purchase promised it to the subscription that is renewed.
    case promised(Coupon)
    /// A use that was reserved, for this discount, when the order was placed: all rules were asked then.
    case reserved(Money)
}

/// What a coupon asks about the customer who names it.
public struct CouponUser: Sendable, Hashable {
    /// How often they have used the coupon and not given it back.
    public var redemptions: Int32
    /// In lower case; wanted only of a coupon that lists its customers.
    public var email: String?
    /// Whether an order of theirs stands; wanted only of a coupon for first orders.
    public var hasOrdered: Bool

    public init(redemptions: Int32 = 0, email: String? = nil, hasOrdered: Bool = false) {
        self.redemptions = redemptions
        self.email = email
        self.hasOrdered = hasOrdered
    }
}

/// What becomes of a promised discount at a renewal.
public enum PromiseOutcome: String, Sendable, Hashable {
    /// The renewal is discounted, and is one of those promised.
    case kept
    /// The coupon is not good for this plan or price: the list price is charged and the promise waits.
    case notCovered = "not_covered"
    /// What is left of the coupon's budget does not cover it: the list price is charged and the promise ends.
    case budgetExhausted = "budget_exhausted"
}
