internal import Billing
internal import Catalog
internal import Primitives

extension Model {
    /// The last instant that can be written down: the end of the year 9999.
    static let farthest: Int64 = 253_402_300_799_999

    /// Buys subscriptions that run from now.
    mutating func buy(_ it: Action.Purchase, _ request: Request) throws(Refusal) -> Verdict {
        let customer = try openCustomer(it.customer, request.tenant)
        let plan = try planOnSale(it.plan, customer, request)
        let exit = try exit(plan, it.country, it.rotation)
        guard plan.price != nil, let duration = plan.duration else { throw .planNotPriced }
        let end = Int128(now) + Int128(duration) * Int128(it.repeats)
        guard end <= Int128(Self.farthest) else { throw .amountTooLarge }
        let price = try price(
            plan, .purchase, it.quantity, it.repeats, it.coupon, it.expected, it.customer, request)
        return try sell(
            Order(
                customer: it.customer, kind: .purchase, plan: it.plan, quantity: it.quantity,
                repeats: it.repeats,
                list: price.list, discount: price.discount, total: price.total, wholesale: price.wholesale,
                currency: plan.currency, coupon: it.coupon),
            plan, price, exit, lasting: duration, request)
    }

    /// Starts a trial: one subscription that costs nothing, once per customer and plan.
    mutating func start(_ customer: Int, _ number: Int, _ request: Request) throws(Refusal) -> Verdict {
        let plan = try planOnSale(number, try openCustomer(customer, request.tenant), request)
        guard let duration = plan.trial else { throw .trialNotOffered }
        let trial = TriedPlan(tenant: request.tenant, customer: customer, plan: number)
        guard !trials.contains(trial) else { throw .trialUsed }
        guard Int128(now) + Int128(duration) <= Int128(Self.farthest) else { throw .amountTooLarge }
        let verdict = try sell(
            Order(
                customer: customer, kind: .trial, plan: number, quantity: 1, repeats: 1, list: 0, discount: 0,
                total: 0, wholesale: nil, currency: plan.currency),
            plan, Price(list: 0, discount: 0, total: 0), try exit(plan, nil, nil), lasting: duration, request)
        if verdict != .failed { trials.insert(trial) }
        return verdict
    }

    private mutating func sell(
        _ order: Order, _ plan: PlanLine, _ price: Price, _ exit: [String]?, lasting duration: Int64,
        _ request: Request
    ) throws(Refusal) -> Verdict {
        // A slot of each network for each subscription, or nothing.
        let free = plan.networks.map { self.free(Name(tenant: request.tenant, number: $0)) }
        guard free.allSatisfy({ $0 >= order.quantity }) else {
            if free.contains(where: { $0 >= order.quantity }) { sights.append(.oneOfSeveralNetworksShort) }
            throw .soldOut
        }
        if free.contains(where: { $0 == order.quantity }) { sights.append(.lastSlotsTaken) }
        let movements = movements(price, order.customer, plan)
        try check(movements)
        if request.isBroken { return .failed }

        if plan.networks.count > 1 { sights.append(.boughtOnSeveralNetworks) }
        if exit != nil { sights.append(.exitChosen) }
        for movement in movements { post(movement) }
        orders[Name(tenant: request.tenant, number: request.number)] = order
        redeem(order, request)
        // The total is spread over every period of every subscription; odd minor units go to the first ones.
        var shares = spread(order.total, over: order.quantity * order.repeats)
        for index in 0..<Int(order.quantity) {
            let terms = takeTerms(&shares, order.repeats, from: now, duration, request)
            subscriptions[SubscriptionName(order: request.number, index: index)] = Subscription(
                tenant: request.tenant, customer: order.customer, plan: order.plan, door: request.door,
                end: now + duration * order.repeats, terms: terms, exit: exit)
        }
        return .bought(
            total: Money(minor: price.total, currency: plan.currency),
            discount: Money(minor: price.discount, currency: plan.currency), count: Int(order.quantity),
            start: now, end: now + duration * order.repeats, networks: plan.networks)
    }

