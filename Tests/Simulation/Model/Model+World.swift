internal import Primitives

// What happens beside the commands: the catalogue, the shelf, the worker.
extension Model {
    mutating func declare(books tenant: Int, _ currency: Currency, limit: Int64) {
        let own: [Place.Purse] = [
            .revenue, .outside, .adjustments, .float, .platformRevenue, .platformOutside,
        ]
        for purse in own {
            open(
                Place(tenant: tenant, purse: purse, currency: currency), floor: purse == .float ? -limit : nil
            )
        }
    }

    mutating func declare(_ line: CustomerLine) {
        var line = line
        if let known = customers[line.name] { line.currency = known.currency }
        customers[line.name] = line
        let wallet = Place(
            tenant: line.name.tenant, purse: .wallet(line.name.number), currency: line.currency)
        open(wallet, floor: -line.limit)
    }

    private mutating func open(_ place: Place, floor: Int64?) {
        guard balances[place] == nil else { return }
        balances[place] = 0
        floors[place] = floor
    }

    mutating func declare(_ line: ListLine) {
        guard plans[Name(tenant: line.customer.tenant, number: line.plan)] != nil else { return }
        let buyer = TriedPlan(
            tenant: line.customer.tenant, customer: line.customer.number, plan: line.plan)
        ownPrices[buyer] = line.price
    }

    mutating func declare(_ line: NetworkLine) {
        networks[line.name] = line.isOn
        for index in 0..<line.slots {
            let slot = SlotName(network: line.name, index: index)
            if slots[slot] == nil { slots[slot] = .free }
        }
    }

    /// A coupon cannot be promised less often than it was used already, nor cost less than it has: such a declaration is
    /// refused.
    mutating func declare(_ line: CouponLine) {
        if let limit = line.limit, uses(of: line.name) > limit { return }
        if let budget = line.budget, given(by: line.name) > Int128(budget.minor) { return }
        coupons[line.name] = line
    }

    func free(_ network: Name) -> Int {
        slots.count { $0.key.network == network && $0.value == .free }
    }

    /// The engine chose this slot; `false` where it was not there to be lent.
    mutating func lend(_ slot: SlotName, to subscription: SubscriptionName) -> Bool {
        guard slots[slot] == .free else { return false }
        slots[slot] = .lent(subscription)
        justLent.insert(slot)
        subscriptions[subscription]?.slots.append(slot)
        return true
    }

    /// The one place where a group shows: what was lent and given back within its transaction was never lent.
    mutating func endTransaction() {
        for slot in justLent where slots[slot] == .resting { slots[slot] = .free }
        justLent = []
    }

    mutating func giveBack(_ subscription: SubscriptionName) {
        for slot in subscriptions[subscription]?.slots ?? [] { slots[slot] = .resting }
        subscriptions[subscription]?.slots = []
    }

    /// Who is at or past the end has ended and loses the slots: `[start, end)` does not hold its end.
    mutating func expire() {
        for (name, subscription) in subscriptions where !subscription.slots.isEmpty && subscription.end <= now
        {
            giveBack(name)
            subscriptions[name]!.isEnded = true
            sights.append(.expiredAndTakenBack)
        }
    }

    mutating func restock() {
        for (slot, state) in slots where state == .resting { slots[slot] = .free }
    }
}
