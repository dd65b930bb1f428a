import Catalog

extension CatalogueVocabulary {
    /// What the server would pass in, without the server.
    static let sample = CatalogueVocabulary(
        dialects: [
            dialect("gate", "rk_"), dialect("opproxy", "opx_live_"), dialect("proxaro", "proxaro_live_"),
            dialect("octoprox", nil), dialect("marchproxy", "mp_api_"),
        ],
        drivers: ["simulated", "sing-box", "envoy"], roles: ["admin", "editor", "viewer"],
        acceptsRateLimit: { $0 == "off" || $0.contains("/1") })

    private static func dialect(_ name: String, _ prefix: String?) -> Dialect {
        Dialect(
            name: DialectName(rawValue: name), keyPrefix: prefix, sellsSinglePorts: name == "gate"
        ) { key in
            guard let prefix, key.count >= prefix.count + 24 else { return nil }
            let test = prefix.hasSuffix("live_") ? prefix.dropLast(5) + "test_" : prefix + "test_"
            return key.hasPrefix(test) ? .test : key.hasPrefix(prefix) ? .live : nil
        }
    }
}

extension CatalogueDocument {
    static func sample(_ yaml: String) throws(DocumentError) -> CatalogueDocument {
        try parse(yaml, file: "shop.yaml", vocabulary: .sample)
    }
}
