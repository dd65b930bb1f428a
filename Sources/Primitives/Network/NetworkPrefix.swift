/// A range of addresses with a common beginning: `10.0.0.0/8`, `2001:db8::/32`, or one address alone.
public struct NetworkPrefix: Sendable, Hashable {
    /// The first of its addresses.
    public let address: NetworkAddress
    /// How many bits its addresses have in common: of 32 for IPv4, of 128 for IPv6.
    public let length: Int

    /// Why a text is no prefix.
    public enum Problem: Error, Sendable, Hashable {
        case malformed
        /// Bits beyond the length are set, so it is not clear what was meant; the network that holds it.
        case hostBitsSet(NetworkPrefix)
    }

    private init(address: NetworkAddress, length: Int) {
        self.address = address
        self.length = length
    }

    /// One address alone.
    public init(_ address: NetworkAddress) {
        self.init(address: address, length: address.isIPv4 ? 32 : 128)
    }

    /// The network of so many bits that an address lies in.
    public init(of address: NetworkAddress, length: Int) {
        precondition((0...(address.isIPv4 ? 32 : 128)).contains(length), "an address has no such prefix")
        let bitsInCommon = address.isIPv4 ? 96 + length : length
        self.init(address: NetworkAddress(bits: address.bits & Self.mask(bitsInCommon)), length: length)
    }

    /// Reads an address, or an address, a slash and a length; an IPv4-mapped IPv6 prefix is the IPv4 one.
    public init(parsing text: some StringProtocol) throws(Problem) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = NetworkAddress(parts[0]) else { throw .malformed }
        guard parts.count == 2 else {
            self.init(address)
            return
        }
        let isWrittenAsIPv4 = !parts[0].utf8.contains(UInt8(ascii: ":"))
        guard let length = DecimalText.number(parts[1].utf8, max: isWrittenAsIPv4 ? 32 : 128) else {
            throw .malformed
        }
        let bitsInCommon = isWrittenAsIPv4 ? 96 + length : length
        let first = NetworkAddress(bits: address.bits & Self.mask(bitsInCommon))
        let network = NetworkPrefix(address: first, length: first.isIPv4 ? bitsInCommon - 96 : bitsInCommon)
        guard first == address else { throw .hostBitsSet(network) }
        self = network
    }

    public init?(_ text: some StringProtocol) {
        guard let prefix = try? NetworkPrefix(parsing: text) else { return nil }
        self = prefix
    }

    /// Whether an address lies in it; all of IPv6 (`::/0`) holds no address of IPv4.
    public func contains(_ address: NetworkAddress) -> Bool {
        let mask = Self.mask(self.address.isIPv4 ? 96 + length : length)
        return self.address.isIPv4 == address.isIPv4 && (self.address.bits ^ address.bits) & mask == 0
    }

    private static func mask(_ bitsInCommon: Int) -> UInt128 {
        UInt128.max << UInt128(128 - bitsInCommon)
    }
}

extension NetworkPrefix: CustomStringConvertible, Comparable {
    /// The text that it is kept and shown as; one address alone has no length.
    public var description: String {
        length == (address.isIPv4 ? 32 : 128) ? "\(address)" : "\(address)/\(length)"
    }

    /// IPv4 before IPv6, then by address, larger networks first.
    public static func < (left: Self, right: Self) -> Bool {
        (left.address.isIPv4 ? 0 : 1, left.address.bits, left.length)
            < (right.address.isIPv4 ? 0 : 1, right.address.bits, right.length)
    }
}

extension NetworkPrefix.Problem: CustomStringConvertible {
    /// Completes a sentence that begins with the text.
    public var description: String {
        switch self {
        case .malformed: "is no address or network, like 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32"
        case .hostBitsSet(let network): "has bits set beyond its length; the network is \(network)"
        }
    }
}

extension Sequence<NetworkPrefix> {
    /// Whether one of them holds the address.
    public func cover(_ address: NetworkAddress) -> Bool { contains { $0.contains(address) } }
}
