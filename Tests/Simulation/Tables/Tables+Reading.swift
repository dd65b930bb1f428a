internal import Billing
internal import Catalog
internal import Primitives

// What `GroupTransaction.read` reads, from the keys that the product itself computes.
extension Tables {
    func read(_ submissions: [Submission], cursors: [TenantKey<NetworkID>: Int64]) -> GroupRows {
        let keys = GroupKeys(submissions)
        var rows = GroupRows()
        rows.books = Books(
            keys.accounts.sorted().flatMap { (accountsByName[$0] ?? []).map { accounts[$0]! } })
        for key in keys.customers { rows.customers[key] = customers[key] }
        for key in keys.plans { rows.plans[key] = plan(key) }
        for key in keys.coupons { rows.coupons[key] = coupons[key] }
        for key in keys.couponUses {
            rows.couponUses[key] = uses(key)
            let coupon = coupons[TenantKey(tenant: key.tenant, name: key.name.coupon)]
            guard coupon?.isFirstOrderOnly == true else { continue }
            let customer = TenantKey(tenant: key.tenant, name: key.name.customer)
            rows.standingOrders[customer] = standing(
                customer, refunding: !keys.orders.isEmpty || !keys.takenBack.isEmpty)
        }
        for key in keys.subscriptions { rows.subscriptions[key] = subscription(key) }
        for key in keys.orders {
            guard let order = orders[key] else { continue }
            let sold = running(key)
            for name in sold where rows.subscriptions[name] == nil {
                rows.subscriptions[name] = subscription(name)
            }
            for name in sold { rows.subscriptions[name]?.terms = paid(name) }
            rows.orders[key] = read(order, key, sold.map(\.name))
        }
        for key in keys.takenBack.keys {
            rows.subscriptions[key]?.terms = paid(key)
            for term in rows.subscriptions[key]?.terms ?? [] {
                let name = TenantKey(tenant: key.tenant, name: term.order)
                rows.orders[name] = rows.orders[name] ?? orders[name].map { read($0, name, []) }
            }
        }
        for key in keys.buyers { rows.groupPrices[key] = groupPrices[key] }
        rows.trials = keys.trials.intersection(trials)
        rows.references = keys.references.intersection(references)
        for key in keys.idempotency {
            rows.remembered[key] = remembered[key].map {
                RememberedRow(fingerprint: $0.fingerprint, answer: $0.answer)
            }
        }
        claim(keys, submissions, cursors, &rows)
        return rows
    }

    private func plan(_ key: TenantKey<PlanID>) -> Plan? {
        guard var plan = plans[key] else { return nil }
        plan.networksAreActive = plan.networks.allSatisfy {
            networks[TenantKey(tenant: key.tenant, name: $0)] ?? false
        }
        return plan
    }

    private func uses(_ key: TenantKey<CouponCustomer>) -> CouponUses? {
        guard let coupon = coupons[TenantKey(tenant: key.tenant, name: key.name.coupon)] else { return nil }
        let standing = (redemptionsByCoupon[TenantKey(tenant: key.tenant, name: coupon.id)] ?? [])
            .compactMap { redemptions[TenantKey(tenant: key.tenant, name: $0)] }
            .filter { !$0.isReleased && $0.row.customer == key.name.customer }.compactMap(\.row.ordinal)
        return CouponUses(
            ordinals: coupon.perCustomer == nil ? [] : Set(standing), highest: standing.max() ?? 0)
    }

    /// What has not been wholly given back, or not with its coupon; one will do where the group refunds nothing.
    private func standing(_ customer: TenantKey<CustomerID>, refunding: Bool) -> Set<OrderID> {
        let standing = orders.lazy.filter { key, order in
            key.tenant == customer.tenant && order.row.customer == customer.name && order.row.kind != .trial
                && (!order.isRefunded || redemptions[key].map { !$0.isReleased } ?? false)
        }
        return Set(standing.map(\.key.name).prefix(refunding ? .max : 1))
    }

    private func subscription(_ key: TenantKey<SubscriptionID>) -> SubscriptionRow? {
        guard let record = subscriptions[key],
            let plan = plans[TenantKey(tenant: key.tenant, name: record.plan)]
        else { return nil }
        return SubscriptionRow(
            id: key.name, customer: record.row.customer, order: record.row.order, plan: record.plan,
            product: plan.product, connection: plan.connection, dialect: record.row.dialect,
            activeUntil: record.activeUntil,
            nextPeriod: record.nextPeriod, isEnded: record.endedAt != nil, exit: record.exit,
            holdings: holdings(key))
    }

