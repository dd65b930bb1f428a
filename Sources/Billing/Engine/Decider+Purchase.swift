internal import Catalog
internal import Primitives

extension Decider {
    /// Decides a purchase. Refusals, in order: customer, plan, its price and periods, coupon, the quoted total, stock,
    /// balance, float.
    mutating func decide(_ purchase: Purchase, _ submission: Submission) throws(Refusal) -> Decision {
        let customer = try customer(purchase.customer, of: submission.tenant)
        let plan = try plan(purchase.plan, for: submission, customer)
        let periods = try periods(of: plan, purchase.repeatCount, from: now)
        let priced = try price(
            plan, .purchase, purchase.quantity, purchase.repeatCount, purchase.coupon, purchase.expectedTotal,
            purchase.customer, submission)
        return try sell(
            Sale(
                customer: purchase.customer, plan: plan, kind: .purchase, quantity: purchase.quantity.value,
                repeatCount: purchase.repeatCount.value, periods: periods, priced: priced), submission)
    }

    /// Decides a trial: a purchase of one at no charge, once per customer and plan.
    mutating func decide(_ trial: Trial, _ submission: Submission) throws(Refusal) -> Decision {
        let customer = try customer(trial.customer, of: submission.tenant)
        let plan = try plan(trial.plan, for: submission, customer)
        guard let duration = plan.trialMilliseconds else { throw .trialNotOffered }
        let name = TenantKey(
            tenant: submission.tenant, name: TrialName(customer: trial.customer, plan: plan.id))
        guard !rows.trials.contains(name) else { throw .trialUsed }
        let periods = try tiling(from: now, duration, 1)
        let priced = try price(plan, .trial, .one, .one, nil, nil, trial.customer, submission)
        let decision = try sell(
            Sale(
                customer: trial.customer, plan: plan, kind: .trial, quantity: 1, repeatCount: 1,
                periods: periods, priced: priced), submission)
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
        let kind: OrderKind
        let quantity: Int32
        let repeatCount: Int32
        let periods: [ServicePeriod]
        let priced: Priced
    }

    private mutating func sell(_ sale: Sale, _ submission: Submission) throws(Refusal) -> Decision {
        let tenant = submission.tenant
        let network = sale.plan.networkID.map { TenantKey(tenant: tenant, name: $0) }
        let units = try network.map { network throws(Refusal) in try take(sale.quantity, from: network) }
        func putBack(_ decider: inout Decider) {
            if let network { decider.rows.shelf.putBack(Int(sale.quantity), on: network) }
        }

        let order: OrderID = submission.id.retyped()
        let legs = legs(of: sale.priced.quote, customer: sale.customer, tenant: tenant)
        do throws(Refusal) {
            try check(legs)
        } catch {
            putBack(&self)
            throw error
        }
        let receipt = receipt(sale, order, units)
        do throws(Fault) {
            let answer = try remember(.bought(receipt), of: submission)
            post(legs, as: submission.id, in: tenant)
            write(sale, receipt, submission, answer)
            return .answered(.done(.bought(receipt)))
        } catch {
            putBack(&self)
            return .failed(error)
        }
    }

    private mutating func take(
        _ quantity: Int32, from network: TenantKey<NetworkID>
    ) throws(Refusal) -> ArraySlice<StockUnit> {
        guard let units = rows.shelf.take(Int(quantity), from: network) else { throw .soldOut }
        return units
    }

    private mutating func receipt(
        _ sale: Sale, _ order: OrderID, _ units: ArraySlice<StockUnit>?
    ) -> PurchaseReceipt {
        guard let first = sale.periods.first, let last = sale.periods.last,
            let period = ServicePeriod(start: first.start, end: last.end)
        else { preconditionFailure("a tiling has at least one period") }
        var issued: [IssuedSubscription] = []
        issued.reserveCapacity(Int(sale.quantity))
        for index in 0..<Int(sale.quantity) {
            issued.append(
                IssuedSubscription(
                    id: ids.next(at: now), period: period, unit: units.map { $0[$0.startIndex + index] }))
        }
        return PurchaseReceipt(
            order: order, plan: sale.plan, total: sale.priced.quote.total,
            discount: sale.priced.quote.discount,
            subscriptions: issued)
    }

    private mutating func write(
        _ sale: Sale, _ receipt: PurchaseReceipt, _ submission: Submission, _ answer: GroupWrites.Remembered?
    ) {
        let periods = sale.periods
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
        var shares = quote.total.split(into: receipt.subscriptions.count * periods.count)[...]
        for issued in receipt.subscriptions {
            writes.subscriptions.append(
                GroupWrites.NewSubscription(
                    tenant: tenant, id: issued.id, customer: sale.customer, order: receipt.order,
                    plan: sale.plan.id,
                    dialect: submission.dialect, isTrial: sale.kind == .trial, period: issued.period,
                    periods: sale.repeatCount))
            append(periods, from: 0, to: issued.id, receipt.order, tenant, &shares)
            if let unit = issued.unit {
                writes.stock.lent.append(
                    StockChanges.Loan(
                        unit: unit, subscription: issued.id, until: issued.period.end,
                        rotationChoices: sale.plan.rotationMinutes))
            }
        }
        redeem(sale.priced, receipt.order, sale.customer, tenant)
        record(
            JournalEntry(
                tenant: tenant, id: submission.id.retyped(), reason: sale.kind == .trial ? .trial : .purchase,
                order: receipt.order, at: now),
            .bought(receipt, customer: sale.customer, isTrial: sale.kind == .trial, tenant, submission.id),
            answer)
    }

    mutating func append(
        _ periods: [ServicePeriod], from first: Int32, to subscription: SubscriptionID, _ order: OrderID,
        _ tenant: TenantID, _ shares: inout ArraySlice<Money>
    ) {
        for (offset, period) in periods.enumerated() {
            guard let share = shares.popFirst() else {
                preconditionFailure("there is a share for every period")
            }
            writes.terms.append(
                GroupWrites.Term(
                    tenant: tenant, subscription: subscription, index: first + Int32(offset), order: order,
                    period: period, amount: share.minor))
        }
    }
}
