internal import Billing
internal import Primitives

extension Model {
    /// Ends a subscription: with its paid time, or at once, which gives back what was paid for time that is not served, or
    /// all of it where it could not be delivered.
    mutating func cancel(_ it: Action.Cancellation, _ request: Request) throws(Refusal) -> Verdict {
        // A closed customer's subscription can still be ended.
        guard let customer = customers[Name(tenant: request.tenant, number: it.customer)] else {
            throw .customerUnknown
        }
        // Who has no principal may name what was bought at any door.
        guard let subscription = subscriptions[it.subscription], subscription.tenant == request.tenant,
            subscription.customer == it.customer, request.by == nil || subscription.door == request.door
        else { throw .subscriptionUnknown }
        guard !subscription.isEnded, subscription.end > now || it.way == .undeliverable else {
            throw .subscriptionEnded
        }
        var ended = subscription
        if it.way != .atEnd {
            ended = cut(subscription)
            ended.end = ended.terms.last(where: \.serves).map { $0.cut ?? $0.end } ?? ended.terms[0].start
            ended.isEnded = true
        }
        let given = it.keepsMoney ? [] : gifts(subscription, ended, it.way)
        let sum = given.reduce(Int128(0)) { $0 + Int128($1.amount) }
        guard let minor = Int64(exactly: sum) else { throw .amountTooLarge }
        let refund = Money(minor: minor, currency: customer.currency)
        if let expected = it.expected, expected != refund { throw .refundChanged(refund) }
        var tried = self
        try tried.giveBack(given)
        if request.isBroken { return .failed }

        self = tried
        subscriptions[it.subscription] = ended
        if ended.isEnded { giveBack(it.subscription) }
        see(it, given)
        let wallet = Place(
            tenant: request.tenant, purse: .wallet(it.customer), currency: customer.currency)
        return .cancelled(
            it.subscription, refund: refund,
            orders: Dictionary(uniqueKeysWithValues: given.map { ($0.name.number, $0.amount) }),
            balance: Money(minor: balances[wallet] ?? 0, currency: customer.currency), end: ended.end)
    }

    /// The subscription without the time that is to come.
    func cut(_ subscription: Subscription) -> Subscription {
        var it = subscription
        for place in it.terms.indices where it.terms[place].cut == nil && it.terms[place].end > now {
            it.terms[place].cut = max(now, it.terms[place].start)
        }
        return it
    }

    /// What goes back of one order.
    struct Gift {
        let name: Name
        let amount: Int64
        /// What it would have been, had nothing been given back before.
        let worth: Int64
        let isWhole: Bool
    }

    func gifts(
        _ before: Subscription, _ after: Subscription, _ way: Cancellation.Way
    ) -> [Gift] {
        var gifts: [Gift] = []
        for number in Set(before.terms.map(\.order)) {
            let name = Name(tenant: before.tenant, number: number)
            let terms = zip(before.terms, after.terms).filter { $0.0.order == number }
            let worth = terms.reduce(Int64(0)) { sum, term in
                switch way {
                case .atEnd: sum
                case .now: sum + (term.0.cut == term.1.cut ? 0 : value(term.1))
                case .undeliverable: sum + term.0.amount - value(term.0)
                }
            }
            let order = orders[name]!
            let amount = min(worth, order.total - order.refunded)
            // Of an order that cost nothing there is nothing to count: it goes back where nobody was served by it.
            let isUnused = way == .undeliverable || terms.allSatisfy { !$0.1.serves }
            let isWhole =
                order.total == 0
                ? way != .atEnd && order.quantity == 1 && isUnused : order.refunded + amount == order.total
            if !order.isRefunded && way != .atEnd && (amount > 0 || isWhole) {
                gifts.append(Gift(name: name, amount: amount, worth: worth, isWhole: isWhole))
            }
        }
        return gifts
    }

    /// What the time that was cut off a term is worth: in proportion, rounded down.
    private func value(_ term: Term) -> Int64 {
        guard let cut = term.cut else { return 0 }
        return Int64(
            Int128(term.amount) * Int128(term.end - cut) / Int128(term.end - term.start))
    }

    /// Order after order, each as the balances are by then.
    mutating func giveBack(_ gifts: [Gift]) throws(Refusal) {
        for gift in gifts.sorted(by: { $0.name < $1.name }) {
            var order = orders[gift.name]!
            order.refunded += gift.amount
            order.isRefunded = gift.isWhole
            let due =
                gift.isWhole
                ? order.wholesale ?? 0
                : Int64(Int128(order.wholesale ?? 0) * Int128(order.refunded) / Int128(order.total))
            func place(_ purse: Place.Purse) -> Place {
                Place(tenant: gift.name.tenant, purse: purse, currency: order.currency)
            }
            let movements = [
                Movement(from: place(.revenue), to: place(.wallet(order.customer)), amount: gift.amount),
                Movement(
                    from: place(.platformRevenue), to: place(.float), amount: due - order.wholesaleRefunded),
            ].filter { $0.amount > 0 }
            try check(movements)
            for movement in movements { post(movement) }
            order.wholesaleRefunded = due
            orders[gift.name] = order
            if gift.isWhole { redemptions[gift.name]?.isGivenBack = true }
        }
    }

    private mutating func see(_ it: Action.Cancellation, _ gifts: [Gift]) {
        switch it.way {
        case .now: sights.append(it.keepsMoney ? .cancelledWithoutMoney : .cancelledNow)
        case .atEnd: sights.append(.cancelledAtEnd)
        case .undeliverable: sights.append(.undeliverable)
        }
        if gifts.count > 1 { sights.append(.severalOrdersGivenBack) }
        for gift in gifts where gift.amount < gift.worth { sights.append(.givenBackBefore) }
        for gift in gifts where gift.isWhole { sights.append(.wholeOrderCancelled) }
    }
}
