internal import Catalog
internal import Postgres
internal import Primitives

/// A group's two round trips, inside a transaction that somebody else begins and commits.
struct GroupTransaction {
    let connection: Connection
    let stock: any Stock
    /// Where on each network's shelf to look first; what lies before it was lent already.
    var cursors: [TenantKey<NetworkID>: Int64] = [:]

    /// Locks and reads everything the submissions name, in one round trip (a second one where the shelf's cursor or a
    /// door's idea of a plan's networks was out of date).
    ///
    /// The order of the statements is the order of the locks: accounts, coupons, promises, subscriptions, holdings,
    /// orders, those that wait, payments, slots. Keys are read after the accounts are locked.
    ///
    /// - Parameter now: the tenants' own; time that is over by then is only read where all of it is wanted.
    func read(
        _ submissions: [Submission], at now: Instant, opening: [Statement] = []
    ) throws -> GroupRows {
        let keys = GroupKeys(submissions)
        var reading = Reading()
        reading.add(AccountStore.locking(keys.accounts)) { rows, result in
            rows.books = Books(try AccountStore.accounts(result))
        }
        reading.add(
            SaleStore.customers(keys.customers, buying: keys.buyers), unless: keys.customers.isEmpty
        ) { rows, result in
            try SaleStore.customers(result, into: &rows)
        }
        reading.add(SaleStore.clocks(keys.alone), unless: keys.alone.isEmpty) { rows, result in
            try SaleStore.clocks(result, into: &rows)
        }
        addCatalogue(keys, to: &reading)
        addHeld(keys, at: now, to: &reading)
        addPending(keys, to: &reading)
        addPayments(keys, to: &reading)
        reading.add(SaleStore.trials(keys.trials), unless: keys.trials.isEmpty) { rows, result in
            try SaleStore.trials(result, into: &rows)
        }
        reading.add(SaleStore.references(keys.references), unless: keys.references.isEmpty) { rows, result in
            try SaleStore.references(result, into: &rows)
        }
        reading.add(JournalStore.remembered(keys.idempotency), unless: keys.idempotency.isEmpty) {
            rows, result in
            try JournalStore.remembered(result, into: &rows)
        }
        addShelf(keys.units, from: cursors, to: &reading)

        var rows = GroupRows()
        try reading.run(on: connection, opening: opening, into: &rows)
        try restock(submissions, keys, &rows)
        return rows
    }

    private func addCatalogue(_ keys: GroupKeys, to reading: inout Reading) {
        reading.add(
            PlanStore.statement(for: keys.plans.map { ($0.tenant, $0.name) }), unless: keys.plans.isEmpty
        ) { rows, result in
            for plan in try PlanStore.plans(result) {
                rows.plans[TenantKey(tenant: plan.tenant, name: plan.id)] = plan
            }
            rows.zones = try PlanStore.zones(result)
        }
        addCoupons(keys, to: &reading)
    }

    /// Coupons that are named and coupons that were promised, under one order of locks, before what depends on them.
    private func addCoupons(_ keys: GroupKeys, to reading: inout Reading) {
        let locking =
            keys.promised.isEmpty
            ? CouponStore.locking(keys.coupons.map { ($0.tenant, $0.name.text) })
            : PromiseStore.lockingCoupons(keys.coupons, promisedTo: keys.promised)
        reading.add(locking, unless: keys.coupons.isEmpty && keys.promised.isEmpty) { rows, result in
            for coupon in try CouponStore.coupons(result) {
                guard let code = CouponCode(coupon.code) else { continue }
                rows.coupons[TenantKey(tenant: coupon.tenant, name: code)] = coupon
            }
        }
        reading.add(PromiseStore.locking(keys.promised), unless: keys.promised.isEmpty) { rows, result in
            try PromiseStore.promises(result, into: &rows)
        }
        reading.add(
            SaleStore.couponUses(
                keys.couponUses,
                refunding: !keys.orders.isEmpty || !keys.takenBack.isEmpty || !keys.pendingOrders.isEmpty),
            unless: keys.couponUses.isEmpty
        ) { rows, result in
            try SaleStore.couponUses(result, into: &rows)
        }
    }

    private func addHeld(_ keys: GroupKeys, at now: Instant, to reading: inout Reading) {
        if !keys.subscriptions.isEmpty || !keys.orders.isEmpty {
            let locking =
                keys.orders.isEmpty
                ? SubscriptionStore.locking(keys.subscriptions)
                : SubscriptionStore.locking(keys.subscriptions, soldBy: keys.orders)
            reading.add(locking) { rows, result in
                for (tenant, row) in try SubscriptionStore.subscriptions(result) {
                    rows.subscriptions[TenantKey(tenant: tenant, name: row.id)] = row
                }
            }
        }
        addHoldings(keys.subscriptions, to: &reading)
        addTerms(Set(keys.takenBack.keys), to: &reading)
        guard !keys.orders.isEmpty || !keys.takenBack.isEmpty else { return }
        // A preview's moment may be a little earlier.
        let since = now.earlier(by: Preview.goodForMilliseconds)
        let time = keys.takenBack.mapValues { $0 == .all ? Instant(milliseconds: 0) : since }
        reading.add(OrderStore.locking(keys.orders, payingFor: time)) { rows, result in
            try OrderStore.orders(result, into: &rows)
        }
    }

