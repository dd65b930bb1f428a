internal import Catalog
internal import Primitives

extension Decider {
    /// Decides a renewal. Refusals, in order: customer, subscription, where an automatic renewal's job saw it, plan, the
    /// subscription's state and the plan's eligibility, price and periods, coupon, the quoted total, balance, float.
    ///
    /// Where the new periods begin is `PeriodStart`'s rule.
    mutating func decide(_ renewal: Renewal, _ submission: Submission) throws(Refusal) -> Decision {
        let tenant = submission.tenant
        let customer = try customer(renewal.customer, of: tenant)
        let name = TenantKey(tenant: tenant, name: renewal.subscription)
        // What was bought through another dialect is unknown in this one, as its reads have it.
        guard var subscription = rows.subscriptions[name], subscription.customer == renewal.customer,
            subscription.dialect == submission.dialect
        else {
            throw .subscriptionUnknown
        }
        if let seen = renewal.automatic {
            guard seen.stands(for: subscription, renewal.plan) else { throw .renewalOutOfDate }
        }
        let plan = try plan(renewal.plan, for: submission, customer)
        try checkEligible(plan, subscription)
        let time = try time(
            of: plan, renewal.repeatCount,
            from: PeriodStart(after: subscription.activeUntil, anchor: subscription.anchor, now: now))
        let priced = try price(
            plan, .renewal, .one, renewal.repeatCount, renewal.coupon, renewal.expectedTotal,
            renewal.customer, submission, promise: rows.promises[name])
        let legs = legs(of: priced.quote, customer: renewal.customer, tenant: tenant)
        try check(legs)

        let receipt = RenewalReceipt(
            order: submission.id.retyped(), subscription: renewal.subscription, total: priced.quote.total,
            discount: priced.quote.discount, promise: priced.quote.promise, activeUntil: time.whole.end)
        let answer: GroupWrites.Remembered?
        do throws(Fault) { answer = try remember(.renewed(receipt), of: submission) } catch {
            return .failed(error)
        }
        post(legs, as: submission.id.retyped(), in: tenant)
        write(renewal, receipt, plan, priced, submission)
        var shares = priced.quote.total.split(into: time.periods.count)[...]
        let automatic = subscription.automatic.renewed(
            until: time.last, byItself: renewal.automatic != nil, at: now)
        extend(&subscription, by: time, of: plan.id, receipt.order, tenant, &shares)
        subscription.automatic = automatic
        put(subscription, tenant)
        record(
            JournalEntry(
                tenant: tenant, id: submission.id.retyped(), reason: .renewal, order: receipt.order,
                actor: renewal.automatic.map { _ in AutomaticRenewal.actor }, at: now),
            .renewed(receipt, customer: renewal.customer, tenant, submission.id), answer)
        return .answered(.done(.renewed(receipt)))
    }

    /// Only a subscription that still holds its slots goes on, and only on the same networks and kind of connection.
    private func checkEligible(_ plan: Plan, _ subscription: SubscriptionRow) throws(Refusal) {
        guard !subscription.isEnded else { throw .subscriptionNotRenewable }
        guard plan.product == subscription.product, plan.connection == subscription.connection else {
            throw .planNotEligible
        }
        guard !plan.networks.isEmpty else { return }
        guard !subscription.holdings.isEmpty else { throw .subscriptionNotRenewable }
        guard Set(subscription.holdings.map(\.network)) == Set(plan.networks) else { throw .planNotEligible }
    }

    private mutating func write(
        _ renewal: Renewal, _ receipt: RenewalReceipt, _ plan: Plan, _ priced: Priced,
        _ submission: Submission
    ) {
        place(
            GroupWrites.NewOrder(
                tenant: submission.tenant, id: receipt.order, customer: renewal.customer,
                principal: submission.principal, dialect: submission.dialect, kind: .renewal, plan: plan.id,
                planVersion: plan.version, priceList: plan.priceList, subscription: renewal.subscription,
                quantity: 1,
                repeatCount: renewal.repeatCount.value, quote: priced.quote, coupon: priced.coupon?.id),
            couponOrdinal: priced.ordinal)
        redeem(
            priced, receipt.order, renewal.customer, submission.tenant, renewing: renewal.subscription)
    }
}
