internal import Catalog
internal import Primitives

extension Decider {
    /// Decides a purchase. Refusals, in order: customer, plan, its exits, its price and periods, coupon, the quoted
    /// total, stock, balance, float.
    mutating func decide(_ purchase: Purchase, _ submission: Submission) throws(Refusal) -> Decision {
        let customer = try customer(purchase.customer, of: submission.tenant)
        let plan = try plan(purchase.plan, for: submission, customer)
        let exit = try exit(of: plan, purchase.exit)
        let time = try time(of: plan, purchase.repeatCount, from: PeriodStart(now: now))
        let priced = try price(
            plan, .purchase, purchase.quantity, purchase.repeatCount, purchase.coupon, purchase.expectedTotal,
            purchase.customer, submission)
        return try sell(
            Sale(
                customer: purchase.customer, plan: plan, exit: exit, kind: .purchase,
                quantity: purchase.quantity.value,
                repeatCount: purchase.repeatCount.value, time: time, priced: priced), submission)
    }

    /// Decides a trial: a purchase of one at no charge, once per customer and plan.
    mutating func decide(_ trial: Trial, _ submission: Submission) throws(Refusal) -> Decision {
        let customer = try customer(trial.customer, of: submission.tenant)
        let plan = try plan(trial.plan, for: submission, customer)
        let exit = try exit(of: plan, nil)
        guard let duration = plan.trialMilliseconds else { throw .trialNotOffered }
        let name = TenantKey(
            tenant: submission.tenant, name: TrialName(customer: trial.customer, plan: plan.id))
        guard !rows.trials.contains(name) else { throw .trialUsed }
        let time = try time(from: now, duration, 1)
        let priced = try price(plan, .trial, .one, .one, nil, nil, trial.customer, submission)
        let decision = try sell(
            Sale(
                customer: trial.customer, plan: plan, exit: exit, kind: .trial, quantity: 1, repeatCount: 1,
                time: time, priced: priced), submission)
        if case .answered = decision {
            rows.trials.insert(name)
            writes.trialGrants.append(
                GroupWrites.TrialGrant(
                    tenant: submission.tenant, customer: trial.customer, plan: plan.id,
                    order: submission.id.retyped()))
        }
        return decision
    }

    /// What a purchase and a trial have in common.
    private struct Sale {
        let customer: CustomerID
        let plan: Plan
        let exit: Exit?
        let kind: OrderKind
        let quantity: Int32
        let repeatCount: Int32
        let time: PaidTime
        let priced: Priced
    }

    private mutating func sell(_ sale: Sale, _ submission: Submission) throws(Refusal) -> Decision {
        let tenant = submission.tenant
        let units = try take(sale, tenant)
        let order: OrderID = submission.id.retyped()
        let legs = legs(of: sale.priced.quote, customer: sale.customer, tenant: tenant)
        do throws(Refusal) {
            try check(legs)
        } catch {
            putBack(sale, units.count, tenant)
            throw error
        }
        do throws(Fault) {
            let receipt = try receipt(sale, order, units)
            let answer = try remember(.bought(receipt), of: submission)
            post(legs, as: submission.id.retyped(), in: tenant)
            write(sale, receipt, submission, answer)
            return .answered(.done(.bought(receipt)))
        } catch {
            putBack(sale, units.count, tenant)
            return .failed(error)
        }
    }

    /// As many units of every network of the plan as subscriptions are bought, by network; all of them or none.
    private mutating func take(_ sale: Sale, _ tenant: TenantID) throws(Refusal) -> [ArraySlice<StockUnit>] {
        var units: [ArraySlice<StockUnit>] = []
        for network in sale.plan.networks {
            let key = TenantKey(tenant: tenant, name: network)
            guard let taken = rows.shelf.take(Int(sale.quantity), from: key) else {
                putBack(sale, units.count, tenant)
                throw .soldOut
            }
            units.append(taken)
        }
        return units
    }

    /// Undoes `take` on the first so many networks of the plan.
    private mutating func putBack(_ sale: Sale, _ networks: Int, _ tenant: TenantID) {
        for network in sale.plan.networks.prefix(networks) {
            rows.shelf.putBack(Int(sale.quantity), on: TenantKey(tenant: tenant, name: network))
        }
    }

