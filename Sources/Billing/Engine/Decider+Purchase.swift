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
                order: submission.id.retyped(), event: submission.id, customer: purchase.customer, plan: plan,
                exit: exit, kind: .purchase, quantity: purchase.quantity.value,
                repeatCount: purchase.repeatCount.value, time: time, priced: priced), submission)
    }

    /// Decides a trial: a purchase of one at no charge, once per customer and plan.
    mutating func decide(_ trial: Trial, _ submission: Submission) throws(Refusal) -> Decision {
        let customer = try customer(trial.customer, of: submission.tenant)
        let plan = try plan(trial.plan, for: submission, customer)
        let exit = try exit(of: plan, nil)
        guard let duration = plan.trialMilliseconds else { throw .trialNotOffered }
        let name = TenantKey(
            tenant: submission.tenant, name: Buyer(customer: trial.customer, plan: plan.id))
        guard !rows.trials.contains(name) else { throw .trialUsed }
        let time = try time(from: now, duration, 1)
        let priced = try price(plan, .trial, .one, .one, nil, nil, trial.customer, submission)
        let decision = try sell(
            Sale(
                order: submission.id.retyped(), event: submission.id, customer: trial.customer, plan: plan,
                exit: exit, kind: .trial, quantity: 1, repeatCount: 1, time: time, priced: priced), submission
        )
        if case .answered = decision {
            rows.trials.insert(name)
            writes.trialGrants.append(
                GroupWrites.TrialGrant(
                    tenant: submission.tenant, customer: trial.customer, plan: plan.id,
                    order: submission.id.retyped()))
        }
        return decision
    }

    /// What a purchase, a trial and an order that was paid for later have in common.
    struct Sale {
        let order: OrderID
        let event: CommandID
        let customer: CustomerID
        let plan: Plan
        let exit: Exit?
        let kind: OrderKind
        let quantity: Int32
        let repeatCount: Int32
        let time: PaidTime
        let priced: Priced
        /// Whether the coupon's use was counted when the order was placed.
        var wasReserved = false
    }

    private mutating func sell(_ sale: Sale, _ submission: Submission) throws(Refusal) -> Decision {
        let goods = try take(sale, submission.tenant)
        do throws(Fault) {
            let receipt = try receipt(sale, goods)
            let answer = try remember(.bought(receipt), of: submission)
            write(sale, receipt, goods, submission)
            if let answer { writes.remembered.append(answer) }
            return .answered(.done(.bought(receipt)))
        } catch {
            putBack(sale, submission.tenant)
            return .failed(error)
        }
    }

    /// What a sale takes from the shelf, and how it is paid.
    struct Goods {
        /// By the plan's networks.
        let units: [ArraySlice<StockUnit>]
        let legs: [Leg]
    }

    /// Takes a sale's units off the shelf; refuses where they or the money are not there, and takes nothing then.
    mutating func take(_ sale: Sale, _ tenant: TenantID) throws(Refusal) -> Goods {
        let units = try take(Int(sale.quantity), from: sale.plan.networks, tenant)
        let legs = legs(of: sale.priced.quote, customer: sale.customer, tenant: tenant)
        do throws(Refusal) {
            try check(legs)
        } catch {
            putBack(sale, tenant)
            throw error
        }
        return Goods(units: units, legs: legs)
    }

    /// Undoes `take`.
    mutating func putBack(_ sale: Sale, _ tenant: TenantID) {
        putBack(Int(sale.quantity), on: sale.plan.networks, tenant)
    }

    /// So many units of each of the networks, by network; all of them or none.
    mutating func take(
        _ count: Int, from networks: [NetworkID], _ tenant: TenantID
    ) throws(Refusal) -> [ArraySlice<StockUnit>] {
        var units: [ArraySlice<StockUnit>] = []
        for network in networks {
            guard let taken = rows.shelf.take(count, from: TenantKey(tenant: tenant, name: network)) else {
                putBack(count, on: networks.prefix(units.count), tenant)
                throw .soldOut
            }
            units.append(taken)
        }
        return units
    }

    /// Undoes `take`.
    mutating func putBack(_ count: Int, on networks: some Sequence<NetworkID>, _ tenant: TenantID) {
        for network in networks { rows.shelf.putBack(count, on: TenantKey(tenant: tenant, name: network)) }
    }

    mutating func receipt(_ sale: Sale, _ goods: Goods) throws(Fault) -> PurchaseReceipt {
        var issued: [IssuedSubscription] = []
        issued.reserveCapacity(Int(sale.quantity))
        for index in 0..<Int(sale.quantity) {
            issued.append(
                IssuedSubscription(
                    id: ids.next(at: madeAt), period: sale.time.whole,
                    units: try together(goods.units.map { $0[$0.startIndex + index] }), exit: sale.exit))
        }
        return PurchaseReceipt(
            order: sale.order, plan: sale.plan, total: sale.priced.quote.total,
            discount: sale.priced.quote.discount,
            subscriptions: issued)
    }

    /// The units of one subscription, under one login.
    func together(_ units: [StockUnit]) throws(Fault) -> [StockUnit] {
        guard units.count > 1 else { return units }
        do {
            return try join(units)
        } catch {
            throw Fault(operation: "give several slots one login", isTransient: false, underlying: error)
        }
    }

    /// Posts and writes a sale whose goods were taken.
    mutating func write(
        _ sale: Sale, _ receipt: PurchaseReceipt, _ goods: Goods, _ submission: Submission
    ) {
        post(goods.legs, as: sale.order.retyped(), in: submission.tenant)
        let tenant = submission.tenant
        let quote = sale.priced.quote
        writes.orders.append(
            GroupWrites.NewOrder(
                tenant: tenant, id: receipt.order, customer: sale.customer, principal: submission.principal,
                dialect: submission.dialect, kind: sale.kind, plan: sale.plan.id,
                planVersion: sale.plan.version,
                priceList: sale.kind == .trial ? nil : sale.plan.priceList,
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
                        sequence: Int32(index + 1),
                        until: issued.period.end, rotationChoices: sale.plan.rotationMinutes,
                        rotationMinutes: issued.exit?.rotation.minutes ?? 0))
            }
        }
        if sale.wasReserved {
            writes.committedRedemptions.append(TenantKey(tenant: tenant, name: sale.order))
        } else {
            redeem(sale.priced, receipt.order, sale.customer, tenant)
        }
        promise(sale.priced, to: receipt.subscriptions, tenant)
        record(
            JournalEntry(
                tenant: tenant, id: sale.order.retyped(), reason: sale.kind == .trial ? .trial : .purchase,
                order: receipt.order, at: now),
            .bought(receipt, customer: sale.customer, isTrial: sale.kind == .trial, tenant, sale.event), nil)
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
