public import Primitives

extension Coupon {
    /// Whether what is left of the budget is less than the coupon takes off the cheapest order that it is good for; without a
    /// budget, never.
    ///
    /// - Parameter prices: what one period costs of the plans that are for sale, in minor units of the budget's currency.
    public func hasUsedUpBudget(prices: [(plan: PlanID, minor: Int64)]) -> Bool {
        guard let budget else { return false }
        let least = prices.filter { $0.minor > 0 && planIDs?.contains($0.plan) ?? true }
            .compactMap { leastDiscount(at: $0.minor, budget.currency) }.min()
        // A discount that rounds down to nothing always fits, and is none.
        return budget.minor - discountedMinor < max(1, least ?? 1)
    }

    /// What the smallest order at this price is discounted by, in minor units; `nil` where none reaches the minimum.
    ///
    /// Not every number of periods can be had in one order, so this may be too little, and never too much.
    private func leastDiscount(at price: Int64, _ currency: Currency) -> Int64? {
        let periods = max(1, ((minimum?.minor ?? 0) + price - 1) / price)
        guard periods <= Int64(Quantity.cap) * Int64(RepeatCount.cap),
            let list = Money(minor: price, currency: currency).multiplied(by: periods)
        else { return nil }
        return amount(of: list).amount.minor
    }
}
