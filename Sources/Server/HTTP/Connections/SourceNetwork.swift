internal import Primitives

/// Whom an address belongs to, as far as can be told: an IPv6 caller has a whole /64 to choose from, so those
/// are counted together.
enum SourceNetwork {
    /// The address itself, or the network of an IPv6 one: `2001:db8::/64`.
    static func of(_ text: String) -> String {
        guard let address = NetworkAddress(text) else { return text }
        return address.isIPv4 ? address.description : NetworkPrefix(of: address, length: 64).description
    }
}
