internal import Billing
internal import Catalog
internal import Primitives

extension Model {
    /// Gives an order's money back: in parts, or with the last of it as a whole, which takes the service back too.
    mutating func refund(
        _ customer: Int, _ number: Int, _ asked: Money?, _ keepsService: Bool, _ request: Request
    ) throws(Refusal) -> Verdict {
        // A closed customer can still be given money back.
        guard customers[Name(tenant: request.tenant, number: customer)] != nil else { throw .customerUnknown }
        let name = Name(tenant: request.tenant, number: number)
        guard var order = orders[name], order.customer == customer else { throw .orderUnknown }
        let amount = try refundable(order, asked)

        order.refunded += amount.minor
        order.isRefunded = order.refunded == order.total
        let takesBack = order.isRefunded && !keepsService
        let sold = takesBack ? try returnable(name) : []
        // In proportion to the retail given back so far, rounded down; with the last of it, all that is left.
        let due =
            order.isRefunded
            ? order.wholesale ?? 0
            : Int64(Int128(order.wholesale ?? 0) * Int128(order.refunded) / Int128(order.total))
        let wholesale = due - order.wholesaleRefunded
        order.wholesaleRefunded = due

        func place(_ purse: Place.Purse) -> Place {
            Place(tenant: request.tenant, purse: purse, currency: order.currency)
        }
        let movements = [
            Movement(from: place(.revenue), to: place(.wallet(customer)), amount: amount.minor),
            Movement(from: place(.platformRevenue), to: place(.float), amount: wholesale),
        ].filter { $0.amount > 0 }
        let verdict = try move(movements, amount, balanceOf: place(.wallet(customer)), nil, request)
        guard case .moved(_, let balance) = verdict else { return .failed }

        orders[name] = order
        sights.append(order.isRefunded ? (asked == nil ? .refundedWhole : .refundedLastPart) : .refundedPart)
        if order.total == 0 { sights.append(.cancelledFreeOrder) }
        if order.isRefunded { redemptions[name]?.isGivenBack = true }
        for subscription in sold { takeBack(subscription, of: name) }
        let ended = sold.filter { subscriptions[$0]!.isEnded }
        if order.kind == .renewal && takesBack { sights.append(.refundedRenewal) }
        if !ended.isEmpty { sights.append(.endedByRefund) }
        return .refunded(amount, balance: balance, isWhole: order.isRefunded, ended: Set(ended))
    }

    private func refundable(_ order: Order, _ asked: Money?) throws(Refusal) -> Money {
        let left = Money(minor: order.total - order.refunded, currency: order.currency)
        if let asked, asked.currency != order.currency || asked.minor <= 0 { throw .amountInvalid }
        if order.isRefunded { throw .refundExceedsPayment(refundable: left) }
        // Without an amount, all that is left; of an order that cost nothing, its cancellation.
        guard let asked else { return left }
        guard asked.minor <= left.minor else { throw .refundExceedsPayment(refundable: left) }
        return asked
    }

    /// The living subscriptions that an order has paid for; none of them may have been paid for again after it.
    private func returnable(_ order: Name) throws(Refusal) -> [SubscriptionName] {
        let sold = subscriptions.filter { _, it in
            it.tenant == order.tenant && !it.isEnded && it.terms.contains { $0.order == order.number }
        }
        for (_, subscription) in sold {
            let after = subscription.terms.reversed().prefix { $0.order != order.number }
            if after.contains(where: \.serves) { throw .serviceNotReturnable }
        }
        return Array(sold.keys)
    }

    /// Cuts what the order has paid for and is still to come; a subscription that nothing is left of ends, and its slots go
    /// back. The next period has a new number all the same.
    private mutating func takeBack(_ name: SubscriptionName, of order: Name) {
        var it = subscriptions[name]!
        for place in it.terms.indices where it.terms[place].order == order.number {
            if it.terms[place].cut == nil && it.terms[place].end > now {
                it.terms[place].cut = max(now, it.terms[place].start)
            }
        }
        let last = it.terms.last(where: \.serves)
        it.end = last.map { $0.cut ?? $0.end } ?? it.terms[0].start
        if let last, it.end > now {
            it.plan = orders[Name(tenant: it.tenant, number: last.order)]!.plan
            subscriptions[name] = it
        } else {
            it.isEnded = true
            subscriptions[name] = it
            giveBack(name)
        }
    }
}
