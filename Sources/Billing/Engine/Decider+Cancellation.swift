internal import Catalog
internal import Primitives

extension Decider {
    /// Decides a cancellation. Refusals, in order: customer, subscription, its preview's moment, its state, what was shown,
    /// books.
    ///
    /// It has an entry of its own, without transfers, by which it is found; what goes back of an order is a reversal with
    /// an entry of that order's.
    mutating func decide(
        _ cancellation: Cancellation, _ submission: Submission
    ) throws(Refusal) -> Decision {
        let tenant = submission.tenant
        guard let customer = rows.customers[TenantKey(tenant: tenant, name: cancellation.customer)] else {
            throw .customerUnknown
        }
        var subscription = try subscription(of: cancellation, submission)
        let moment = try moment(cancellation.asOf)
        try checkCancellable(subscription, cancellation.way)
        let giving = GivingBack(
            tenant: tenant, reason: cancellation.way == .undeliverable ? .undeliverable : .requested,
            memo: cancellation.memo, actor: cancellation.actor)
        let kept = subscription.worthKept
        let taken = end(&subscription, cancellation.way, from: moment)
        let worth = cancellation.way == .undeliverable ? kept : taken.worth
        let reversals = cancellation.keepsMoney ? [] : reversals(of: subscription, worth, giving)
        guard let refund = sum(reversals.map(\.amount), in: customer.currency) else { throw .amountTooLarge }
        if let expected = cancellation.expectedRefund, expected != refund { throw .refundChanged(refund) }
        let balances = try balances(
            of: cancellation.customer, in: customer.currency, after: [[]] + reversals.map(\.legs), tenant)

        let receipt = CancellationReceipt(
            subscription: subscription.id, way: cancellation.way, refund: refund,
            refunds: reversals.map(OrderReversal.init), balance: balances[reversals.count],
            activeUntil: subscription.activeUntil)
        let answer: GroupWrites.Remembered?
        do throws(Fault) { answer = try remember(.cancelled(receipt), of: submission) } catch {
            return .failed(error)
        }
        record(
            JournalEntry(
                tenant: tenant, id: submission.id.retyped(), reason: .cancellation, order: subscription.order,
                memo: cancellation.memo, actor: cancellation.actor, at: now),
            .cancelled(receipt, customer: cancellation.customer, tenant, submission.id), answer)
        for (reversal, balance) in zip(reversals, balances.dropFirst()) {
            settle(reversal, giving, balance: balance)
        }
        put(subscription, without: taken, tenant)
        return .answered(.done(.cancelled(receipt)))
    }

    /// The subscription, which must be the customer's, and of the dialect where one asks.
    private func subscription(
        of cancellation: Cancellation, _ submission: Submission
    ) throws(Refusal) -> SubscriptionRow {
        let name = TenantKey(tenant: submission.tenant, name: cancellation.subscription)
        guard let subscription = rows.subscriptions[name], subscription.customer == cancellation.customer,
            submission.principal == nil || subscription.dialect == submission.dialect
        else { throw .subscriptionUnknown }
        return subscription
    }

    /// It has to be alive; what could not be delivered may be told of until it has ended.
    private func checkCancellable(
        _ subscription: SubscriptionRow, _ way: Cancellation.Way
    ) throws(Refusal) {
        guard !subscription.isEnded, subscription.activeUntil > now || way == .undeliverable else {
            throw .subscriptionEnded
        }
    }

    /// Ends the subscription in this way; the time that is taken back with it.
    private func end(
        _ subscription: inout SubscriptionRow, _ way: Cancellation.Way, from moment: Instant
    ) -> TakenTime {
        switch way {
        case .atEnd:
            subscription.automatic = subscription.automatic.stopped
            return TakenTime()
        case .now, .undeliverable:
            let taken = subscription.takeBack(from: moment)
            subscription.end()
            return taken
        }
    }

    /// What goes back of each order, for time that was taken back: what it was worth, but no more than is left of the
    /// order's payment, so that what was given back before counts.
    ///
    /// An order that cost nothing is given back where it made or extended this subscription alone and never served.
    mutating func reversals(
        of subscription: SubscriptionRow, _ worth: [(order: OrderID, minor: Int64)], _ giving: GivingBack
    ) -> [Reversal] {
        var reversals: [Reversal] = []
        for (id, minor) in worth {
            let name = TenantKey(tenant: giving.tenant, name: id)
            guard let order = rows.orders[name] ?? placed[name] else {
                preconditionFailure("the orders of what is taken back are read with it")
            }
            let amount = Money(
                minor: min(minor, order.total.minor - order.refunded), currency: order.total.currency)
            let isWhole =
                order.total.isZero
                ? order.quantity == 1
                    && (giving.reason == .undeliverable || !subscription.wasServed(by: id))
                : order.refunded + amount.minor == order.total.minor
            guard !order.isRefunded, amount.isPositive || isWhole else { continue }
            reversals.append(
                reversal(of: order, amount, isWhole: isWhole, as: ids.next(at: madeAt), giving))
        }
        return reversals
    }

    func sum(_ amounts: [Money], in currency: Currency) -> Money? {
        var sum = Money.zero(currency)
        for amount in amounts {
            guard let more = sum.adding(amount) else { return nil }
            sum = more
        }
        return sum
    }
}

extension OrderReversal {
    init(_ reversal: Reversal) {
        self.init(order: reversal.order.id, entry: reversal.entry.id, amount: reversal.amount)
    }
}

extension SubscriptionRow {
    /// Whether any time that an order paid for has been served, or still is.
    fileprivate func wasServed(by order: OrderID) -> Bool {
        terms.contains { $0.order == order && $0.serves }
    }
}