    private func addHoldings(_ keys: Set<TenantKey<SubscriptionID>>, to reading: inout Reading) {
        guard !keys.isEmpty else { return }
        let wanted = keys.sorted { ($0.tenant, $0.name) < ($1.tenant, $1.name) }
        reading.add(stock.lockHoldings(wanted.map { ($0.tenant, $0.name) })) { [stock] rows, result in
            for holding in try stock.holdings(result) { rows.hold(holding) }
        }
    }

    private func addTerms(_ keys: Set<TenantKey<SubscriptionID>>, to reading: inout Reading) {
        reading.add(TermStore.paid(keys), unless: keys.isEmpty) { rows, result in
            try TermStore.paid(result, into: &rows)
        }
    }

    private func addPending(_ keys: GroupKeys, to reading: inout Reading) {
        reading.add(PendingStore.locking(keys.pendingOrders), unless: keys.pendingOrders.isEmpty) {
            rows, result in
            try PendingStore.orders(result, into: &rows)
        }
        reading.add(PendingStore.counting(keys.waiting), unless: keys.waiting.isEmpty) { rows, result in
            try PendingStore.counts(result, into: &rows)
        }
    }

    private func addPayments(_ keys: GroupKeys, to reading: inout Reading) {
        guard !keys.payments.isEmpty else { return }
        reading.add(PaymentRowStore.locking(keys.payments)) { rows, result in
            try PaymentRowStore.payments(result, into: &rows)
        }
        reading.add(PaymentRowStore.reversals(of: keys.payments)) { rows, result in
            try PaymentRowStore.reversals(result, into: &rows)
        }
    }

    private func addShelf(
        _ units: [TenantKey<NetworkID>: Int32], from cursors: [TenantKey<NetworkID>: Int64],
        to reading: inout Reading
    ) {
        guard !units.isEmpty else { return }
        let demands = units.map { name, count in
            StockDemand(
                tenant: name.tenant, network: name.name, count: count, afterRank: cursors[name] ?? Int64.min)
        }.sorted { ($0.tenant, $0.network) < ($1.tenant, $1.network) }
        reading.add(stock.claim(demands)) { [stock] rows, result in
            var byNetwork: [TenantKey<NetworkID>: [StockUnit]] = [:]
            for unit in try stock.claimed(result) {
                byNetwork[TenantKey(tenant: unit.tenant, name: unit.network), default: []].append(unit)
            }
            for (name, units) in byNetwork {
                rows.shelf.fill(name, with: units.sorted { ($0.rank, $0.slot) < ($1.rank, $1.slot) })
            }
        }
    }

    /// Looks again, from the front of the shelf, for networks that came up short, and for what refunded orders have made or
    /// extended.
    private func restock(_ submissions: [Submission], _ keys: GroupKeys, _ rows: inout GroupRows) throws {
        var reading = Reading()
        let short = demand(of: submissions, rows).filter { rows.shelf.count($0.key) < Int($0.value) }
        addShelf(short, from: [:], to: &reading)
        let refunded = keys.orders.flatMap { name in
            (rows.orders[name]?.subscriptions ?? []).map { TenantKey(tenant: name.tenant, name: $0) }
        }
        addHoldings(Set(refunded).subtracting(keys.subscriptions), to: &reading)
        addTerms(Set(refunded).subtracting(keys.takenBack.keys), to: &reading)
        try reading.run(on: connection, into: &rows)
        try checkShelf(short, rows)
    }

    /// "Sold out" is only said when nothing is left: units that another group has merely claimed may come back.
    private func checkShelf(_ wanted: [TenantKey<NetworkID>: Int32], _ rows: GroupRows) throws {
        let short = wanted.filter { rows.shelf.count($0.key) < Int($0.value) }
        guard !short.isEmpty else { return }
        let demands = short.map { name, count in
            StockDemand(tenant: name.tenant, network: name.name, count: count, afterRank: .min)
        }
        for ready in try stock.readyCounts(try connection.query(stock.ready(demands))) {
            let name = TenantKey(tenant: ready.tenant, name: ready.network)
            guard Int(ready.count) <= rows.shelf.count(name) else { throw ShelfContended() }
        }
    }

    /// Units wanted, by the networks that the plans really use.
    private func demand(of submissions: [Submission], _ rows: GroupRows) -> [TenantKey<NetworkID>: Int32] {
        var demand: [TenantKey<NetworkID>: Int32] = [:]
        for submission in submissions {
            let wanted: (plan: PlanID, count: Int32)
            switch submission.command {
            case .purchase(let purchase): wanted = (purchase.plan, purchase.quantity.value)
            case .trial(let trial): wanted = (trial.plan, 1)
            case .planChange(let change): wanted = (change.plan, 1)
            case .settlement(let settlement): wanted = (settlement.plan, settlement.quantity.value)
            case .renewal, .topUp, .floatTopUp, .adjustment, .refund, .cancellation, .placement, .closing,
                .payment:
                continue
            }
            let plan = rows.plans[TenantKey(tenant: submission.tenant, name: wanted.plan)]
            guard let networks = plan?.networks, !rows.staysPut(submission, on: networks, submissions) else {
                continue
            }
            for network in networks {
                demand[TenantKey(tenant: submission.tenant, name: network), default: 0] += wanted.count
            }
        }
        return demand
    }
}

extension GroupRows {
    mutating func hold(_ holding: Holding) {
        subscriptions[TenantKey(tenant: holding.tenant, name: holding.subscription)]?.holdings.append(holding)
    }
}

/// A network came up short while another transaction holds some of its free units.
struct ShelfContended: Error {}
