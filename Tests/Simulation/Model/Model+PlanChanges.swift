internal import Billing
internal import Primitives

extension Model {
    /// Puts a living subscription on another plan from now on: what was paid for time to come is credited, then the new
    /// plan's price is charged, and the first period of that begins now.
    mutating func change(_ it: Action.PlanChange, _ request: Request) throws(Refusal) -> Verdict {
        let customer = try openCustomer(it.customer, request.tenant)
        guard let subscription = subscriptions[it.subscription], subscription.tenant == request.tenant,
            subscription.customer == it.customer, subscription.door == request.door
        else { throw .subscriptionUnknown }
        let plan = try planOnSale(it.plan, customer, request)
        try checkChangeable(subscription, to: it.plan, plan)
        let exit = try exit(of: subscription, plan, it)
        guard plan.price != nil, let duration = plan.duration else { throw .planNotPriced }
        var changed = cut(subscription)
        // Later than now only where the clock was set back.
        let served = changed.terms.last(where: \.serves).map { $0.cut ?? $0.end } ?? changed.terms[0].start
        let start = max(now, served)
        guard Int128(start) + Int128(duration) <= Int128(Self.farthest) else { throw .amountTooLarge }
        let price = try price(plan, .planChange, 1, 1, nil, nil, it.customer, request)
        let credits = gifts(subscription, changed, .now)
        let credit = credits.reduce(Int128(0)) { $0 + Int128($1.amount) }
        guard Int64(exactly: credit) != nil, let minor = Int64(exactly: Int128(price.total) - credit) else {
            throw .amountTooLarge
        }
        let net = Money(minor: minor, currency: customer.currency)
        if let expected = it.expected, expected != net { throw .priceChanged(net) }
        let stays = Set(subscription.slots.map(\.network.number)) == Set(plan.networks)
        let networks = stays ? [] : plan.networks
        for network in networks where free(Name(tenant: request.tenant, number: network)) < 1 {
            throw .soldOut
        }
        var tried = self
        try tried.settle(credits, movements(price, it.customer, plan), net)
        if request.isBroken { return .failed }

        self = tried
        see(subscription, plan, networks, net)
        orders[Name(tenant: request.tenant, number: request.number)] = Order(
            customer: it.customer, kind: .planChange, plan: it.plan, subscription: it.subscription,
            quantity: 1, repeats: 1, list: price.list, discount: 0, total: price.total,
            wholesale: price.wholesale, currency: plan.currency)
        changed.terms.append(
            Term(order: request.number, start: start, end: start + duration, amount: price.total))
        changed.end = start + duration
        changed.plan = it.plan
        changed.exit = exit
        subscriptions[it.subscription] = changed
        // Which slots it is lent in their place is the engine's choice.
        if !networks.isEmpty { giveBack(it.subscription) }
        let wallet = Place(
            tenant: request.tenant, purse: .wallet(it.customer), currency: customer.currency)
        return .changed(
            it.subscription, net: net,
            credits: Dictionary(uniqueKeysWithValues: credits.map { ($0.name.number, $0.amount) }),
            balance: Money(minor: balances[wallet] ?? 0, currency: customer.currency), end: changed.end,
            networks: networks)
    }

    private func checkChangeable(
        _ subscription: Subscription, to number: Int, _ plan: PlanLine
    ) throws(Refusal) {
        guard !subscription.isEnded, subscription.end > now else { throw .subscriptionEnded }
        guard let own = plans[Name(tenant: subscription.tenant, number: subscription.plan)] else { return }
        guard number != subscription.plan, own.product == plan.product, own.isShared == plan.isShared,
            plan.networks.isEmpty == subscription.slots.isEmpty
        else { throw .planNotEligible }
    }

    /// What was chosen; else what it has, as far as the plan offers that; else the plan's first.
    private func exit(
        of subscription: Subscription, _ plan: PlanLine, _ it: Action.PlanChange
    ) throws(Refusal) -> [String]? {
        if it.country != nil || it.rotation != nil { return try exit(plan, it.country, it.rotation) }
        guard let own = subscription.exit else { return try exit(plan, nil, nil) }
        return try exit(
            plan, plan.exits.contains(own[0]) ? own[0] : nil,
            plan.rotations.contains(own[1]) ? own[1] : nil)
    }

    /// Credit before charge; who is short is short of the difference.
    private mutating func settle(
        _ credits: [Gift], _ charges: [Movement], _ net: Money
    ) throws(Refusal) {
        let before = balances
        try giveBack(credits)
        for charge in charges {
            do throws(Refusal) {
                try check([charge])
            } catch {
                guard case .insufficientBalance = error else { throw error }
                let available = min(
                    max(0, Int128(before[charge.from]!) - Int128(floors[charge.from]!)), Int128(Int64.max))
                throw .insufficientBalance(
                    required: net, available: Money(minor: Int64(available), currency: net.currency))
            }
            post(charge)
        }
    }

    private mutating func see(
        _ subscription: Subscription, _ plan: PlanLine, _ networks: [Int], _ net: Money
    ) {
        sights.append(net.isNegative ? .changedDown : .changedUp)
        if !networks.isEmpty { sights.append(.changedNetworks) }
        if !Set(networks).isDisjoint(with: subscription.slots.map(\.network.number)) {
            sights.append(.changedSharingNetworks)
        }
        let paidBy = subscription.terms.map {
            orders[Name(tenant: subscription.tenant, number: $0.order)]?.kind
        }
        if paidBy == [.trial] { sights.append(.changedTrial) }
    }
}
