internal import HTTPTypes

/// The address that a request comes from, without its port.
///
/// `X-Forwarded-For` is believed as far as it was written by proxies we trust: from its end, over their
/// addresses, to the first that is not one of them.
struct ClientAddress: Sendable {
    private let trustedProxies: Set<String>

    /// - Parameter trustedProxies: addresses of our own proxies; empty where clients connect directly.
    init(trustedProxies: Set<String>) {
        self.trustedProxies = trustedProxies
    }

    func of(peer: String, _ headers: HTTPFields) -> String {
        guard !trustedProxies.isEmpty, trustedProxies.contains(peer),
            let forwarded = HTTPField.Name("X-Forwarded-For")
        else { return peer }
        var client = peer
        for value in headers[values: forwarded].reversed() {
            for part in value.split(separator: ",").reversed() {
                let address = part.filter { $0 != " " && $0 != "\t" }
                guard Self.isAddress(address) else { return client }
                client = address
                guard trustedProxies.contains(address) else { return client }
            }
        }
        return client
    }

    /// Good enough for a key of counters and a word of the log: digits, hex letters, dots and colons.
    private static func isAddress(_ text: String) -> Bool {
        (2...45).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                    UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "."), UInt8(ascii: ":"):
                    true
                default: false
                }
            }
    }
}
