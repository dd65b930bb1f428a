internal import Catalog
internal import Primitives

extension Decider {
    /// Decides a refund: a reversal that points at the order's entry and never exceeds what was paid.
    ///
    /// Refusals, in order: customer, order, its preview's moment, amount, what is left of the payment, service, books. A whole refund takes back
    /// the order's time that is still to come, and gives the coupon's use back where its reason does.
    mutating func decide(_ refund: Refund, _ submission: Submission) throws(Refusal) -> Decision {
        let tenant = submission.tenant
        guard rows.customers[TenantKey(tenant: tenant, name: refund.customer)] != nil else {
            throw .customerUnknown
        }
        guard let order = rows.orders[TenantKey(tenant: tenant, name: refund.order)],
            order.customer == refund.customer
        else { throw .orderUnknown }
        let moment = try moment(refund.asOf)
        let amount = try amount(of: refund, order)
        let isWhole = order.refunded + amount.minor == order.total.minor
        let taken = isWhole && !refund.keepsService ? try takeBack(order, from: moment, tenant) : []
        let giving = GivingBack(
            tenant: tenant, reason: refund.reason, memo: refund.memo, actor: refund.actor)
        let reversal = reversal(
            of: order, amount, isWhole: isWhole, as: submission.id.retyped(), giving)
        let balance = try balances(
            of: refund.customer, in: amount.currency, after: [reversal.legs], tenant)[0]

        let receipt = RefundReceipt(
            entry: reversal.entry.id, order: refund.order, amount: amount, balance: balance, isWhole: isWhole,
            subscriptions: taken.map { SubscriptionStanding($0.subscription) })
        let answer: GroupWrites.Remembered?
        do throws(Fault) { answer = try remember(.refunded(receipt), of: submission) } catch {
            return .failed(error)
        }
        settle(reversal, giving, balance: balance, answer)
        for (subscription, time) in taken { put(subscription, without: time, tenant) }
        return .answered(.done(.refunded(receipt)))
    }

    /// What this refund moves; an order that cost nothing can be cancelled once.
    private func amount(of refund: Refund, _ order: OrderRow) throws(Refusal) -> Money {
        let currency = order.total.currency
        let refundable = Money(minor: order.total.minor - order.refunded, currency: currency)
        if let asked = refund.amount {
            guard asked.isPositive, asked.currency == currency else { throw .amountInvalid }
        }
        let amount = refund.amount ?? refundable
        guard !order.isRefunded, amount.minor <= refundable.minor else {
            throw .refundExceedsPayment(refundable: refundable)
        }
        return amount
    }

    /// The order's subscriptions as they are without the time that it paid for and that is still to come. What has ended
    /// has none; from under what later orders have paid for none can be taken.
    private func takeBack(
        _ order: OrderRow, from moment: Instant, _ tenant: TenantID
    ) throws(Refusal) -> [(subscription: SubscriptionRow, time: TakenTime)] {
        var taken: [(SubscriptionRow, TakenTime)] = []
        for id in order.subscriptions {
            guard var subscription = rows.subscriptions[TenantKey(tenant: tenant, name: id)],
                !subscription.isEnded
            else { continue }
            guard !subscription.isBuiltUpon(order.id) else { throw .serviceNotReturnable }
            let time = subscription.takeBack(from: moment, of: order.id)
            subscription.fallBack(from: moment, at: now)
            taken.append((subscription, time))
        }
        return taken
    }
}

extension SubscriptionStanding {
    init(_ row: SubscriptionRow) {
        self.init(id: row.id, activeUntil: row.activeUntil, isEnded: row.isEnded)
    }
}
