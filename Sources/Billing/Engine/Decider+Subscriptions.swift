internal import Primitives

extension Decider {
    /// The moment for which figures are reckoned: now, or that of the preview that they are to come to.
    func moment(_ asOf: Instant?) throws(Refusal) -> Instant {
        guard let asOf else { return now }
        guard asOf <= now, asOf >= now.earlier(by: Preview.goodForMilliseconds) else {
            throw .previewOutOfDate
        }
        return asOf
    }

    /// Adds paid periods to a subscription, each with its share of the order's total.
    mutating func extend(
        _ subscription: inout SubscriptionRow, by time: PaidTime, of plan: PlanID, _ order: OrderID,
        _ tenant: TenantID, _ shares: inout ArraySlice<Money>
    ) {
        let known = writes.terms.count
        append(time, from: subscription.nextPeriod, to: subscription.id, order, tenant, &shares)
        // Read or not, these are the last ones: whoever takes time back in this group has had the others read.
        for term in writes.terms[known...] {
            subscription.terms.append(
                PaidTerm(
                    index: term.index, order: order, plan: plan, period: term.period, amount: term.amount,
                    anchor: term.anchor))
        }
        subscription.plan = plan
        subscription.activeUntil = time.whole.end
        subscription.anchor = time.anchor
        subscription.nextPeriod += Int32(time.periods.count)
    }

    /// Takes a subscription's new state over, for the commands that follow and for the database; tells of its end.
    mutating func put(_ subscription: SubscriptionRow, _ tenant: TenantID) {
        let name = TenantKey(tenant: tenant, name: subscription.id)
        let ends = subscription.isEnded && rows.subscriptions[name]?.isEnded == false
        rows.subscriptions[name] = subscription
        writes.subscriptionChanges[name] = GroupWrites.SubscriptionChange(
            subscription, tenant, endedAt: subscription.isEnded ? now : nil)
        guard ends else { return }
        rows.promises[name] = nil
        writes.endedPromises.append(name)
        let end = SubscriptionEnd(
            tenant: tenant, id: subscription.id, customer: subscription.customer,
            activeUntil: subscription.activeUntil)
        writes.ends.append((event: end.event, id: ids.next(at: madeAt)))
    }

    /// Writes what was taken back of a subscription's time, and how it stands since.
    mutating func put(_ subscription: SubscriptionRow, without taken: TakenTime, _ tenant: TenantID) {
        for cut in taken.cuts {
            writes.termCuts.append(
                GroupWrites.TermCut(
                    tenant: tenant, subscription: subscription.id, index: cut.index, at: cut.at))
        }
        put(subscription, tenant)
    }

    /// Places an order that extends a subscription.
    mutating func place(_ order: GroupWrites.NewOrder, couponOrdinal: Int32?) {
        writes.orders.append(order)
        placed[TenantKey(tenant: order.tenant, name: order.id)] = OrderRow(
            id: order.id, customer: order.customer, kind: order.kind, total: order.quote.total,
            discount: order.quote.discount.minor, wholesale: order.quote.wholesale?.minor, refunded: 0,
            wholesaleRefunded: 0, isRefunded: false, quantity: order.quantity, coupon: order.coupon,
            couponOrdinal: order.coupon == nil ? nil : couponOrdinal)
    }
}

extension GroupWrites.SubscriptionChange {
    init(_ row: SubscriptionRow, _ tenant: TenantID, endedAt: Instant?) {
        self.init(
            tenant: tenant, id: row.id, plan: row.plan, activeUntil: row.activeUntil, anchor: row.anchor,
            nextPeriod: row.nextPeriod, automatic: row.automatic, endedAt: endedAt)
    }
}
