package import Primitives

/// An order as its revenue is recognised: what was charged for which time, and what went back of it.
///
/// Of a period that has been charged, what is deferred at a moment is what a cancellation at that moment would give back
/// (docs/refunds.md): its share of the order's total in proportion to the milliseconds that are left, rounded down. What
/// was charged, less what went back, less what is deferred is recognised; parts of any division of time sum to the whole.
package struct RecognisedOrder: Sendable, Hashable {
    package let placedAt: Instant
    /// In minor units, like every amount here.
    package let total: Int64
    package var terms: [Term] = []
    package var refunds: [Refund] = []

    package init(placedAt: Instant, total: Int64) {
        self.placedAt = placedAt
        self.total = total
    }

    /// A charged period, and where its time was taken back from.
    package struct Term: Sendable, Hashable {
        package let period: ServicePeriod
        /// Its share of the order's total.
        package let amount: Int64
        package let cut: Cut?

        package init(period: ServicePeriod, amount: Int64, cut: Cut? = nil) {
            self.period = period
            self.amount = amount
            self.cut = cut
        }
    }

    /// From where a period serves no more, and when that was decided.
    package struct Cut: Sendable, Hashable {
        package let from: Instant
        package let decidedAt: Instant

        package init(from: Instant, decidedAt: Instant) {
            self.from = from
            self.decidedAt = decidedAt
        }
    }

    package struct Refund: Sendable, Hashable {
        package let at: Instant
        package let amount: Int64

        package init(at: Instant, amount: Int64) {
            self.at = at
            self.amount = amount
        }
    }

    /// How an order stands before a moment: what has happened at the moment itself comes after it.
    package struct Standing: Sendable, Hashable {
        package let billed: Int64
        package let refunded: Int64
        /// What is still owed in service; never more than what is left of the payment.
        package let deferred: Int64

        package var recognised: Int64 { billed - refunded - deferred }
    }

    package func standing(before moment: Instant) -> Standing {
        guard placedAt < moment else { return Standing(billed: 0, refunded: 0, deferred: 0) }
        let refunded = refunds.reduce(0) { $0 + ($1.at < moment ? $1.amount : 0) }
        // A share of the total each, so the sum is at most the total.
        let unserved = terms.reduce(0) { $0 + $1.unserved(before: moment) }
        return Standing(billed: total, refunded: refunded, deferred: min(unserved, total - refunded))
    }
}

extension RecognisedOrder.Term {
    /// What the time is worth that is still to be served, as it was known before the moment.
    fileprivate func unserved(before moment: Instant) -> Int64 {
        guard let cut, cut.decidedAt < moment else { return worth(from: moment) }
        return max(0, worth(from: moment) - worth(from: cut.from))
    }

    /// Rounded down, so that an odd part of a minor unit counts as served.
    private func worth(from moment: Instant) -> Int64 {
        let left = period.end.milliseconds(since: max(moment, period.start))
        guard left > 0 else { return 0 }
        return Int64(Int128(amount) * Int128(left) / Int128(period.milliseconds))
    }
}
