internal import HTTPTypes
internal import Primitives

/// The address that a request comes from, without its port.
///
/// `X-Forwarded-For` is believed as far as it was written by proxies we trust: from its end, over their addresses, to the
/// first that is not one of them. What is left of that was written by who knows whom and is never looked at; and where a
/// trusted proxy wrote what is no address, its own address is the client's.
struct ClientAddress: Sendable {
    private let trustedProxies: [NetworkPrefix]

    /// - Parameter trustedProxies: where our own proxies are; empty where clients connect directly.
    init(trustedProxies: [NetworkPrefix]) {
        self.trustedProxies = trustedProxies
    }

    /// In its one spelling (RFC 5952), so that logs, counts and allow lists mean the same by it.
    func of(peer: String, _ headers: HTTPFields) -> String {
        guard var client = Self.address(of: peer) else { return peer }
        if trustedProxies.cover(client), let forwarded = HTTPField.Name("X-Forwarded-For") {
            follow(headers[values: forwarded], to: &client)
        }
        return client.description
    }

    private func follow(_ values: [String], to client: inout NetworkAddress) {
        for value in values.reversed() {
            // By bytes: to Unicode, a letter may swallow the comma after it, and with it what the proxy wrote.
            for hop in value.utf8.split(separator: UInt8(ascii: ",")).reversed() {
                // RFC 9110 §5.6.1: empty elements of a list count for nothing.
                guard let start = hop.firstIndex(where: Self.isVisible),
                    let end = hop.lastIndex(where: Self.isVisible)
                else { continue }
                guard let address = Self.address(of: Substring(hop[start...end])) else { return }
                client = address
                guard trustedProxies.cover(address) else { return }
            }
        }
    }

    private static func isVisible(_ byte: UInt8) -> Bool {
        byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t")
    }

    /// The address in what a peer or a hop is called: `192.0.2.7`, `192.0.2.7:443`, `2001:db8::1`, `fe80::1%eth0`,
    /// `[2001:db8::1]` or `[2001:db8::1]:443`. Zones and ports are dropped; they name no other machine to us.
    static func address(of text: some StringProtocol) -> NetworkAddress? {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]"), isPort(text[text.index(after: end)...]) else {
                return nil
            }
            let address = text[text.index(after: text.startIndex)..<end]
            return address.contains(":") ? withoutZone(address) : nil
        }
        guard text.contains("."), let colon = text.firstIndex(of: ":"),
            !text[text.index(after: colon)...].contains(":")
        else { return withoutZone(text) }
        return isPort(text[colon...]) ? NetworkAddress(text[..<colon]) : nil
    }

    private static func withoutZone(_ text: some StringProtocol) -> NetworkAddress? {
        guard let percent = text.firstIndex(of: "%") else { return NetworkAddress(text) }
        let isZone = text.contains(":") && text.index(after: percent) < text.endIndex
        return isZone ? NetworkAddress(text[..<percent]) : nil
    }

    /// Nothing, or a colon and a number.
    private static func isPort(_ text: some StringProtocol) -> Bool {
        guard text.first == ":" else { return text.isEmpty }
        let digits = text.dropFirst().utf8
        return (1...5).contains(digits.count)
            && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
