internal import Billing
internal import Catalog
internal import Primitives

// What the tables hold, against what the model holds.
extension Run {
    /// Balances, coupons and slots, and every order, subscription and key that the group named.
    func compareAfter(_ requests: [Request], _ decisions: [Decision]) throws(Difference) {
        try compareBalances()
        try compareCoupons()
        try compareSlots()
        for (request, decision) in zip(requests, decisions) {
            try compareJournal(request, decision)
            if let key = request.keyName { try compareRemembered(key) }
            var order = Name(tenant: request.tenant, number: request.number)
            if case .refund(_, let number, _, _) = request.action { order.number = number }
            try compareOrder(order)
            for index in 0..<Int(model.orders[order]?.quantity ?? 0) {
                try compareSubscription(SubscriptionName(order: order.number, index: index))
            }
            if case .renewal(let renewal) = request.action { try compareSubscription(renewal.subscription) }
            if let extended = model.orders[order]?.subscription { try compareSubscription(extended) }
            switch request.action {
            case .cancellation(let it): try comparePaid(it.subscription, request.tenant)
            case .planChange(let it): try comparePaid(it.subscription, request.tenant)
            case .purchase, .trial, .renewal, .topUp, .floatTopUp, .refund, .adjustment: break
            }
        }
    }

    /// The subscription, and every order that has paid for it.
    private func comparePaid(_ subscription: SubscriptionName, _ tenant: Int) throws(Difference) {
        try compareSubscription(subscription)
        for term in model.subscriptions[subscription]?.terms ?? [] {
            try compareOrder(Name(tenant: tenant, number: term.order))
        }
    }

    func compareEverything() throws(Difference) {
        try compareBalances()
        try compareCoupons()
        try compareSlots()
        for order in model.orders.keys { try compareOrder(order) }
        for subscription in model.subscriptions.keys { try compareSubscription(subscription) }
        for key in model.remembered.keys { try compareRemembered(key) }
        let trials = Set(
            model.trials.map {
                TenantKey(
                    tenant: Names.tenant($0.tenant),
                    name: Buyer(customer: Names.customer($0.customer), plan: Names.plan($0.plan)))
            })
        try demand(trials == tables.trials, .order, "other trials were granted")
        try demand(tables.orders.count == model.orders.count, .order, "there are more orders or fewer")
        try demand(
            tables.subscriptions.count == model.subscriptions.count, .subscription,
            "there are more subscriptions or fewer")
        try demand(
            tables.remembered.count == model.remembered.count, .remembered, "other keys are remembered")
    }

    /// Every balance, and that what the places hold sums to nothing in each tenant and currency.
    private func compareBalances() throws(Difference) {
        var sums: [Place: Int128] = [:]
        for (place, balance) in model.balances {
            let given = tables.accounts[key(place)]?.balance
            guard given == balance else {
                throw Difference(
                    .money, "\(place) holds \(balance), its account \(given.map(String.init) ?? "nothing")")
            }
            let book = Place(tenant: place.tenant, purse: .revenue, currency: place.currency)
            sums[book, default: 0] += (place.purse.growsWhenGiven ? 1 : -1) * Int128(balance)
        }
        try demand(sums.values.allSatisfy { $0 == 0 }, .money, "the transfers do not sum to zero")
        try demand(tables.accounts.count == model.balances.count, .money, "there are more accounts or fewer")
    }

    private func key(_ place: Place) -> AccountKey {
        let tenant = Names.tenant(place.tenant)
        return switch place.purse {
        case .wallet(let customer): .wallet(tenant, Names.customer(customer), place.currency)
        case .revenue: .own(tenant, .revenue, place.currency)
        case .outside: .own(tenant, .outside, place.currency)
        case .adjustments: .own(tenant, .adjustments, place.currency)
        case .float: .own(tenant, .float, place.currency)
        case .platformRevenue: .own(tenant, .platformRevenue, place.currency)
        case .platformOutside: .own(tenant, .platformOutside, place.currency)
        }
    }

