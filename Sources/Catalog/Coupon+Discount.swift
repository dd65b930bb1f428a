public import Primitives

extension Coupon {
    /// What the coupon takes off an order of this list price, rounded down and never more than the price.
    ///
    /// Refusals are looked for in the order of `CouponRefusal`'s cases, so an order that breaks two rules
    /// always hears about the same one.
    /// - Returns: the discount, and the ten-thousandths of a minor unit that rounding down took from it.
    public func discount(
        on list: Money, plan: PlanID, kind: OrderKind, by user: CouponUser, at now: Instant
    ) throws(CouponRefusal) -> (amount: Money, remainder: Int64) {
        guard isActive else { throw .inactive }
        if let startsAt, now < startsAt { throw .notStarted }
        if let endsAt, now >= endsAt { throw .ended }
        if let maxRedemptions, redeemedCount >= maxRedemptions { throw .exhausted }
        if let customers, !customers.contains(user.email ?? "") { throw .customerNotCovered }
        if let perCustomer, user.redemptions >= perCustomer { throw .customerLimitReached }
        if isFirstOrderOnly && user.hasOrdered { throw .notFirstOrder }
        if let planIDs, !planIDs.contains(plan) { throw .planNotCovered }
        if let kinds, !kinds.contains(kind) { throw .kindNotCovered }
        guard isIn(list.currency) else { throw .currencyMismatch }
        if let minimum, list.minor < minimum.minor { throw .belowMinimum(minimum) }
        let discount = amount(of: list)
        guard fitsBudget(discount.amount) else { throw .budgetExhausted }
        return discount
    }

    /// What the coupon takes off a renewal that an earlier purchase was promised it for.
    ///
    /// A promise outlives the coupon's window, its limits and its being switched off; plan, minimum and budget are
    /// asked each time. Nothing is refused: where the promise cannot be kept, the renewal costs its list price.
    public func promisedDiscount(
        on list: Money, plan: PlanID
    ) -> (outcome: PromiseOutcome, amount: Money, remainder: Int64) {
        guard planIDs?.contains(plan) ?? true, isIn(list.currency), list.minor >= minimum?.minor ?? .min
        else { return (.notCovered, .zero(list.currency), 0) }
        let (amount, remainder) = amount(of: list)
        guard fitsBudget(amount) else { return (.budgetExhausted, .zero(list.currency), 0) }
        return (.kept, amount, remainder)
    }

    /// What it takes off a list price, and the ten-thousandths of a minor unit that rounding down took from it.
    func amount(of list: Money) -> (amount: Money, remainder: Int64) {
        switch discount {
        case .percent(let percentage):
            let (share, remainder) = list.share(percentage)
            guard let maxDiscount, maxDiscount.minor < share.minor else { return (share, remainder) }
            // A cap is exact: nothing of it is lost to rounding.
            return (maxDiscount, 0)
        case .amount(let amount):
            return (Money(minor: min(amount.minor, list.minor), currency: list.currency), 0)
        }
    }

    /// Whether the whole discount may still be given; without a budget, whether it can still be counted.
    private func fitsBudget(_ amount: Money) -> Bool {
        let (sum, overflows) = discountedMinor.addingReportingOverflow(amount.minor)
        return !overflows && sum <= budget?.minor ?? .max
    }

    /// Whether every amount that the coupon names is in this currency.
    private func isIn(_ currency: Currency) -> Bool {
        for amount in [minimum, maxDiscount, budget] {
            if let amount, amount.currency != currency { return false }
        }
        switch discount {
        case .percent: return true
        case .amount(let amount): return amount.currency == currency
        }
    }
}
