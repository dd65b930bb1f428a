internal import Catalog
internal import Primitives

extension Decider {
    /// Decides a refund: a reversal that points at the order's entry and never exceeds what was paid.
    ///
    /// Refusals, in order: customer, order, amount, what is left of the payment, service.
    /// Wholesale is given back in the same proportion, rounded down, and in full with the last of the retail. A whole
    /// refund gives the coupon's use back where its reason does; of a purchase it also ends what still runs and returns
    /// the slots.
    mutating func decide(_ refund: Refund, _ submission: Submission) throws(Refusal) -> Decision {
        let tenant = submission.tenant
        let name = TenantKey(tenant: tenant, name: refund.order)
        guard rows.customers[TenantKey(tenant: tenant, name: refund.customer)] != nil else {
            throw .customerUnknown
        }
        guard var order = rows.orders[name], order.customer == refund.customer else { throw .orderUnknown }
        let amount = try amount(of: refund, order)
        order.refunded += amount.minor
        order.isRefunded = order.refunded == order.total.minor
        if order.isRefunded && !refund.keepsService { try checkReturnable(order, tenant) }
        let wholesale = wholesaleDue(order)
        order.wholesaleRefunded += wholesale

        let currency = order.total.currency
        let wallet = AccountKey.wallet(tenant, refund.customer, currency)
        var legs: [Leg] = []
        if amount.isPositive {
            legs.append(Leg(debit: .own(tenant, .revenue, currency), credit: wallet, amount: amount))
        }
        if wholesale > 0 {
            legs.append(
                Leg(
                    debit: .own(tenant, .platformRevenue, currency), credit: .own(tenant, .float, currency),
                    amount: Money(minor: wholesale, currency: currency)))
        }
        let decision = try move(
            legs, on: wallet, amount: amount,
            JournalEntry(
                tenant: tenant, id: submission.id.retyped(), reason: .refund, order: refund.order,
                reverses: refund.order.retyped(), memo: refund.memo, actor: refund.actor, at: now),
            kind: "order.refunded", customer: refund.customer, submission)
        guard case .answered = decision else { return decision }

        rows.orders[name] = order
        writes.refunds[name] = GroupWrites.OrderRefund(
            tenant: tenant, order: refund.order, refunded: order.refunded,
            wholesaleRefunded: order.wholesaleRefunded, isWhole: order.isRefunded)
        if order.isRefunded { undo(order, refund, tenant) }
        return decision
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

    /// A purchase or trial can be taken back while no renewal has followed; what a renewal added cannot be cut off
    /// again here (that is a plan change's work), so its refund has to leave the service. What has ended is not read: it
    /// has nothing left to cut.
    private func checkReturnable(_ order: OrderRow, _ tenant: TenantID) throws(Refusal) {
        guard order.kind == .purchase || order.kind == .trial else { throw .serviceNotReturnable }
        for id in order.subscriptions {
            guard let subscription = rows.subscriptions[TenantKey(tenant: tenant, name: id)] else { continue }
            guard subscription.nextPeriod <= order.repeatCount else { throw .serviceNotReturnable }
        }
    }

    /// The tenant's share of this step: what is due at the new refunded sum, less what was given before.
    private func wholesaleDue(_ order: OrderRow) -> Int64 {
        guard let wholesale = order.wholesale else { return 0 }
        guard !order.isRefunded else { return wholesale - order.wholesaleRefunded }
        let due = Int128(wholesale) * Int128(order.refunded) / Int128(order.total.minor)
        return Int64(due) - order.wholesaleRefunded
    }

    private mutating func undo(_ order: OrderRow, _ refund: Refund, _ tenant: TenantID) {
        giveBackCoupon(of: order, for: refund.reason, tenant)
        guard !refund.keepsService else { return }
        for id in order.subscriptions {
            let name = TenantKey(tenant: tenant, name: id)
            guard var subscription = rows.subscriptions[name], !subscription.isEnded else { continue }
            subscription.isEnded = true
            rows.subscriptions[name] = subscription
            writes.subscriptionChanges[name] = GroupWrites.SubscriptionChange(
                tenant: tenant, id: id, plan: subscription.plan, activeUntil: subscription.activeUntil,
                anchor: subscription.anchor, nextPeriod: subscription.nextPeriod,
                automatic: subscription.automatic.stopped, endedAt: now)
        }
    }
}
