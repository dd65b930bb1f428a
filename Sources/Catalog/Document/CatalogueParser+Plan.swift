internal import Primitives

extension CatalogueParser {
    private static let planKeys = [
        "code", "name", "product", "connection", "network", "gateway", "duration", "price", "wholesale_price",
        "popular",
        "rotation", "trial", "sells_in", "sort_order", "active",
    ]

    func plan(_ value: ValueReader) throws(DocumentError) -> PlanDocument {
        let keys = try value.mapping("a plan", keys: Self.planKeys + PlanAttributes.keys)
        let code = try keys.required("code").name(.code)
        let name = try keys.required("name").title()
        let product = try keys.required("product").name(.word)
        let price = try price(keys)
        let network = try keys.optional("network") { value throws(DocumentError) in try value.reference(.code)
        }
        let attributes = try PlanAttributes.read(keys)
        return PlanDocument(
            mark: keys.mark, code: code, name: name, product: product,
            connection: try connection(keys, network),
            network: network,
            gateway: try keys.optional("gateway") { value throws(DocumentError) in try value.reference(.code)
            },
            networks: try keys.list("networks") { value throws(DocumentError) in try value.reference(.code) },
            durationMilliseconds: try duration(keys, price), price: price,
            wholesalePrice: try keys.nullable("wholesale_price") { value throws(DocumentError) in
                try value.money(in: currency)
            },
            isPopular: try keys.flag("popular", default: false), rotationMinutes: try rotation(keys),
            trialMilliseconds: try keys.nullable("trial") { value throws(DocumentError) in
                try value.duration()
            },
            sellsIn: try keys.list("sells_in") { value throws(DocumentError) in
                try vocabulary.dialect(value).name
            },
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

    private func duration(_ keys: MappingReader, _ price: Money?) throws(DocumentError) -> Int64? {
        let duration = try keys.nullable("duration") { value throws(DocumentError) in try value.duration() }
        guard duration != nil || price == nil else {
            throw keys.mark.problem("missing key \"duration\" in a plan with a price")
        }
        return duration
    }

    private func connection(
        _ keys: MappingReader, _ network: Located<String>?
    ) throws(DocumentError) -> ConnectionType? {
        guard let value = keys.optional("connection") else { return nil }
        let connection: ConnectionType = try value.word()
        switch connection {
        case .private:
            guard network != nil else { throw value.problem("a private port needs a network to come from") }
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
}
