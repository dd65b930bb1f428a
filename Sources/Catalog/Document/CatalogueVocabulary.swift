/// The words that a catalogue file may use although the catalogue itself does not know them.
public struct CatalogueVocabulary: Sendable {
    /// A dialect that plans can be sold in, and what its API keys look like.
    public struct Dialect: Sendable {
        public let name: DialectName
        /// What its keys begin with; completes the sentence about one that is refused. `nil` where people
        /// sign in and there are no keys.
        public let keyPrefix: String?
        /// What a text is a key for; `nil` where it can be none of this dialect's.
        public let environment: @Sendable (String) -> KeyEnvironment?
        /// Whether each thing it sells is one port, so that its plans take a slot on exactly one network.
        public let sellsSinglePorts: Bool

        public init(
            name: DialectName, keyPrefix: String?, sellsSinglePorts: Bool = false,
            environment: @escaping @Sendable (String) -> KeyEnvironment?
        ) {
            self.name = name
            self.keyPrefix = keyPrefix
            self.sellsSinglePorts = sellsSinglePorts
            self.environment = environment
        }
    }

    public let dialects: [Dialect]
    /// The drivers of gateways; the first is the one a gateway has that names none.
    public let drivers: [String]
    /// What people who sign in may be.
    public let roles: [String]
    /// Whether a text like `120/1m` or `off` is a rate limit.
    public let acceptsRateLimit: @Sendable (String) -> Bool

    public init(
        dialects: [Dialect], drivers: [String], roles: [String],
        acceptsRateLimit: @escaping @Sendable (String) -> Bool
    ) {
        precondition(!drivers.isEmpty, "a gateway that names no driver needs one")
        self.dialects = dialects
        self.drivers = drivers
        self.roles = roles
        self.acceptsRateLimit = acceptsRateLimit
    }

    func dialect(_ value: ValueReader) throws(DocumentError) -> Dialect {
        let word = try value.word(of: dialects.map(\.name.rawValue))
        guard let dialect = dialects.first(where: { $0.name.rawValue == word }) else {
            preconditionFailure("a known word is not known")
        }
        return dialect
    }
}