    private mutating func receipt(
        _ sale: Sale, _ order: OrderID, _ units: [ArraySlice<StockUnit>]
    ) throws(Fault) -> PurchaseReceipt {
        var issued: [IssuedSubscription] = []
        issued.reserveCapacity(Int(sale.quantity))
        for index in 0..<Int(sale.quantity) {
            issued.append(
                IssuedSubscription(
                    id: ids.next(at: madeAt), period: sale.time.whole,
                    units: try together(units.map { $0[$0.startIndex + index] }), exit: sale.exit))
        }
        return PurchaseReceipt(
            order: order, plan: sale.plan, total: sale.priced.quote.total,
            discount: sale.priced.quote.discount,
            subscriptions: issued)
    }

    /// The units of one subscription, under one login.
    private func together(_ units: [StockUnit]) throws(Fault) -> [StockUnit] {
        guard units.count > 1 else { return units }
        do {
            return try join(units)
        } catch {
            throw Fault(operation: "give several slots one login", isTransient: false, underlying: error)
        }
    }

    private mutating func write(
        _ sale: Sale, _ receipt: PurchaseReceipt, _ submission: Submission, _ answer: GroupWrites.Remembered?
    ) {
        let tenant = submission.tenant
        let quote = sale.priced.quote
        writes.orders.append(
            GroupWrites.NewOrder(
                tenant: tenant, id: receipt.order, customer: sale.customer, principal: submission.principal,
                dialect: submission.dialect, kind: sale.kind, plan: sale.plan.id,
                planVersion: sale.plan.version,
                subscription: nil, quantity: sale.quantity, repeatCount: sale.repeatCount, quote: quote,
                coupon: sale.priced.coupon?.id))
        // The total is spread over every period of every subscription; odd minor units go to the first ones.
        var shares = quote.total.split(into: receipt.subscriptions.count * sale.time.periods.count)[...]
        for issued in receipt.subscriptions {
            writes.subscriptions.append(
                GroupWrites.NewSubscription(
                    tenant: tenant, id: issued.id, customer: sale.customer, order: receipt.order,
                    plan: sale.plan.id,
                    dialect: submission.dialect, isTrial: sale.kind == .trial, period: issued.period,
                    periods: sale.repeatCount, anchor: sale.time.anchor, exit: issued.exit,
                    renewsAt: renewsAt(sale)))
            append(sale.time, from: 0, to: issued.id, receipt.order, tenant, &shares)
            for (index, unit) in issued.units.enumerated() {
                writes.stock.lent.append(
                    StockChanges.Loan(
                        unit: unit, subscription: issued.id, place: Int32(index + 1),
                        until: issued.period.end, rotationChoices: sale.plan.rotationMinutes,
                        rotationMinutes: issued.exit?.rotation.minutes ?? 0))
            }
        }
        redeem(sale.priced, receipt.order, sale.customer, tenant)
        promise(sale.priced, to: receipt.subscriptions, tenant)
        record(
            JournalEntry(
                tenant: tenant, id: submission.id.retyped(), reason: sale.kind == .trial ? .trial : .purchase,
                order: receipt.order, at: now),
            .bought(receipt, customer: sale.customer, isTrial: sale.kind == .trial, tenant, submission.id),
            answer)
    }

    /// When a subscription of the sale is first renewed by itself; a trial never is.
    private func renewsAt(_ sale: Sale) -> Instant? {
        guard sale.plan.renewsAutomatically, sale.kind == .purchase else { return nil }
        return RenewalSchedule.first(for: sale.time.last)
    }

    mutating func append(
        _ time: PaidTime, from first: Int32, to subscription: SubscriptionID, _ order: OrderID,
        _ tenant: TenantID, _ shares: inout ArraySlice<Money>
    ) {
        for (offset, period) in time.periods.enumerated() {
            guard let share = shares.popFirst() else {
                preconditionFailure("there is a share for every period")
            }
            writes.terms.append(
                GroupWrites.Term(
                    tenant: tenant, subscription: subscription, index: first + Int32(offset), order: order,
                    period: period, amount: share.minor, anchor: time.anchor(ofPeriod: offset)))
        }
    }
}