    func holdings(_ key: TenantKey<SubscriptionID>) -> [Holding] {
        (allocations[key] ?? []).filter { !$0.isReleased }.map {
            Holding(
                tenant: key.tenant, subscription: key.name, sequence: $0.sequence, slot: $0.slot,
                gateway: Names.gateway, network: slots[TenantKey(tenant: key.tenant, name: $0.slot)]!.network)
        }
    }

    /// What an order has made or extended, and still runs.
    private func running(_ order: TenantKey<OrderID>) -> [TenantKey<SubscriptionID>] {
        let sold = orders[order]?.row.subscription.map { [$0] } ?? subscriptionsByOrder[order] ?? []
        return sold.map { TenantKey(tenant: order.tenant, name: $0) }
            .filter { subscriptions[$0]?.endedAt == nil }
    }

    private func paid(_ key: TenantKey<SubscriptionID>) -> [PaidTerm] {
        guard let record = subscriptions[key] else { return [] }
        return record.terms.map { term in
            PaidTerm(
                index: term.index, order: term.order,
                plan: orders[TenantKey(tenant: key.tenant, name: term.order)]!.row.plan, period: term.period,
                amount: term.amount, anchor: term.anchor, cutAt: record.cuts[term.index])
        }
    }

    private func read(_ order: OrderRecord, _ key: TenantKey<OrderID>, _ sold: [SubscriptionID]) -> OrderRow {
        OrderRow(
            id: order.row.id, customer: order.row.customer, kind: order.row.kind,
            total: order.row.quote.total, discount: order.row.quote.discount.minor,
            wholesale: order.row.quote.wholesale?.minor, refunded: order.refunded,
            wholesaleRefunded: order.wholesaleRefunded, isRefunded: order.isRefunded,
            quantity: order.row.quantity, coupon: order.row.coupon,
            couponOrdinal: redemptions[key]?.row.ordinal, subscriptions: sold)
    }

    /// First behind the cursor, by the networks that the doors named; then from the front where that was short.
    private func claim(
        _ keys: GroupKeys, _ submissions: [Submission], _ cursors: [TenantKey<NetworkID>: Int64],
        _ rows: inout GroupRows
    ) {
        for (network, count) in keys.units {
            let claimed = claim(network, Int(count), after: cursors[network] ?? .min)
            if !claimed.isEmpty { rows.shelf.fill(network, with: claimed) }
        }
        for (network, count) in demand(of: submissions, rows) where rows.shelf.count(network) < count {
            let claimed = claim(network, count, after: .min)
            if !claimed.isEmpty { rows.shelf.fill(network, with: claimed) }
        }
    }

    private func demand(of submissions: [Submission], _ rows: GroupRows) -> [TenantKey<NetworkID>: Int] {
        var demand: [TenantKey<NetworkID>: Int] = [:]
        for submission in submissions {
            let wanted: (plan: PlanID, count: Int)
            switch submission.command {
            case .purchase(let purchase): wanted = (purchase.plan, Int(purchase.quantity.value))
            case .trial(let trial): wanted = (trial.plan, 1)
            case .planChange(let change): wanted = (change.plan, 1)
            case .renewal, .topUp, .floatTopUp, .adjustment, .refund, .cancellation, .placement, .settlement,
                .closing, .payment:
                continue
            }
            let plan = rows.plans[TenantKey(tenant: submission.tenant, name: wanted.plan)]
            let networks = plan?.networks ?? []
            if rows.staysPut(submission, on: networks, submissions) { continue }
            for network in networks {
                demand[TenantKey(tenant: submission.tenant, name: network), default: 0] += wanted.count
            }
        }
        return demand
    }

    func claim(_ network: TenantKey<NetworkID>, _ count: Int, after rank: Int64) -> [StockUnit] {
        (slotsByNetwork[network] ?? []).compactMap { id -> StockUnit? in
            let slot = slots[TenantKey(tenant: network.tenant, name: id)]!
            guard slot.state == .ready, slot.rank > rank else { return nil }
            return StockUnit(
                tenant: network.tenant, slot: id, gateway: Names.gateway, network: network.name, port: 1,
                rank: slot.rank, username: slot.login, secret: [])
        }.sorted { ($0.rank, $0.slot) < ($1.rank, $1.slot) }.prefix(count).map { $0 }
    }
}
