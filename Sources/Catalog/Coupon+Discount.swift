public import Primitives

extension Coupon {
    /// What the coupon takes off an order of this list price, rounded down and never more than the price.
    ///
    /// Refusals are looked for in the order of `CouponRefusal`'s cases, so an order that breaks two rules
    /// always hears about the same one.
    /// - Returns: the discount, and the ten-thousandths of a minor unit that rounding down took from it.
    public func discount(
        on list: Money, plan: PlanID, kind: OrderKind, customerRedemptions: Int32, at now: Instant
    ) throws(CouponRefusal) -> (amount: Money, remainder: Int64) {
        guard isActive else { throw .inactive }
        if let startsAt, now < startsAt { throw .notStarted }
        if let endsAt, now >= endsAt { throw .ended }
        if let maxRedemptions, redeemedCount >= maxRedemptions { throw .exhausted }
        if let perCustomer, customerRedemptions >= perCustomer { throw .customerLimitReached }
        if let planIDs, !planIDs.contains(plan) { throw .planNotCovered }
        if let kinds, !kinds.contains(kind) { throw .kindNotCovered }
        guard isIn(list.currency) else { throw .currencyMismatch }
        if let minimum, list.minor < minimum.minor { throw .belowMinimum(minimum) }
        switch discount {
        case .percent(let share):
            let (amount, remainder) = list.share(share)
            return (amount, remainder)
        case .amount(let amount):
            return (Money(minor: min(amount.minor, list.minor), currency: list.currency), 0)
        }
    }

    /// Whether every amount that the coupon names is in this currency.
    private func isIn(_ currency: Currency) -> Bool {
        if let minimum, minimum.currency != currency { return false }
        switch discount {
        case .percent: return true
        case .amount(let amount): return amount.currency == currency
        }
    }
}
