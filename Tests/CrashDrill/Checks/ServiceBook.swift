internal import Primitives

/// What customers were told of their services, folded into what each of them has to be now.
struct ServiceBook {
    struct Service {
        var customer: String
        var plan: DrillShop.Plan
        var login: ServiceAnswer.Login
        var shape: ServiceAnswer.Shape
        /// Host and port of each of its slots, as the rows say.
        var ports: Set<String> = []
    }

    private(set) var services: [IdentifierBits: Service] = [:]

    /// Takes commands in the order of one client; returns the services that they were about.
    ///
    /// A client goes on only when a change is decided, so what was told last is what is. Only extensions are left open
    /// and carried out later: of their answers the end alone counts, and the farthest is the one.
    mutating func take(_ notes: some Sequence<Note>) -> Set<IdentifierBits> {
        var touched: Set<IdentifierBits> = []
        for note in notes {
            guard case .service(let command) = note.command.kind, case .done(_, let answer) = note.told,
                let told = answer.service
            else { continue }
            touched.insert(told.id)
            take(told, command, of: note.customer)
        }
        return touched
    }

    private mutating func take(
        _ told: ServiceAnswer, _ command: ServiceCommand, of customer: DrillShop.Customer
    ) {
        switch command {
        case .purchase(let plan, _, _):
            guard let shape = told.shape else { return }
            services[told.id] = Service(customer: customer.email, plan: plan, login: told.login, shape: shape)
        case .extend:
            guard let end = told.shape?.expiresAt, let known = services[told.id]?.shape.expiresAt else {
                return
            }
            services[told.id]?.shape.expiresAt = max(known, end)
        case .newLogin: services[told.id]?.login = told.login
        case .whitelist(_, let addresses): services[told.id]?.shape.whitelist = Self.once(addresses)
        case .country(_, let country): services[told.id]?.shape.country = country
        case .rotation(_, let rotation): services[told.id]?.shape.rotation = rotation
        }
    }

    mutating func lent(_ ports: Set<String>, to id: IdentifierBits) {
        services[id]?.ports = ports
    }

    /// Each address once, where it came first.
    static func once(_ addresses: [String]) -> [String] {
        var seen: Set<String> = []
        return addresses.filter { seen.insert($0).inserted }
    }
}

extension ServiceBook.Service {
    /// What is wrong with it as it is shown.
    func problems(shown: ServiceAnswer) -> [String] {
        var problems: [String] = []
        func require(_ holds: Bool, _ what: String) { if !holds { problems.append(what) } }
        require(shown.login == login, "another login than was told")
        guard let seen = shown.shape else { return problems + ["nothing but a login"] }
        require(seen.type == plan.product, "a \(seen.type)")
        require(seen.expiresAt == shape.expiresAt, "it ends at \(seen.expiresAt), not \(shape.expiresAt)")
        require(seen.country == shape.country, "its exit is \(seen.country), not \(shape.country)")
        require(seen.rotation == shape.rotation, "it rotates \(seen.rotation), not \(shape.rotation)")
        require(seen.whitelist == shape.whitelist, "another whitelist than was told")
        return problems
    }

    /// The text of its proxies, in any order: of the exit's own country where there is a gateway, else of all.
    func lines(countryOf: (String) -> String?) -> Set<String> {
        let own = ports.filter { countryOf($0) == shape.country }
        return Set((own.isEmpty ? ports : own).map { "\($0):\(login.login):\(login.password)" })
    }
}
