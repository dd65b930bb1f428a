internal import Billing
internal import Primitives

// Provisioning's side of a group, and its worker's.
extension Tables {
    mutating func change(_ stock: StockChanges, at now: Instant) throws(Violation) {
        // A change of plan lends new slots and returns the old ones; only together they are looked at.
        for holding in stock.returned { try release(holding, at: now) }
        for loan in stock.lent {
            try lend(
                loan.unit.slot, loan.unit.tenant, to: loan.subscription, loan.unit.username,
                as: loan.sequence, until: loan.until)
        }
        for (holding, until) in stock.extended {
            let place = try place(of: holding)
            allocations[place.key]![place.index].expiresAt = until
        }
    }

    mutating func lend(
        _ id: SlotID, _ tenant: TenantID, to subscription: SubscriptionID, _ login: String,
        as sequence: Int32, until: Instant
    ) throws(Violation) {
        let slot = TenantKey(tenant: tenant, name: id)
        try demand(slots[slot]?.state == .ready, "a_slot_is_lent_once")
        slots[slot]!.state = .assigned
        slots[slot]!.login = login
        let key = TenantKey(tenant: tenant, name: subscription)
        try demand(
            holdings(key).allSatisfy { slots[TenantKey(tenant: tenant, name: $0.slot)]!.login == login },
            "slots_of_a_subscription_share_one_login")
        // A number that was passed over belongs to what was lent and given up within a group.
        try demand(sequence > allocations[key]?.last?.sequence ?? 0, "allocations_pkey")
        allocations[key, default: []].append(AllocationRecord(sequence: sequence, slot: id, expiresAt: until))
    }

    /// A slot that was given back is lent after every other: its rank is the moment.
    mutating func release(_ holding: Holding, at now: Instant) throws(Violation) {
        let place = try place(of: holding)
        allocations[place.key]![place.index].isReleased = true
        let slot = TenantKey(tenant: holding.tenant, name: holding.slot)
        try demand(slots[slot]?.state == .assigned, "a slot is given back that was not lent")
        slots[slot]!.state = .draining
        slots[slot]!.rank = now.milliseconds
    }

    private func place(
        of holding: Holding
    ) throws(Violation) -> (key: TenantKey<SubscriptionID>, index: Int) {
        let key = TenantKey(tenant: holding.tenant, name: holding.subscription)
        let live = allocations[key]?.firstIndex {
            $0.sequence == holding.sequence && $0.slot == holding.slot && !$0.isReleased
        }
        guard let live else { throw Violation(constraint: "a holding names no live allocation") }
        return (key, live)
    }

    mutating func expire(at now: Instant) throws(Violation) {
        for key in allocations.keys {
            for holding in holdings(key) where subscriptions[key]!.activeUntil <= now {
                try release(holding, at: now)
                subscriptions[key]!.endedAt = now
            }
        }
    }

    mutating func restock() {
        for (key, slot) in slots where slot.state == .draining {
            slots[key]!.state = .ready
            slots[key]!.login = Self.ownLogin(key.name)
        }
    }

    /// What a slot is made with, before it takes over a subscription's.
    static func ownLogin(_ slot: SlotID) -> String { "u\(Names.number(slot))" }

    /// Moves a live subscription of one slot to another network, and says to which slot; `nil` where it cannot be.
    mutating func relocate(
        _ key: TenantKey<SubscriptionID>, to network: NetworkID, at now: Instant
    ) throws(Violation) -> SlotID? {
        let name = TenantKey(tenant: key.tenant, name: network)
        guard let record = subscriptions[key], record.endedAt == nil, holdings(key).count == 1,
            let holding = holdings(key).first, holding.network != network,
            let unit = claim(name, 1, after: .min).first
        else { return nil }
        let login = slots[TenantKey(tenant: key.tenant, name: holding.slot)]!.login
        try release(holding, at: now)
        try lend(
            unit.slot, key.tenant, to: key.name, login, as: holding.sequence + 1, until: record.activeUntil)
        return unit.slot
    }
}
