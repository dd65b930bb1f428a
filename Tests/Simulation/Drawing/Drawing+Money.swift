internal import Catalog
internal import Primitives

extension Drawing {
    mutating func topUp(_ run: Run, _ tenant: Int) -> Action {
        let customer = customer(tenant)
        let currency = currency(of: customer, run, tenant)
        let missing = missing(run, Place(tenant: tenant, purse: .wallet(customer), currency: currency))
        let minor = missing > 0 && dice.percent(40) ? missing : dice.pick([1, 500, 2_000, 10_000])
        return .topUp(customer: customer, amount: money(minor, currency), reference: reference())
    }

    mutating func floatTopUp(_ run: Run, _ tenant: Int) -> Action {
        let books = Set(run.model.balances.keys.filter { $0.tenant == tenant && $0.purse == .float })
        let currency = books.map(\.currency).min() ?? Currency("USD")!
        let missing = missing(run, Place(tenant: tenant, purse: .float, currency: currency))
        let minor = missing > 0 && dice.percent(40) ? missing : dice.pick([1, 70, 250, 2_000])
        return .floatTopUp(amount: money(minor, currency), reference: reference())
    }

    /// To exactly what a plan costs, to one less, to the floor, below it, or just so.
    mutating func adjustment(_ run: Run, _ tenant: Int) -> Action {
        let customer = customer(tenant)
        let currency = currency(of: customer, run, tenant)
        let place = Place(tenant: tenant, purse: .wallet(customer), currency: currency)
        let minor: Int64
        switch dice.below(10) {
        case 0...4: minor = missing(run, place)
        case 5: minor = 0 &- available(run, place)
        case 6: minor = -1 &- available(run, place)
        case 7: minor = -dice.number(1, 500)
        case 8: minor = dice.percent(10) ? dice.pick([0, .min, .max]) : 300
        default: minor = dice.number(1, 3_000)
        }
        return .adjustment(
            customer: customer, amount: money(minor, currency),
            reference: dice.percent(30) ? reference() : nil)
    }

    private func currency(of customer: Int, _ run: Run, _ tenant: Int) -> Currency {
        run.model.customers[Name(tenant: tenant, number: customer)]?.currency ?? Currency("USD")!
    }

    private func available(_ run: Run, _ place: Place) -> Int64 {
        (run.model.balances[place] ?? 0).subtractingReportingOverflow(run.model.floors[place] ?? 0)
            .partialValue
    }

    /// What is between the place and being able to pay for a plan, or all but one minor unit of it.
    private mutating func missing(_ run: Run, _ place: Place) -> Int64 {
        let plans = world.plans.filter { $0.name.tenant == place.tenant && $0.currency == place.currency }
        guard let plan = dice.pickAny(plans) else { return 1 }
        let price = (place.purse == .float ? plan.wholesale : plan.price) ?? 1
        let wanted = price &* dice.pick([1, 1, 1, 2]) &- dice.pick([0, 0, 1])
        return wanted &- available(run, place)
    }

    /// References repeat now and then.
    private mutating func reference() -> Int { dice.percent(8) ? dice.below(20) : Int(dice.seed() >> 40) }

    private mutating func money(_ minor: Int64, _ currency: Currency) -> Money {
        var minor = minor
        if world.isHuge && dice.percent(35) { minor = dice.pick([.max, .max / 2, .max / 3, .max - 1_000]) }
        if dice.percent(1) { minor = dice.pick([0, -5]) }
        return Money(minor: minor, currency: dice.percent(98) ? currency : Currency("GBP")!)
    }
}
