/// What a request line and its Host header name: host, path and query, taken apart and otherwise untouched.
struct RequestTarget: Sendable, Hashable {
    /// Lower case, without port and trailing dot; empty where the request names none.
    let host: String
    /// Percent-encoded, as it came; empty for `OPTIONS *` and anything else that is not a path.
    let path: String
    let query: String?

    init(authority: String?, target: String) {
        var authority = Self.visible(authority ?? "")
        var target = Self.visible(target)[...]
        // RFC 9112 §3.2.2: the absolute form wins over Host.
        for scheme in ["http://", "https://"] where target.hasPrefix(scheme) {
            let rest = target.dropFirst(scheme.count)
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            authority = String(rest[..<end])
            target = rest[end...]
            break
        }
        host = Self.host(of: authority)
        // No client sends a fragment; whoever does, means the path before it.
        let bytes = target.utf8
        let end = bytes.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? bytes.endIndex
        path = bytes.first == UInt8(ascii: "/") ? String(target[..<end]) : ""
        guard end < bytes.endIndex, bytes[end] == UInt8(ascii: "?") else {
            query = nil
            return
        }
        let rest = target[bytes.index(after: end)...]
        query = String(rest.prefix { $0 != "#" })
    }

    /// The text itself, or none: RFC 3986 knows visible ASCII only. Names are looked up by meaning, which takes the
    /// square of the length for a letter with thousands of combining marks.
    private static func visible(_ text: String) -> String {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? text : ""
    }

    /// The host that a Host header names, as hosts are stored.
    static func host(of authority: String) -> String {
        var letters = Array(authority.utf8)
        if letters.first == UInt8(ascii: "[") {
            // An IPv6 address ends at its bracket; what follows can only be a port.
            if let end = letters.firstIndex(of: UInt8(ascii: "]")) { letters.removeSubrange((end + 1)...) }
        } else if let colon = letters.firstIndex(of: UInt8(ascii: ":")) {
            letters.removeSubrange(colon...)
        }
        if letters.last == UInt8(ascii: ".") { letters.removeLast() }
        for index in letters.indices where (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letters[index]) {
            letters[index] |= 0x20
        }
        return String(decoding: letters, as: UTF8.self)
    }
}
