internal import Catalog
internal import Primitives

/// Draws a script line by line, looking at the model so that it can aim at the boundaries.
struct Drawing {
    var dice: Dice
    var world: DrawnWorld
    private var number = 0
    /// What was asked lately under a key, to be asked again.
    private var keyed: [Request] = []
    /// What was asked and may have made an order.
    var sales: [Request] = []
    private var isFarAway = false

    init(seed: UInt64) {
        var dice = Dice(seed: seed)
        world = DrawnWorld(&dice)
        self.dice = dice
    }

    mutating func next(_ run: Run) -> Line {
        if isFarAway && dice.percent(30) {
            isFarAway = false
            return .clock(DrawnWorld.start + dice.number(0, 86_400_000))
        }
        switch dice.below(1_000) {
        case ..<660: return .ask(request(run))
        case ..<845: return .commit(groupSize())
        case ..<870: return .crash(groupSize())
        case ..<895: return .shuffle(dice.seed() >> 48)
        case ..<950: return clock(run)
        case ..<963: return .expire
        case ..<985: return .restock
        case ..<992: return relocation(run)
        default: return world.redeclare(&dice)
        }
    }

    private mutating func groupSize() -> Int { dice.percent(90) ? 1 + dice.below(8) : 1_000 }

    /// A step ahead, back, or exactly to, before or behind the end of something.
    private mutating func clock(_ run: Run) -> Line {
        let now = run.model.now
        switch dice.below(20) {
        case 0...6: return .clock(now + dice.pick([1, 999, 60_000, 3_600_000, 86_400_000]))
        case 7, 8: return .clock(now)
        case 9, 10: return .clock(now - dice.pick([1, 1_000, 3_600_000]))
        case 11 where dice.percent(15):
            isFarAway = true
            return .clock(dice.pick([Model.farthest, Model.farthest - 60_000, -1]))
        default:
            guard let name = dice.pickAny(subscriptions(run, dice.pick(DrawnWorld.tenants))),
                let end = run.model.subscriptions[name]?.end, end < now + 400 * 86_400_000
            else { return .clock(now + 1) }
            return .clock(end + dice.pick([-1, 0, 0, 0, 1]))
        }
    }

    private mutating func relocation(_ run: Run) -> Line {
        let tenant = dice.pick(DrawnWorld.tenants)
        guard let name = dice.pickAny(subscriptions(run, tenant)) else { return .restock }
        return .relocate(tenant: tenant, name, network: 1 + dice.below(DrawnWorld.networksPerTenant))
    }

    private mutating func request(_ run: Run) -> Request {
        number += 1
        if dice.percent(7), let again = repeated() { return again }
        let tenant = dice.pick(DrawnWorld.tenants)
        let action = action(run, tenant)
        var request = Request(
            number: number, tenant: tenant, door: door(for: action, run, tenant), action: action)
        if dice.percent(35) {
            request.by = 1 + dice.below(2)
            request.key = dice.percent(80) ? number : 1 + dice.below(20)
            request.body = number & 0xFF
        } else if dice.percent(3) {
            request.key = 1
        }
        request.isBroken = dice.percent(2)
        switch request.action {
        case .purchase, .trial, .renewal, .planChange: sales.append(request)
        case .topUp, .floatTopUp, .refund, .cancellation, .adjustment: break
        }
        if request.key != nil { keyed.append(request) }
        if sales.count > 60 { sales.removeFirst(30) }
        if keyed.count > 20 { keyed.removeFirst(10) }
        return request
    }

    /// Mostly where the thing is sold, or was bought.
    private mutating func door(for action: Action, _ run: Run, _ tenant: Int) -> String {
        guard dice.percent(95) else { return dice.pick(["gate", "opproxy"]) }
        switch action {
        case .purchase(let purchase): return door(ofPlan: purchase.plan, run, tenant)
        case .trial(_, let plan): return door(ofPlan: plan, run, tenant)
        case .renewal(let renewal): return run.model.subscriptions[renewal.subscription]?.door ?? "gate"
        case .cancellation(let it): return run.model.subscriptions[it.subscription]?.door ?? "gate"
        case .planChange(let it): return run.model.subscriptions[it.subscription]?.door ?? "gate"
        case .topUp, .floatTopUp, .refund, .adjustment: return "gate"
        }
    }

    private mutating func door(ofPlan number: Int, _ run: Run, _ tenant: Int) -> String {
        dice.pickAny(run.model.plans[Name(tenant: tenant, number: number)]?.doors ?? []) ?? "gate"
    }

    /// The same request once more, or another one under its key; lately asked ones are often still on their way.
    private mutating func repeated() -> Request? {
        guard var again = dice.pickAny(keyed) else { return nil }
        again.number = number
        again.isBroken = false
        if dice.percent(25) { again.body = (again.body + 1) & 0xFF }
        if dice.percent(10) { again.by = again.by.map { 3 - $0 } }
        if dice.percent(10) { again.tenant = 3 - again.tenant }
        switch again.action {
        case .purchase, .trial, .renewal, .planChange: sales.append(again)
        case .topUp, .floatTopUp, .refund, .cancellation, .adjustment: break
        }
        return again
    }

    private mutating func action(_ run: Run, _ tenant: Int) -> Action {
        switch dice.below(100) {
        case ..<31: purchase(run, tenant)
        case ..<47: renewal(run, tenant)
        case ..<52: trial(run, tenant)
        case ..<64: topUp(run, tenant)
        case ..<73: adjustment(run, tenant)
        case ..<79: floatTopUp(run, tenant)
        case ..<84: cancellation(run, tenant)
        case ..<89: planChange(run, tenant)
        default: refund(run, tenant)
        }
    }
}
