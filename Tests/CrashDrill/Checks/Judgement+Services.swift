internal import Primitives

extension ServiceCommand {
    /// What is wrong with an answer of the second door, held against the rows and against what was asked for.
    func problems(_ answer: DrillAnswer, _ rows: CommandRows) -> [String] {
        var problems: [String] = []
        func require(_ holds: Bool, _ what: String) { if !holds { problems.append(what) } }
        let shape = answer.service?.shape
        switch self {
        case .purchase(let plan, let country, let rotation):
            require(Set(answer.subscriptions) == rows.subscriptions, "another service than was told")
            require(rows.terms.map(\.end) == [shape?.expiresAt], "paid until another moment than was told")
            require(shape?.type == plan.product, "told of another type")
            require(shape?.country == country ?? "mixed", "an exit that was not asked for")
            require(shape?.rotation == rotation ?? "instant", "a rotation that was not asked for")
            require(shape?.whitelist == [], "a new service with a whitelist")
        case .extend(let id, _):
            require(answer.subscriptions == [id], "told of another service")
            require(rows.order?.subscription == id, "another service was extended")
            require(rows.terms.map(\.end) == [shape?.expiresAt], "paid until another moment than was told")
        case .newLogin(let id):
            require(answer.subscriptions == [id], "told of another service")
        case .whitelist(let id, let addresses):
            require(answer.subscriptions == [id], "told of another service")
            require(shape?.whitelist == ServiceBook.once(addresses), "told of another whitelist")
        case .country(let id, let country):
            require(answer.subscriptions == [id], "told of another service")
            require(shape?.country == country, "told of another country")
        case .rotation(let id, let rotation):
            require(answer.subscriptions == [id], "told of another service")
            require(shape?.rotation == rotation, "told of another rotation")
        }
        return problems
    }
}
