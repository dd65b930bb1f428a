internal import Catalog
internal import Primitives

/// A small world, so that everything in it is met often: two tenants, few customers, few slots, few uses of a coupon.
struct DrawnWorld {
    private(set) var lines: [Line] = []
    private(set) var customers: [CustomerLine] = []
    private(set) var networks: [NetworkLine] = []
    private(set) var plans: [PlanLine] = []
    private(set) var coupons: [CouponLine] = []
    /// Whether prices are near the largest number there is.
    let isHuge: Bool

    static let tenants = [1, 2]
    static let networksPerTenant = 3
    /// 2026-01-31T00:00:00Z: month ends are where billing goes wrong.
    static let start: Int64 = 1_769_817_600_000

    init(_ dice: inout Dice) {
        isHuge = dice.percent(8)
        for tenant in Self.tenants {
            let currencies = [dice.pick(["USD", "EUR"]), "JPY"].compactMap { Currency($0) }
            for currency in currencies {
                let limit = isHuge && dice.percent(30) ? Int64.max : dice.pick([0, 0, 0, 500, 5_000])
                lines.append(.books(tenant: tenant, currency: currency, limit: limit))
            }
            drawPeople(tenant, currencies, &dice)
            drawNetworks(tenant, &dice)
            drawPlans(tenant, currencies, &dice)
            drawCoupons(tenant, currencies, &dice)
            for _ in 0..<4 { lines.append(list(tenant, &dice)) }
        }
        lines.append(.clock(Self.start))
    }

    private mutating func drawPeople(_ tenant: Int, _ currencies: [Currency], _ dice: inout Dice) {
        for number in 1...3 {
            // Now and then someone whose currency the tenant keeps no books in.
            let isForeign = dice.percent(3)
            customers.append(
                CustomerLine(
                    name: Name(tenant: tenant, number: number),
                    currency: isForeign ? Currency("KWD")! : currencies[dice.percent(88) ? 0 : 1],
                    limit: isHuge && dice.percent(30) ? Int64.max - 1 : dice.pick([0, 0, 0, 0, 700, 3_000])))
            lines.append(.customer(customers[customers.count - 1]))
        }
    }

    private mutating func drawNetworks(_ tenant: Int, _ dice: inout Dice) {
        for number in 1...Self.networksPerTenant {
            // The last one is often short, or empty from the start: what several networks share fails on it.
            let slots = number == 3 ? [0, 1, 2, 3, 10] : [1, 2, 3, 4, 6, 10, 25]
            networks.append(
                NetworkLine(name: Name(tenant: tenant, number: number), slots: dice.pick(slots)))
            lines.append(.network(networks[networks.count - 1]))
        }
    }

    private mutating func drawPlans(_ tenant: Int, _ currencies: [Currency], _ dice: inout Dice) {
        for number in 1...6 {
            var plan = PlanLine(
                name: Name(tenant: tenant, number: number), currency: currencies[dice.percent(80) ? 0 : 1])
            plan.price = price(&dice)
            if dice.percent(40) { plan.wholesale = wholesale(&dice) }
            plan.duration =
                dice.percent(3) ? nil : dice.pick([1_000, 60_000, 3_600_000, 86_400_000, 30 * 86_400_000])
            if dice.percent(3) { plan.duration = Int64.max / dice.number(1, 200) }
            if dice.percent(50) { plan.trial = dice.pick([1, 60_000, 3_600_000]) }
            if dice.percent(1) { plan.trial = Int64.max }
            if dice.percent(75) {
                plan.networks = dice.pick([[1], [2], [1], [2], [3], [1, 2], [2, 3], [1, 2, 3], [3, 1, 2]])
            }
            if dice.percent(35) {
                plan.exits = dice.pick([["mixed"], ["mixed", "nl"], ["nl", "de", "us"]])
                plan.rotations = dice.pick([["instant"], ["instant", "5m"], ["10m", "5m"]])
            }
            if dice.percent(15) { plan.product = "bandwidth" }
            plan.isShared = dice.percent(15)
            plan.doors = dice.pick([["gate"], ["gate", "opproxy"], ["gate", "opproxy"], ["opproxy"]])
            plan.isOn = !dice.percent(4)
            plans.append(plan)
            lines.append(.plan(plan))
        }
    }

    func price(_ dice: inout Dice) -> Int64? {
        if dice.percent(4) { return nil }
        if dice.percent(4) { return 0 }
        if isHuge && dice.percent(60) { return Int64.max / dice.number(1, 5) }
        return dice.pick([1, 7, 100, 333, 999, 1_200, 2_500])
    }

