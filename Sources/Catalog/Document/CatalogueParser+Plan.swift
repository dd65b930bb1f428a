internal import Primitives

extension CatalogueParser {
    private static let planKeys = [
        "code", "name", "product", "connection", "network", "networks", "gateway", "duration", "price",
        "wholesale_price", "popular", "auto_renew", "rotation", "threads", "countries", "rotations", "trial",
        "sells_in",
        "sort_order", "active",
    ]

    func plan(_ value: ValueReader) throws(DocumentError) -> PlanDocument {
        let keys = try value.mapping("a plan", keys: Self.planKeys + PlanAttributes.keys)
        let code = try keys.required("code").name(.code)
        let name = try keys.required("name").title()
        let product = try keys.required("product").name(.word)
        let price = try price(keys)
        let networks = try networks(keys)
        let exits = try exits(keys)
        let attributes = try PlanAttributes.read(keys)
        return PlanDocument(
            mark: keys.mark, code: code, name: name, product: product,
            connection: try connection(keys, networks), networks: networks,
            gateway: try keys.optional("gateway") { value throws(DocumentError) in try value.reference(.code)
            },
            duration: try duration(keys, price), price: price,
            wholesalePrice: try keys.nullable("wholesale_price") { value throws(DocumentError) in
                try value.money(in: currency)
            },
            isPopular: try keys.flag("popular", default: false),
            renewsAutomatically: try renewsAutomatically(keys, price), rotationMinutes: try rotation(keys),
            threads: try keys.nullable("threads") { value throws(DocumentError) in try value.count() },
            exits: exits.countries, exitRotations: exits.rotations,
            trialMilliseconds: try keys.nullable("trial") { value throws(DocumentError) in
                try value.duration()
            },
            sellsIn: try sellsIn(keys, networks),
            attributes: attributes,
            sortOrder: try keys.optional("sort_order") { value throws(DocumentError) in
                Int32(try value.integer(in: 0...1_000_000_000))
            },
            isActive: try keys.isActive()
        )
    }

    /// A price must be said, even where it is `null`: one forgotten would be a plan that nobody can buy.
    private func price(_ keys: MappingReader) throws(DocumentError) -> Money? {
        _ = try keys.required("price")
        return try keys.nullable("price") { value throws(DocumentError) in try value.money(in: currency) }
    }

    private func duration(_ keys: MappingReader, _ price: Money?) throws(DocumentError) -> PlanDuration? {
        let duration = try keys.nullable("duration") { value throws(DocumentError) in
            try value.planDuration()
        }
        guard duration != nil || price == nil else {
            throw keys.mark.problem("missing key \"duration\" in a plan with a price")
        }
        return duration
    }

    /// What nobody can buy cannot renew itself either.
    private func renewsAutomatically(_ keys: MappingReader, _ price: Money?) throws(DocumentError) -> Bool {
        let renews = try keys.flag("auto_renew", default: false)
        guard !renews || price != nil else {
            throw keys.mark.problem("a plan without a price cannot renew itself: leave \"auto_renew\" out")
        }
        return renews
    }

    private func connection(
        _ keys: MappingReader, _ networks: [Located<String>]
    ) throws(DocumentError) -> ConnectionType? {
        guard let value = keys.optional("connection") else { return nil }
        let connection: ConnectionType = try value.word()
        switch connection {
        case .private:
            guard !networks.isEmpty else {
                throw value.problem("a private port needs a network to come from")
            }
        case .shared: break
        }
        return connection
    }

    private func rotation(_ keys: MappingReader) throws(DocumentError) -> [Int32] {
        guard let value = keys.optional("rotation") else { return [] }
        let minutes = try value.list { value throws(DocumentError) in
            Int32(try value.integer(in: 0...525_600))
        }
        guard Set(minutes).count == minutes.count else { throw value.problem("an interval is listed twice") }
        return minutes
    }

    private func sellsIn(
        _ keys: MappingReader, _ networks: [Located<String>]
    ) throws(DocumentError) -> [DialectName] {
        try keys.list("sells_in") { value throws(DocumentError) in
            let dialect = try vocabulary.dialect(value)
            guard !dialect.sellsSinglePorts || networks.count == 1 else {
                throw (keys.optional("networks") ?? value).problem(
                    "\"\(dialect.name)\" sells single ports: a plan in it has exactly one network")
            }
            return dialect.name
        }
    }
}
