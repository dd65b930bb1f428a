internal import Catalog
internal import Primitives

extension Drawing {
    /// Mostly somebody of the tenant's.
    mutating func customer(_ tenant: Int) -> Int { dice.percent(98) ? 1 + dice.below(3) : 9 }

    /// Mostly a plan that the customer can buy.
    mutating func plan(_ tenant: Int, _ currency: Currency?) -> Int {
        if dice.percent(2) { return 9 }
        let all = world.plans.filter { $0.name.tenant == tenant }
        let fitting = all.filter { $0.currency == currency }
        return (dice.percent(90) ? dice.pickAny(fitting) : nil)?.name.number ?? dice.pick(all).name.number
    }

    mutating func coupon() -> Int? { dice.percent(35) ? (dice.percent(97) ? 1 + dice.below(5) : 9) : nil }

    mutating func purchase(_ run: Run, _ tenant: Int) -> Action {
        let customer = customer(tenant)
        let currency = run.model.customers[Name(tenant: tenant, number: customer)]?.currency
        let number = plan(tenant, currency)
        var purchase = Action.Purchase(customer: customer, plan: number)
        let plan = run.model.plans[Name(tenant: tenant, number: number)]
        purchase.networks = dice.percent(92) ? plan?.networks ?? [] : dice.pick([[], [1], [2], [3, 1]])
        if dice.percent(plan?.exits.isEmpty == false ? 60 : 2) {
            purchase.country = dice.percent(97) ? dice.pickAny(plan?.exits ?? []) : "zz"
            purchase.rotation = dice.percent(70) ? dice.pick(["instant", "5m", "10m"]) : nil
        }
        if dice.percent(25) { purchase.quantity = dice.pick([2, 2, 3, 4, 7]) }
        if dice.percent(1) { purchase.quantity = 100 }
        if dice.percent(20) { purchase.repeats = dice.pick([2, 3, 12]) }
        if dice.percent(1) { purchase.repeats = 120 }
        purchase.coupon = coupon()
        if dice.percent(12), let plan, let price = plan.price {
            purchase.expected = expected(price, purchase.quantity * purchase.repeats, plan.currency)
        }
        return .purchase(purchase)
    }

    mutating func trial(_ run: Run, _ tenant: Int) -> Action {
        let customer = customer(tenant)
        let currency = run.model.customers[Name(tenant: tenant, number: customer)]?.currency
        return .trial(customer: customer, plan: plan(tenant, currency))
    }

    /// What lately asked sales have made.
    func subscriptions(_ run: Run, _ tenant: Int) -> [SubscriptionName] {
        sales.filter { $0.tenant == tenant }.flatMap {
            [SubscriptionName(order: $0.number, index: 0), SubscriptionName(order: $0.number, index: 1)]
        }.filter { run.model.subscriptions[$0] != nil }
    }

    mutating func renewal(_ run: Run, _ tenant: Int) -> Action {
        let mine = dice.percent(95) ? tenant : 3 - tenant
        let name = dice.percent(4) ? nil : dice.pickAny(subscriptions(run, mine))
        let subscription = name.flatMap { run.model.subscriptions[$0] }
        let owner = subscription?.customer ?? 1
        let currency = run.model.customers[Name(tenant: tenant, number: owner)]?.currency
        var renewal = Action.Renewal(
            customer: dice.percent(94) ? owner : customer(tenant),
            subscription: name ?? SubscriptionName(order: 0, index: 0),
            plan: subscription.flatMap { dice.percent(65) ? $0.plan : nil } ?? plan(tenant, currency))
        if dice.percent(20) { renewal.repeats = dice.pick([2, 3, 12]) }
        renewal.coupon = coupon()
        if dice.percent(10), let plan = run.model.plans[Name(tenant: tenant, number: renewal.plan)],
            let price = plan.price
        {
            renewal.expected = expected(price, renewal.repeats, plan.currency)
        }
        return .renewal(renewal)
    }

    /// What was quoted: right, or not any more.
    private mutating func expected(_ price: Int64, _ periods: Int64, _ currency: Currency) -> Money {
        let (total, _) = price.multipliedReportingOverflow(by: periods)
        return Money(minor: total &+ dice.pick([0, 0, 0, 1]), currency: currency)
    }

