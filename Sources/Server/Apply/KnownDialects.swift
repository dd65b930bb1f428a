public import Catalog

/// The dialects that a catalogue file may name, and what the API keys of each look like.
public struct KnownDialects: Sendable {
    /// `nil` where people sign in and there are no keys.
    let keyForms: [DialectName: KeyForm?]
    /// Those in which each thing sold is one port.
    let singlePorts: Set<DialectName>

    public init(keyForms: [DialectName: KeyForm?], singlePorts: Set<DialectName> = []) {
        self.keyForms = keyForms
        self.singlePorts = singlePorts
    }

    /// The words of a file, for the catalogue's own reader.
    var vocabulary: CatalogueVocabulary {
        CatalogueVocabulary(
            dialects: keyForms.sorted { $0.key < $1.key }.map { name, form in
                CatalogueVocabulary.Dialect(
                    name: name, keyPrefix: form?.prefix, sellsSinglePorts: singlePorts.contains(name)
                ) {
                    form?.environment(of: $0)
                }
            },
            drivers: ["simulated", "sing-box", "envoy"], roles: SessionRole.allCases.map(\.rawValue),
            acceptsRateLimit: { RateLimit($0) != nil })
    }

    /// The form of a dialect's keys; the file's reader lets no key of another dialect through.
    func keyForm(_ dialect: DialectName) -> KeyForm {
        guard let form = keyForms[dialect] ?? nil else {
            preconditionFailure("a key of a dialect without keys")
        }
        return form
    }
}
