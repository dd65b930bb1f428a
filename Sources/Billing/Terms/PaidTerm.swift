package import Primitives

/// One paid period of a subscription, as its row stands.
package struct PaidTerm: Sendable, Hashable {
    package let index: Int32
    package let order: OrderID
    /// The plan that the order was for.
    package let plan: PlanID
    package let period: ServicePeriod
    /// Its share of the order's total, in minor units.
    package let amount: Int64
    /// What its end was counted from; `nil` of a fixed length.
    package let anchor: CalendarAnchor?
    /// Where its time was taken back from; at its start: all of it. Set once.
    package private(set) var cutAt: Instant?

    package init(
        index: Int32, order: OrderID, plan: PlanID, period: ServicePeriod, amount: Int64,
        anchor: CalendarAnchor?, cutAt: Instant? = nil
    ) {
        self.index = index
        self.order = order
        self.plan = plan
        self.period = period
        self.amount = amount
        self.anchor = anchor
        self.cutAt = cutAt
    }

    /// Whether it serves any time at all, or did.
    package var serves: Bool { cutAt != period.start }
    /// Until when it serves, where it does.
    package var servesUntil: Instant { cutAt ?? period.end }

    /// What its time from an instant on is worth of its amount, in minor units: in proportion to its milliseconds, rounded
    /// down, so that the odd part stays with who served.
    package func worth(from instant: Instant) -> Int64 {
        let left = period.end.milliseconds(since: max(instant, period.start))
        guard left > 0 else { return 0 }
        return Int64(Int128(amount) * Int128(left) / Int128(period.milliseconds))
    }

    /// What of its amount no cut has taken back, in minor units.
    package var worthKept: Int64 { amount - (cutAt.map(worth(from:)) ?? 0) }

    /// Takes its time back from an instant on; what that is worth in minor units, or `nil` where nothing is left to take.
    package mutating func cut(from instant: Instant) -> Int64? {
        guard cutAt == nil, instant < period.end else { return nil }
        cutAt = max(instant, period.start)
        return worth(from: instant)
    }
}
