/// Where something may be used from: one network or more. There is none without any, for it could be taken for
/// "from anywhere" and for "from nowhere".
public struct AllowList: Sendable, Hashable {
    /// In order, each once.
    public let networks: [NetworkPrefix]

    /// How many networks a list may have: it is looked through on every request.
    public static let networksMax = 100

    /// `nil` for none, and for more than `networksMax`.
    public init?(_ networks: some Sequence<NetworkPrefix>) {
        self.networks = Set(networks).sorted()
        guard (1...Self.networksMax).contains(self.networks.count) else { return nil }
    }

    public func allows(_ address: NetworkAddress) -> Bool { networks.cover(address) }
}

extension AllowList: CustomStringConvertible {
    public var description: String { networks.map(\.description).joined(separator: ", ") }
}
