extension Line {
    /// How many are committed together; `nil` where nobody is.
    var groupSize: Int? {
        if case .commit(let size) = self { size } else { nil }
    }

    /// The same step with less in it, one thing at a time.
    var simpler: [Line] {
        switch self {
        case .ask(let request): request.simpler.map(Line.ask)
        case .plan(let plan): plan.simpler.map(Line.plan)
        case .coupon(let coupon): coupon.simpler.map(Line.coupon)
        case .commit(let count) where count != 1: [.commit(1)]
        case .customer(let line) where line.limit != 0:
            [.customer(CustomerLine(name: line.name, currency: line.currency, limit: 0, isOpen: line.isOpen))]
        // What is short from the start needs no history that uses it up.
        case .books(let tenant, let currency, let limit) where limit != 0:
            [.books(tenant: tenant, currency: currency, limit: 0)]
        case .network(let line) where line.slots > 0:
            Set([0, 1, line.slots - 1]).subtracting([line.slots]).sorted().map { slots in
                .network(NetworkLine(name: line.name, slots: slots, isOn: line.isOn))
            }
        case .books, .customer, .network, .list, .clock, .commit, .crash, .shuffle, .expire, .restock,
            .relocate:
            []
        }
    }
}

extension Request {
    fileprivate var simpler: [Request] {
        var requests: [Request] = []
        if key != nil || by != nil { requests.append(changed { ($0.key, $0.by, $0.body) = (nil, nil, 0) }) }
        if isBroken { requests.append(changed { $0.isBroken = false }) }
        switch action {
        case .purchase(let it):
            for simpler in [
                it.changed { $0.coupon = nil }, it.changed { $0.expected = nil },
                it.changed { $0.quantity = 1 }, it.changed { ($0.country, $0.rotation) = (nil, nil) },
                it.changed { $0.repeats = 1 },
            ] where simpler != it { requests.append(changed { $0.action = .purchase(simpler) }) }
        case .renewal(let it):
            for simpler in [
                it.changed { $0.coupon = nil }, it.changed { $0.expected = nil },
                it.changed { $0.repeats = 1 },
            ] where simpler != it { requests.append(changed { $0.action = .renewal(simpler) }) }
        case .cancellation(let it):
            for simpler in [it.changed { $0.expected = nil }, it.changed { $0.keepsMoney = false }]
            where simpler != it { requests.append(changed { $0.action = .cancellation(simpler) }) }
        case .planChange(let it):
            for simpler in [
                it.changed { $0.expected = nil }, it.changed { ($0.country, $0.rotation) = (nil, nil) },
            ] where simpler != it { requests.append(changed { $0.action = .planChange(simpler) }) }
        case .trial, .topUp, .floatTopUp, .refund, .adjustment: break
        }
        return requests
    }
}

extension PlanLine {
    fileprivate var simpler: [PlanLine] {
        [
            changed { $0.wholesale = nil }, changed { $0.trial = nil },
            changed { $0.networks = Array($0.networks.dropLast()) },
            changed { ($0.exits, $0.rotations) = ([], []) },
            changed { $0.isShared = false }, changed { $0.doors = ["gate"] }, changed { $0.isOn = true },
        ].filter { $0 != self }
    }
}

extension CouponLine {
    fileprivate var simpler: [CouponLine] {
        [
            changed { $0.limit = nil }, changed { $0.perCustomer = nil }, changed { $0.plans = nil },
            changed { $0.kinds = nil }, changed { $0.starts = nil }, changed { $0.ends = nil },
            changed { $0.minimum = nil }, changed { $0.most = nil }, changed { $0.budget = nil },
            changed { $0.isFirstOrderOnly = false },
        ].filter { $0 != self }
    }
}

private protocol Changeable {}

extension Changeable {
    fileprivate func changed(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }
}

extension Request: Changeable {}
extension PlanLine: Changeable {}
extension CouponLine: Changeable {}
extension Action.Purchase: Changeable {}
extension Action.Renewal: Changeable {}
extension Action.Cancellation: Changeable {}
extension Action.PlanChange: Changeable {}
