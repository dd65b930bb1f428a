package import Primitives

/// What was taken back of a subscription's paid time.
package struct TakenTime: Sendable {
    /// The terms that were cut, each with where.
    package var cuts: [(index: Int32, at: Instant)] = []
    /// What the time was worth, in minor units, by the order that had paid for it; in the order of their terms.
    package var worth: [(order: OrderID, minor: Int64)] = []

    package init() {}

    mutating func add(_ minor: Int64, of order: OrderID) {
        if let place = worth.firstIndex(where: { $0.order == order }) {
            worth[place].minor += minor
        } else {
            worth.append((order, minor))
        }
    }
}

extension SubscriptionRow {
    /// Takes back the time from an instant on: all that is paid, or what one order has paid for.
    package mutating func takeBack(from instant: Instant, of order: OrderID? = nil) -> TakenTime {
        var taken = TakenTime()
        for place in terms.indices where order == nil || terms[place].order == order {
            guard let worth = terms[place].cut(from: instant), let cutAt = terms[place].cutAt else {
                continue
            }
            taken.cuts.append((terms[place].index, cutAt))
            taken.add(worth, of: terms[place].order)
        }
        return taken
    }

    /// What was paid for it and not taken back yet, in minor units, by order.
    package var worthKept: [(order: OrderID, minor: Int64)] {
        var taken = TakenTime()
        for term in terms { taken.add(term.worthKept, of: term.order) }
        return taken.worth
    }

    /// Whether later periods would hang in the air without those that an order has paid for.
    package func isBuiltUpon(_ order: OrderID) -> Bool {
        guard let last = terms.last(where: { $0.order == order }) else { return false }
        return terms.contains { $0.index > last.index && $0.order != order && $0.serves }
    }

    /// Until when its terms serve it; where none does, the moment at which the first would have begun.
    package var servedUntil: Instant {
        terms.last(where: \.serves)?.servesUntil ?? terms.first?.period.start ?? activeUntil
    }

    /// Stands where the time that is left has brought it: with its plan, its anchor and its next automatic renewal. One
    /// that has no time left ends.
    ///
    /// - Parameter moment: from when on time was taken back; now, or a little before it.
    package mutating func fallBack(from moment: Instant, at now: Instant) {
        guard let last = terms.last(where: \.serves), servedUntil > moment else { return end() }
        activeUntil = servedUntil
        plan = last.plan
        anchor = last.anchor
        automatic = automatic.fallenBack(to: last.period, at: now)
    }

    /// Ends with what was served; nothing renews it any more.
    package mutating func end() {
        activeUntil = servedUntil
        isEnded = true
        automatic = automatic.stopped
    }
}
