internal import Primitives

/// What one client does through the second door: the services that it was told it has, and what it asks for next.
struct ServiceClient {
    private let plans: [DrillShop.Plan]
    private var held: [(id: IdentifierBits, plan: DrillShop.Plan)] = []

    init(_ plans: [DrillShop.Plan]) {
        self.plans = plans
    }

    mutating func learn(_ answer: DrillAnswer, _ command: ServiceCommand) {
        switch command {
        case .purchase(let plan, _, _):
            held += answer.subscriptions.map { ($0, plan) }
            if held.count > 60 { held.removeFirst(held.count - 60) }
        case .extend, .newLogin, .whitelist, .country, .rotation: break
        }
    }

    /// Some of it is refused: IPv4 has one country and rotation, `thin` sells out and offers one exit.
    func next(_ random: inout SplitMix64) -> ServiceCommand {
        guard !held.isEmpty else { return purchase(&random) }
        let service = held[Int(random.next() % UInt64(held.count))]
        switch random.next() % 100 {
        case ..<42: return purchase(&random)
        case ..<62: return .extend(service.id, plan: service.plan)
        case ..<72: return .newLogin(service.id)
        case ..<84:
            let count = random.next() % 4
            return .whitelist(service.id, (0..<count).map { "198.51.100.\($0 + 1 + random.next() % 50 * 4)" })
        case ..<93: return .country(service.id, ["mixed", "nl", "de", "us"][Int(random.next() % 4)])
        default: return .rotation(service.id, ["instant", "5m", "10m"][Int(random.next() % 3)])
        }
    }

    private func purchase(_ random: inout SplitMix64) -> ServiceCommand {
        let plan = plans[[0, 0, 0, 1, 1, 1, 1, 1, 2, 2][Int(random.next() % 10)]]
        return .purchase(
            plan: plan, country: [nil, nil, "mixed", "de"][Int(random.next() % 4)],
            rotation: [nil, nil, "instant"][Int(random.next() % 3)])
    }
}
