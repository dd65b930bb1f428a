internal import Primitives

/// Reads what one tenant sells and from where; amounts must be in the tenant's currency.
struct CatalogueParser {
    let vocabulary: CatalogueVocabulary
    let currency: Currency

    func network(_ value: ValueReader) throws(DocumentError) -> NetworkDocument {
        let keys = try value.mapping(
            "a network",
            keys: [
                "code", "city", "country", "type", "exit_class", "asn", "asn_org", "low_stock", "active",
            ])
        let code = try keys.required("code").name(.code)
        let city = try keys.required("city").title()
        let country = try keys.required("country").name(.country)
        let type: NetworkType = try keys.required("type").word()
        return NetworkDocument(
            mark: keys.mark, code: code, city: city, country: country, type: type,
            exitClass: try keys.optional("exit_class") { value throws(DocumentError) in try value.name(.word)
            }
                ?? type.rawValue,
            asn: try keys.nullable("asn") { value throws(DocumentError) in try value.name(.autonomousSystem)
            },
            asnOrg: try keys.nullable("asn_org") { value throws(DocumentError) in try value.title() },
            lowStock: try keys.nullable("low_stock") { value throws(DocumentError) in
                Int32(try value.integer(in: 0...Int64(Int32.max)))
            },
            isActive: try keys.isActive()
        )
    }

    func gateway(_ value: ValueReader) throws(DocumentError) -> GatewayDocument {
        let keys = try value.mapping(
            "a gateway",
            keys: [
                "name", "network", "host", "ports", "shared_port", "protocols", "vless_port",
                "shadowsocks_port",
                "driver", "active",
            ])
        let name = try keys.required("name").name(.code)
        let network = try keys.required("network").reference(.code)
        let host = try keys.required("host").name(.address).lowercased()
        let (ports, portsMark) = try ports(keys)
        let protocols = try protocols(keys)
        return GatewayDocument(
            mark: keys.mark, name: name, network: network, host: host, ports: ports, portsMark: portsMark,
            protocols: protocols, vlessPort: try port("vless_port", of: .vless, keys, protocols),
            shadowsocksPort: try port("shadowsocks_port", of: .shadowsocks, keys, protocols),
            driver: try keys.optional("driver") { value throws(DocumentError) in
                try value.word(of: vocabulary.drivers)
            } ?? vocabulary.drivers[0],
            isActive: try keys.isActive()
        )
    }

    private func ports(_ keys: MappingReader) throws(DocumentError) -> (GatewayPorts, SourceMark) {
        switch (keys.optional("ports"), keys.optional("shared_port")) {
        case (let range?, nil): return (.range(try range.ports()), range.mark)
        case (nil, let shared?): return (.shared(try shared.port()), shared.mark)
        case (nil, nil): throw keys.mark.problem("missing key \"ports\" or \"shared_port\" in a gateway")
        case (_, let shared?):
            throw shared.mark.problem("a gateway has either ports or a shared_port, not both")
        }
    }

    private func protocols(_ keys: MappingReader) throws(DocumentError) -> [GatewayProtocol] {
        let value = try keys.required("protocols")
        let protocols = try value.list { value throws(DocumentError) in
            try value.word(of: GatewayProtocol.self)
        }
        guard !protocols.isEmpty else { throw value.problem("a gateway speaks at least one protocol") }
        guard Set(protocols).count == protocols.count else {
            throw value.problem("a protocol is listed twice")
        }
        return protocols
    }

    /// A protocol with a port of its own has it exactly when the gateway speaks the protocol.
    private func port(
        _ key: String, of spoken: GatewayProtocol, _ keys: MappingReader, _ protocols: [GatewayProtocol]
    ) throws(DocumentError) -> Int32? {
        guard let value = keys.optional(key) else {
            guard !protocols.contains(spoken) else {
                throw keys.mark.problem("missing key \"\(key)\" in a gateway that speaks \(spoken.rawValue)")
            }
            return nil
        }
        guard protocols.contains(spoken) else {
            throw value.problem("the gateway's protocols do not list \(spoken.rawValue)")
        }
        return try value.port()
    }
}