    private func compareCoupons() throws(Difference) {
        for name in model.coupons.keys {
            let key = TenantKey(tenant: Names.tenant(name.tenant), name: Names.code(name.number))
            let uses = model.uses(of: name)
            let counted = tables.coupons[key]?.redeemedCount
            let given = tables.coupons[key].map { Int128($0.discountedMinor) }
            guard given == model.given(by: name) else {
                throw Difference(
                    .coupon,
                    "coupon \(name.word) has given \(model.given(by: name)), its sum is \(given ?? -1)")
            }
            guard counted.map(Int.init) == uses else {
                throw Difference(
                    .coupon, "coupon \(name.word) has \(uses) uses, its count is \(counted ?? -1)")
            }
        }
    }

    private func compareSlots() throws(Difference) {
        for (name, state) in model.slots {
            let key = TenantKey(tenant: Names.tenant(name.network.tenant), name: Names.slot(name))
            let given = tables.slots[key]?.state
            let expected: SlotRecord.State
            switch state {
            case .free: expected = .ready
            case .resting: expected = .draining
            case .lent(let subscription):
                expected = .assigned
                let holder = TenantKey(
                    tenant: key.tenant, name: subscriptionIDs[subscription] ?? Names.stranger)
                let own = (model.subscriptions[subscription]?.slots ?? []).map(Names.slot)
                guard own.contains(key.name), tables.holdings(holder).map(\.slot) == own else {
                    throw Difference(
                        .slot, "subscription \(subscription.word) does not hold its slots, among them \(name)"
                    )
                }
            }
            guard given == expected else {
                throw Difference(
                    .slot, "slot \(name) is \(state), its row \(given.map { "\($0)" } ?? "is not there")")
            }
        }
    }

    /// Who was carried out has its entry and its event, and nobody else.
    private func compareJournal(_ request: Request, _ decision: Decision) throws(Difference) {
        let name = TenantKey(tenant: Names.tenant(request.tenant), name: Names.command(request.number))
        let isTold = tables.events.contains(name)
        let entry = tables.entries[
            TenantKey(tenant: name.tenant, name: name.name.retyped(as: JournalEntrySubject.self))]
        guard case .answered(.done) = decision else {
            return try demand(entry == nil && !isTold, .journal, "request \(request.number) left a trace")
        }
        guard let entry, isTold else {
            throw Difference(.journal, "request \(request.number) was carried out without a trace")
        }
        let own = Names.order(request.number)
        let expected: (EntryReason, order: OrderID?, reversed: OrderID?, reference: Int?) =
            switch request.action {
            case .purchase: (.purchase, own, nil, nil)
            case .trial: (.trial, own, nil, nil)
            case .renewal: (.renewal, own, nil, nil)
            case .topUp(_, _, let reference): (.topUp, nil, nil, reference)
            case .floatTopUp(_, let reference): (.floatTopUp, nil, nil, reference)
            case .adjustment(_, _, let reference): (.adjustment, nil, nil, reference)
            case .planChange: (.planChange, own, nil, nil)
            case .cancellation(let it): (.cancellation, Names.order(it.subscription.order), nil, nil)
            case .refund(_, let order, _, _): (.refund, Names.order(order), Names.order(order), nil)
            }
        try demand(
            entry.reason == expected.0 && entry.order == expected.order
                && entry.reverses == expected.reversed?.retyped()
                && entry.reference == expected.reference.map(Names.reference)
                && entry.at.milliseconds == model.now,
            .journal, "request \(request.number) has an entry of another kind")
    }

    private func compareRemembered(_ key: KeyName) throws(Difference) {
        let row = tables.remembered[
            TenantKey(
                tenant: Names.tenant(key.tenant),
                name: IdempotencyName(principal: Names.principal(key.by), key: Names.key(key.key)))]
        let given = row.map {
            Remembered(request: Self.number(sealed: $0.answer.sealed), body: Int($0.fingerprint[0]))
        }
        let expected = model.remembered[key]
        try demand(given == expected, .remembered, "key \(key.key) remembers another answer")
    }

    func demand(
        _ holds: Bool, _ kind: Difference.Kind, _ text: @autoclosure () -> String
    ) throws(Difference) {
        if !holds { throw Difference(kind, text()) }
    }
}
