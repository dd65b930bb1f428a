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
        if order.isRefunded && !keepsService { try checkReturnable(order, number) }
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
        guard verdict != .failed else { return .failed }

        orders[name] = order
        sights.append(order.isRefunded ? (asked == nil ? .refundedWhole : .refundedLastPart) : .refundedPart)
        if order.total == 0 { sights.append(.cancelledFreeOrder) }
        if order.isRefunded { undo(order, name, keepsService) }
        return verdict
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

    /// What a renewal added cannot be cut off again, nor what was bought before a renewal; what has ended has nothing left
    /// to cut.
    private func checkReturnable(_ order: Order, _ number: Int) throws(Refusal) {
        guard order.kind == .purchase || order.kind == .trial else { throw .serviceNotReturnable }
        for index in 0..<Int(order.quantity) {
            let subscription = subscriptions[SubscriptionName(order: number, index: index)]!
            guard subscription.isEnded || subscription.terms.allSatisfy({ $0.order == number }) else {
                throw .serviceNotReturnable
            }
        }
    }

    /// The coupon's use is given back; what a purchase made and still runs ends, and its slots go back.
    private mutating func undo(_ order: Order, _ name: Name, _ keepsService: Bool) {
        redemptions[name]?.isGivenBack = true
        guard !keepsService else { return }
        for index in 0..<Int(order.quantity) {
            let subscription = SubscriptionName(order: name.number, index: index)
            subscriptions[subscription]!.isEnded = true
            giveBack(subscription)
        }
    }
}
