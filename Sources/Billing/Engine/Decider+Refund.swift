internal import Catalog
internal import Primitives

extension Decider {
    /// Decides a refund: a reversal that points at the order's entry and never exceeds what was paid.
    ///
    /// Wholesale is given back in the same proportion, rounded down, and in full with the last of the retail. A whole
    /// refund gives the coupon's use back; of a purchase it also ends what still runs and returns the slots.
    mutating func decide(_ refund: Refund, _ submission: Submission) throws(Refusal) -> Decision {
        let tenant = submission.tenant
        let name = TenantKey(tenant: tenant, name: refund.order)
        guard rows.customers[TenantKey(tenant: tenant, name: refund.customer)] != nil else {
            throw .customerUnknown
        }
        guard var order = rows.orders[name], order.customer == refund.customer else { throw .orderUnknown }
        let currency = order.total.currency
        let refundable = Money(minor: order.total.minor - order.refunded, currency: currency)
        let amount = refund.amount ?? refundable
        guard amount.currency == currency, amount.isPositive else { throw .amountInvalid }
        guard amount.minor <= refundable.minor else { throw .refundExceedsPayment(refundable: refundable) }

        order.refunded += amount.minor
        let isWhole = order.refunded == order.total.minor
        let wholesale = wholesaleDue(order, isWhole: isWhole)
        order.wholesaleRefunded += wholesale
        let wallet = AccountKey.wallet(tenant, refund.customer, currency)
        var legs = [Leg(debit: .own(tenant, .revenue, currency), credit: wallet, amount: amount)]
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
            wholesaleRefunded: order.wholesaleRefunded, isWhole: isWhole)
        if isWhole { undo(order, tenant) }
        return decision
    }

    /// The tenant's share of this step: what is due at the new refunded sum, less what was given before.
    private func wholesaleDue(_ order: OrderRow, isWhole: Bool) -> Int64 {
        guard let wholesale = order.wholesale else { return 0 }
        guard !isWhole else { return wholesale - order.wholesaleRefunded }
        let due = Int128(wholesale) * Int128(order.refunded) / Int128(order.total.minor)
        return Int64(due) - order.wholesaleRefunded
    }

    private mutating func undo(_ order: OrderRow, _ tenant: TenantID) {
        if let coupon = order.coupon {
            writes.couponCounts[TenantKey(tenant: tenant, name: coupon), default: 0] -= 1
            writes.releasedRedemptions.append((tenant, order.id))
        }
        guard order.kind == .purchase else { return }
        for id in order.subscriptions {
            let name = TenantKey(tenant: tenant, name: id)
            guard var subscription = rows.subscriptions[name], !subscription.isEnded else { continue }
            subscription.isEnded = true
            rows.subscriptions[name] = subscription
            writes.subscriptionChanges[name] = GroupWrites.SubscriptionChange(
                tenant: tenant, id: id, plan: subscription.plan, activeUntil: subscription.activeUntil,
                nextPeriod: subscription.nextPeriod, endedAt: now)
        }
    }
}
