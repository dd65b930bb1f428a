internal import Catalog
internal import Primitives

extension Decider {
    /// Decides a change of plan. Refusals, in order: customer, subscription, its preview's moment, plan, the subscription's
    /// state, the plan's eligibility, its exits, its price and period, the net total that was shown, stock, balance, float.
    mutating func decide(_ change: PlanChange, _ submission: Submission) throws(Refusal) -> Decision {
        let tenant = submission.tenant
        let customer = try customer(change.customer, of: tenant)
        let name = TenantKey(tenant: tenant, name: change.subscription)
        guard var subscription = rows.subscriptions[name], subscription.customer == change.customer,
            subscription.dialect == submission.dialect
        else { throw .subscriptionUnknown }
        let moment = try moment(change.asOf)
        let plan = try plan(change.plan, for: submission, customer)
        try checkChangeable(subscription, to: plan)
        let exit = try exit(of: plan, change.exit ?? subscription.exit.map(plan.asFarAsOffered))
        let taken = subscription.takeBack(from: moment)
        // Neither a clock that was set back nor a moment before another change makes time serve twice.
        let start = PeriodStart(now: max(moment, subscription.servedUntil))
        let time = try time(of: plan, .one, from: start)
        guard time.whole.end > now else { throw .previewOutOfDate }
        let priced = try price(plan, .planChange, .one, .one, nil, nil, change.customer, submission)

        let giving = GivingBack(
            tenant: tenant, reason: .requested, memo: change.memo, actor: change.actor)
        let credits = reversals(of: subscription, taken.worth, giving)
        guard let credit = sum(credits.map(\.amount), in: customer.currency),
            let net = priced.quote.total.subtracting(credit)
        else { throw .amountTooLarge }
        if let expected = change.expectedTotal, expected != net { throw .priceChanged(net) }
        return try carryOut(
            Swap(
                plan: plan, exit: exit, time: time, quote: priced.quote, subscription: subscription,
                taken: taken, giving: giving, credits: credits, credit: credit, net: net,
                networks: subscription.isServed(on: plan) ? [] : plan.networks), submission)
    }

    /// A change of plan as it was decided, before anything is lent or posted.
    private struct Swap {
        let plan: Plan
        let exit: Exit?
        let time: PaidTime
        let quote: Quote
        /// Without the time that was taken back.
        let subscription: SubscriptionRow
        let taken: TakenTime
        let giving: GivingBack
        let credits: [Reversal]
        let credit: Money
        let net: Money
        /// Where new ports are lent; none where they stay.
        let networks: [NetworkID]
    }

    /// One that lives, of the same product and kind of connection; and who was lent ports goes on having some.
    private func checkChangeable(_ subscription: SubscriptionRow, to plan: Plan) throws(Refusal) {
        guard !subscription.isEnded, subscription.activeUntil > now else { throw .subscriptionEnded }
        guard plan.id != subscription.plan, plan.product == subscription.product,
            plan.connection == subscription.connection,
            plan.networks.isEmpty == subscription.holdings.isEmpty
        else { throw .planNotEligible }
    }

    /// Credit comes before charge: a wallet that has only the difference will do.
    private mutating func carryOut(_ swap: Swap, _ submission: Submission) throws(Refusal) -> Decision {
        let (tenant, customer) = (submission.tenant, swap.subscription.customer)
        let units = try take(1, from: swap.networks, tenant)
        let legs = legs(of: swap.quote, customer: customer, tenant: tenant)
        let balances: [Money]
        do throws(Refusal) {
            balances = try self.balances(
                of: customer, in: swap.net.currency, after: swap.credits.map(\.legs) + [legs], tenant)
        } catch {
            putBack(1, on: swap.networks, tenant)
            if case .insufficientBalance(_, let available) = error {
                throw .insufficientBalance(required: swap.net, available: available)
            }
            throw error
        }
        do throws(Fault) {
            let receipt = PlanChangeReceipt(
                order: submission.id.retyped(), subscription: swap.subscription.id, plan: swap.plan,
                charge: swap.quote.total, credit: swap.credit, net: swap.net,
                credits: swap.credits.map(OrderReversal.init), balance: balances[swap.credits.count],
                period: swap.time.whole, units: try together(units.compactMap(\.first)), exit: swap.exit)
            let answer = try remember(.changed(receipt), of: submission)
            for (credit, balance) in zip(swap.credits, balances) {
                settle(credit, swap.giving, balance: balance)
            }
            post(legs, as: submission.id.retyped(), in: tenant)
            write(swap, receipt, submission, answer)
            return .answered(.done(.changed(receipt)))
        } catch {
            putBack(1, on: swap.networks, tenant)
            return .failed(error)
        }
    }

