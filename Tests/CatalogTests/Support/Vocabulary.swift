import Catalog

extension CatalogueVocabulary {
    /// What the server would pass in, without the server.
    static let sample = CatalogueVocabulary(
        dialects: [
            ("gate", "rk_"), ("opproxy", "opx_live_"), ("proxaro", "proxaro_live_"), ("octoprox", "octo_"),
            ("marchproxy", "march_"),
        ].map { name, prefix in
            Dialect(name: DialectName(rawValue: name), keyPrefix: prefix) { $0.hasPrefix(prefix) && $0.count >= prefix.count + 24 }
        },
        drivers: ["simulated", "sing-box", "envoy"], roles: ["admin", "editor", "viewer"],
        acceptsRateLimit: { $0 == "off" || $0.contains("/1") })
}

extension CatalogueDocument {
    static func sample(_ yaml: String) throws(DocumentError) -> CatalogueDocument {
        try parse(yaml, file: "shop.yaml", vocabulary: .sample)
    }
}
