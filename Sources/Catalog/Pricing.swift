public import Primitives

/// Prices orders: the one place that quote, purchase, renewal and preview ask.
public enum Pricing {
    /// The price of an order; refuses in the order of `PricingRefusal`'s cases.
    ///
    /// A coupon applies once, to the order's whole list price, whatever the quantity. A trial costs nothing
    /// and moves nothing wholesale.
    public static func quote(
        plan: Plan, kind: OrderKind, quantity: Quantity, repeatCount: RepeatCount, coupon: CouponClaim?,
        at now: Instant
    ) throws(PricingRefusal) -> Quote {
        let (list, wholesale) = try listPrice(of: plan, kind, quantity, repeatCount)
        let discount: Money
        let remainder: Int64
        var promise: PromiseOutcome?
        switch coupon {
        case nil: (discount, remainder) = (.zero(list.currency), 0)
        case .named(let coupon, let user):
            (discount, remainder) = try self.discount(coupon, list, plan, kind, user, now)
        case .promised(let coupon):
            let promised = coupon.promisedDiscount(on: list, plan: plan.id)
            (promise, discount, remainder) = (promised.outcome, promised.amount, promised.remainder)
        case .reserved(let reserved):
            (discount, remainder) = (
                Money(minor: min(reserved.minor, list.minor), currency: list.currency), 0
            )
        }
        guard let total = list.subtracting(discount), !total.isNegative else {
            preconditionFailure("a discount exceeded the list price")
        }
        return Quote(
            list: list, discount: discount, total: total, wholesale: wholesale, remainder: remainder,
            promise: promise)
    }

    private static func listPrice(
        of plan: Plan, _ kind: OrderKind, _ quantity: Quantity, _ repeatCount: RepeatCount
    ) throws(PricingRefusal) -> (list: Money, wholesale: Money?) {
        switch kind {
        case .trial: return (.zero(plan.currency), nil)
        case .purchase, .renewal, .extension_, .planChange, .usage, .adjustment: break
        }
        guard let price = plan.price else { throw .notPriced }
        let periods = Int64(quantity.value) * Int64(repeatCount.value)
        guard let list = price.multiplied(by: periods) else { throw .amountTooLarge }
        guard let wholesalePrice = plan.wholesalePrice else { return (list, nil) }
        guard let wholesale = wholesalePrice.multiplied(by: periods) else { throw .amountTooLarge }
        return (list, wholesale)
    }

    private static func discount(
        _ coupon: Coupon, _ list: Money, _ plan: Plan, _ kind: OrderKind, _ user: CouponUser, _ now: Instant
    ) throws(PricingRefusal) -> (amount: Money, remainder: Int64) {
        do throws(CouponRefusal) {
            return try coupon.discount(on: list, plan: plan.id, kind: kind, by: user, at: now)
        } catch {
            throw .coupon(error)
        }
    }
}