    private mutating func write(
        _ swap: Swap, _ receipt: PlanChangeReceipt, _ submission: Submission,
        _ answer: GroupWrites.Remembered?
    ) {
        let tenant = submission.tenant
        var subscription = swap.subscription
        let automatic = automatic(of: subscription, on: swap.plan, until: swap.time.last, tenant)
        place(
            GroupWrites.NewOrder(
                tenant: tenant, id: receipt.order, customer: subscription.customer,
                principal: submission.principal, dialect: submission.dialect, kind: .planChange,
                plan: swap.plan.id, planVersion: swap.plan.version, priceList: swap.plan.priceList,
                subscription: subscription.id,
                quantity: 1, repeatCount: 1, quote: swap.quote, coupon: nil), couponOrdinal: nil)
        var shares = [swap.quote.total][...]
        extend(&subscription, by: swap.time, of: swap.plan.id, receipt.order, tenant, &shares)
        subscription.automatic = automatic
        if subscription.exit != swap.exit {
            subscription.exit = swap.exit
            writes.exits[TenantKey(tenant: tenant, name: subscription.id)] = .some(swap.exit)
        }
        lend(receipt.units, to: &subscription, on: swap.plan, tenant)
        put(subscription, without: swap.taken, tenant)
        record(
            JournalEntry(
                tenant: tenant, id: submission.id.retyped(), reason: .planChange, order: receipt.order,
                memo: swap.giving.memo, actor: swap.giving.actor, at: now),
            .changed(receipt, customer: subscription.customer, tenant, submission.id), answer)
    }

    /// What renewed itself goes on doing so; a trial begins to, where its new plan does, as if that had been bought.
    private func automatic(
        of subscription: SubscriptionRow, on plan: Plan, until period: ServicePeriod, _ tenant: TenantID
    ) -> AutoRenewal {
        var automatic = subscription.automatic
        let isTrial = subscription.terms.allSatisfy {
            rows.orders[TenantKey(tenant: tenant, name: $0.order)]?.kind == .trial
        }
        if isTrial && plan.renewsAutomatically { automatic.renewsAt = now }
        return automatic.renewed(until: period, byItself: false, at: now)
    }

    /// Lends new ports in the place of those that it has; or lets these choose what the new plan allows.
    private mutating func lend(
        _ units: [StockUnit], to subscription: inout SubscriptionRow, on plan: Plan, _ tenant: TenantID
    ) {
        let minutes = subscription.exit?.rotation.minutes
        guard !units.isEmpty else {
            for holding in subscription.holdings {
                writes.stock.agreed[holding] = StockChanges.Agreement(
                    rotationChoices: plan.rotationMinutes, rotationMinutes: minutes)
            }
            return
        }
        let used = subscription.holdings.map(\.sequence).max() ?? 0
        for holding in subscription.holdings { giveUp(holding) }
        subscription.holdings = units.enumerated().map { index, unit in
            Holding(
                tenant: tenant, subscription: subscription.id, sequence: used + Int32(index) + 1,
                slot: unit.slot, gateway: unit.gateway, network: unit.network)
        }
        for (index, (unit, holding)) in zip(units, subscription.holdings).enumerated() {
            relent.insert(TenantKey(tenant: tenant, name: unit.slot))
            writes.stock.lent.append(
                StockChanges.Loan(
                    unit: unit, subscription: subscription.id, place: Int32(index + 1),
                    sequence: holding.sequence, until: subscription.activeUntil,
                    rotationChoices: plan.rotationMinutes, rotationMinutes: minutes ?? 0))
        }
    }
}

extension SubscriptionRow {
    /// Whether it holds its ports on the plan's networks already.
    fileprivate func isServed(on plan: Plan) -> Bool {
        Set(holdings.map(\.network)) == Set(plan.networks)
    }
}

extension Plan {
    /// What of an exit the plan offers too.
    fileprivate func asFarAsOffered(_ exit: Exit) -> ExitChoice {
        ExitChoice(
            country: exits.contains(exit.country) ? exit.country : nil,
            rotation: exitRotations.contains(exit.rotation) ? exit.rotation : nil)
    }
}
