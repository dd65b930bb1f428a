internal import Foundation
internal import Primitives

/// Whom an address belongs to, as far as can be told: an IPv6 caller has a whole /64 to choose from, so those
/// are counted together.
enum SourceNetwork {
    /// The address itself, or the first eight bytes of an IPv6 one in hex.
    static func of(_ address: String) -> String {
        guard address.utf8.contains(UInt8(ascii: ":")) else { return address }
        var bytes = in6_addr()
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        return withUnsafeBytes(of: bytes) { bytes in
            // An IPv4 address in IPv6's clothes is one caller.
            let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
            return isMapped ? bytes[12...].map(String.init).joined(separator: ".") : Hex.encode(bytes[..<8])
        }
    }
}