    /// In whole, in parts, exactly what is left, one more than that, or nonsense.
    mutating func refund(_ run: Run, _ tenant: Int) -> Action {
        let asked = sales.map(\.number)
        let shop = dice.percent(97) ? tenant : 3 - tenant
        let orders = asked.map { Name(tenant: shop, number: $0) }.filter { run.model.orders[$0] != nil }
        let open = orders.filter { run.model.orders[$0]?.isRefunded == false }
        guard let name = dice.pickAny(dice.percent(85) ? open : orders), let order = run.model.orders[name]
        else {
            return .refund(customer: 1, order: dice.percent(50) ? 0 : 1, amount: nil, keepsService: false)
        }
        let left = order.total - order.refunded
        let minor: Int64?
        switch dice.below(20) {
        case 0...8: minor = nil
        case 9...14: minor = left > 0 ? dice.number(1, min(left, Int64.max - 2)) : nil
        case 15, 16: minor = left
        case 17: minor = left &+ 1
        case 18: minor = order.total
        default: minor = dice.pick([0, -1])
        }
        let currency = dice.percent(97) ? order.currency : Currency("GBP")!
        return .refund(
            customer: dice.percent(96) ? order.customer : customer(tenant), order: name.number,
            amount: minor.map { Money(minor: $0, currency: currency) }, keepsService: dice.percent(25))
    }

    /// Of what runs or ran, in each way, with the right sum or a wrong one.
    mutating func cancellation(_ run: Run, _ tenant: Int) -> Action {
        let mine = dice.percent(96) ? tenant : 3 - tenant
        let names = subscriptions(run, mine)
        let living = names.filter { run.model.subscriptions[$0]?.isEnded == false }
        let name = dice.percent(4) ? nil : dice.pickAny(dice.percent(85) ? living : names)
        let subscription = name.flatMap { run.model.subscriptions[$0] }
        var cancellation = Action.Cancellation(
            customer: dice.percent(95) ? subscription?.customer ?? 1 : customer(tenant),
            subscription: name ?? SubscriptionName(order: 0, index: 0),
            way: dice.pick([.now, .now, .now, .undeliverable, .undeliverable, .atEnd]))
        cancellation.keepsMoney = dice.percent(12)
        if dice.percent(20) {
            let currency = run.model.customers[Name(tenant: tenant, number: cancellation.customer)]?.currency
            cancellation.expected = Money(
                minor: dice.pick([0, 0, 1, 100, 1_200]), currency: currency ?? Currency("USD")!)
        }
        return .cancellation(cancellation)
    }

    /// To a plan that may be had, of another price, on the same networks or others.
    mutating func planChange(_ run: Run, _ tenant: Int) -> Action {
        let mine = dice.percent(97) ? tenant : 3 - tenant
        let names = subscriptions(run, mine)
        let living = names.filter { run.model.subscriptions[$0].map { !$0.isEnded } ?? false }
        let name = dice.percent(3) ? nil : dice.pickAny(dice.percent(90) ? living : names)
        let subscription = name.flatMap { run.model.subscriptions[$0] }
        let owner = subscription?.customer ?? 1
        let own = run.model.plans[Name(tenant: tenant, number: subscription?.plan ?? 0)]
        let fitting = world.plans.filter {
            $0.name.tenant == tenant && $0.product == own?.product && $0.isShared == own?.isShared
                && $0.currency == own?.currency && $0.networks.isEmpty == own?.networks.isEmpty
                && $0.doors.contains(subscription?.door ?? "gate")
        }
        let plan =
            (dice.percent(80) ? dice.pickAny(fitting) : nil)?.name.number ?? plan(tenant, own?.currency)
        var change = Action.PlanChange(
            customer: dice.percent(95) ? owner : customer(tenant),
            subscription: name ?? SubscriptionName(order: 0, index: 0), plan: plan)
        if dice.percent(20) {
            let line = run.model.plans[Name(tenant: tenant, number: plan)]
            change.country = dice.percent(90) ? dice.pickAny(line?.exits ?? []) : "zz"
            change.rotation = dice.percent(50) ? dice.pick(["instant", "5m", "10m"]) : nil
        }
        if dice.percent(10) {
            let price = run.model.plans[Name(tenant: tenant, number: plan)]?.price ?? 0
            change.expected = Money(
                minor: price &- dice.pick([0, 0, 1, 100]), currency: own?.currency ?? Currency("USD")!)
        }
        return .planChange(change)
    }
}