    private func wholesale(_ dice: inout Dice) -> Int64 {
        if isHuge && dice.percent(40) { return Int64.max / dice.number(1, 5) }
        return dice.pick([0, 1, 5, 70, 250, 700])
    }

    private mutating func drawCoupons(_ tenant: Int, _ currencies: [Currency], _ dice: inout Dice) {
        for number in 1...5 {
            coupons.append(coupon(Name(tenant: tenant, number: number), currencies, &dice))
            lines.append(.coupon(coupons[coupons.count - 1]))
        }
    }

    func coupon(_ name: Name, _ currencies: [Currency], _ dice: inout Dice) -> CouponLine {
        var coupon = CouponLine(name: name)
        let currency = currencies[dice.percent(85) ? 0 : currencies.count - 1]
        if dice.percent(60) {
            coupon.percent = dice.pick([1, 1_250, 3_333, 5_000, 9_999, 10_000])
            if dice.percent(25) { coupon.most = Money(minor: dice.pick([1, 60, 500]), currency: currency) }
        } else {
            coupon.amount = Money(minor: dice.pick([1, 50, 400, 5_000]), currency: currency)
        }
        if dice.percent(15) { coupon.minimum = Money(minor: dice.pick([1, 300, 1_200]), currency: currency) }
        if dice.percent(25) {
            coupon.budget = Money(minor: budget(of: coupon, &dice), currency: currency)
        }
        if dice.percent(15) { coupon.isFirstOrderOnly = true }
        if dice.percent(50) { coupon.limit = dice.pick([1, 2, 3, 5]) }
        if dice.percent(40) { coupon.perCustomer = dice.pick([1, 1, 2, 3]) }
        if dice.percent(15) { coupon.plans = [1, 2, 3].filter { _ in dice.percent(60) } + [4] }
        if dice.percent(15) { coupon.kinds = [dice.pick([.purchase, .renewal])] }
        if dice.percent(10) { coupon.starts = Self.start + dice.pick([0, 1, 60_000, 3_600_000]) }
        if dice.percent(10) { coupon.ends = Self.start + dice.pick([1, 3_600_000, 86_400_000]) }
        coupon.isOn = !dice.percent(4)
        return coupon
    }

    /// Often what a few uses take, or one minor unit less than that.
    private func budget(of coupon: CouponLine, _ dice: inout Dice) -> Int64 {
        guard let most = coupon.amount ?? coupon.most, dice.percent(70) else {
            return dice.pick([1, 400, 1_500, 9_000])
        }
        return max(1, most.minor * dice.pick([1, 2, 3]) - dice.pick([0, 1]))
    }

    /// What a customer pays of a plan: another price than everybody's, the same one, or that one again.
    private func list(_ tenant: Int, _ dice: inout Dice) -> Line {
        .list(
            ListLine(
                customer: Name(tenant: tenant, number: 1 + dice.below(3)), plan: 1 + dice.below(6),
                price: dice.percent(25) ? nil : price(&dice)))
    }

    /// Something of the catalogue as it is declared anew.
    mutating func redeclare(_ dice: inout Dice) -> Line {
        switch dice.below(7) {
        case 0:
            let place = customers.firstIndex { !$0.isOpen } ?? dice.below(customers.count)
            customers[place].isOpen = dice.percent(60)
            return .customer(customers[place])
        case 1:
            let place = networks.firstIndex { !$0.isOn } ?? dice.below(networks.count)
            networks[place].isOn = dice.percent(60)
            return .network(networks[place])
        case 5, 6: return list(dice.pick(Self.tenants), &dice)
        case 2, 3:
            let place = dice.below(plans.count)
            plans[place].price = price(&dice)
            if dice.percent(40) { plans[place].wholesale = dice.percent(50) ? wholesale(&dice) : nil }
            if dice.percent(20) { plans[place].duration = dice.pick([1_000, 3_600_000, 7 * 86_400_000]) }
            plans[place].isOn = !dice.percent(15)
            return .plan(plans[place])
        default:
            let place = dice.below(coupons.count)
            let currency = plans.first { $0.name.tenant == coupons[place].name.tenant }.map(\.currency)
            coupons[place] = coupon(coupons[place].name, [currency].compactMap { $0 }, &dice)
            return .coupon(coupons[place])
        }
    }
}