    /// Extends a subscription from its paid end, or from now where that is past.
    mutating func renew(_ it: Action.Renewal, _ request: Request) throws(Refusal) -> Verdict {
        let customer = try openCustomer(it.customer, request.tenant)
        guard var subscription = subscriptions[it.subscription], subscription.tenant == request.tenant,
            subscription.customer == it.customer, subscription.door == request.door
        else { throw .subscriptionUnknown }
        let plan = try planOnSale(it.plan, customer, request)
        try checkEligible(subscription, plan)
        guard plan.price != nil, let duration = plan.duration else { throw .planNotPriced }
        let start = max(subscription.end, now)
        guard Int128(start) + Int128(duration) * Int128(it.repeats) <= Int128(Self.farthest) else {
            throw .amountTooLarge
        }
        let price = try price(plan, .renewal, 1, it.repeats, it.coupon, it.expected, it.customer, request)
        let movements = movements(price, it.customer, plan)
        try check(movements)
        if request.isBroken { return .failed }

        if plan.networks.count > 1 { sights.append(.renewedOnSeveralNetworks) }
        if now == subscription.end { sights.append(.renewedAtTheEnd) }
        if now > subscription.end { sights.append(.renewedAfterTheEnd) }
        for movement in movements { post(movement) }
        let order = Order(
            customer: it.customer, kind: .renewal, plan: it.plan, subscription: it.subscription, quantity: 1,
            repeats: it.repeats, list: price.list, discount: price.discount, total: price.total,
            wholesale: price.wholesale, currency: plan.currency, coupon: it.coupon)
        orders[Name(tenant: request.tenant, number: request.number)] = order
        redeem(order, request)
        var shares = spread(price.total, over: it.repeats)
        subscription.terms += takeTerms(&shares, it.repeats, from: start, duration, request)
        subscription.end = start + duration * it.repeats
        subscription.plan = it.plan
        subscriptions[it.subscription] = subscription
        return .renewed(
            it.subscription, total: Money(minor: price.total, currency: plan.currency), end: subscription.end)
    }

    /// One that has ended is over; the plan must be of its product and connection; what lends slots goes on only while
    /// they are held, and on the networks where they are now.
    private func checkEligible(_ subscription: Subscription, _ plan: PlanLine) throws(Refusal) {
        if subscription.isEnded { throw .subscriptionNotRenewable }
        guard let own = plans[Name(tenant: subscription.tenant, number: subscription.plan)] else { return }
        guard own.product == plan.product, own.isShared == plan.isShared else { throw .planNotEligible }
        guard !plan.networks.isEmpty else { return }
        guard !subscription.slots.isEmpty else { throw .subscriptionNotRenewable }
        guard subscription.slots.map(\.network.number).sorted() == plan.networks.sorted() else {
            throw .planNotEligible
        }
    }

    private mutating func redeem(_ order: Order, _ request: Request) {
        guard let coupon = order.coupon else { return }
        redemptions[Name(tenant: request.tenant, number: request.number)] = Redemption(
            coupon: coupon, customer: order.customer, amount: order.discount)
        let name = Name(tenant: request.tenant, number: coupon)
        if let limit = coupons[name]?.limit, uses(of: name) == limit { sights.append(.couponUsedUp) }
        if let budget = coupons[name]?.budget, given(by: name) == Int128(budget.minor) {
            sights.append(.couponBudgetUsedUp)
        }
        if let most = coupons[name]?.most, order.discount == most.minor { sights.append(.couponCapped) }
        if coupons[name]?.isFirstOrderOnly == true { sights.append(.firstOrder) }
    }

    private func spread(_ total: Int64, over count: Int64) -> [Int64] {
        (0..<count).map { total / count + ($0 < total % count ? 1 : 0) }
    }

    private func takeTerms(
        _ shares: inout [Int64], _ repeats: Int64, from start: Int64, _ duration: Int64, _ request: Request
    ) -> [Term] {
        defer { shares.removeFirst(Int(repeats)) }
        return (0..<repeats).map { period in
            Term(
                order: request.number, start: start + period * duration, end: start + (period + 1) * duration,
                amount: shares[Int(period)])
        }
    }
}
