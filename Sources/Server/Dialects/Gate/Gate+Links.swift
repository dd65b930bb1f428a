extension Gate.Wire.Links {
    /// Where a port's protocols are served, and with what: all that the links are made of.
    struct Source: Sendable, Hashable {
        var host: String
        var port: Int32
        /// The gateway's protocols, in the catalogue's words.
        var protocols: [String]
        var vlessPort: Int32?
        var shadowsocksPort: Int32?
        var username: String
        var password: String
        var vlessID: String
        var shadowsocksKey: String
        /// What a client shows as the connection's name.
        var label: String
    }

    /// The links of the protocols that the gateway serves. (RFC 3986 for the parts, SIP002 for `ss`.)
    init(_ source: Source) {
        let host = bracketed(source.host)
        let userinfo = "\(percentEncoded(source.username)):\(percentEncoded(source.password))"
        let fragment = percentEncoded(source.label)
        if source.protocols.contains("http") { http = "http://\(userinfo)@\(host):\(source.port)" }
        if source.protocols.contains("socks5") { socks5 = "socks5://\(userinfo)@\(host):\(source.port)" }
        if source.protocols.contains("vless"), let port = source.vlessPort {
            vless =
                "vless://\(percentEncoded(source.vlessID))@\(host):\(port)?encryption=none&type=tcp#\(fragment)"
        }
        if source.protocols.contains("shadowsocks"), let port = source.shadowsocksPort {
            // SIP002 lets the userinfo of other ciphers be base64url; that of a 2022 cipher must be percent-encoded.
            let userinfo = "2022-blake3-aes-128-gcm:\(percentEncoded(source.shadowsocksKey))"
            shadowsocks = "ss://\(userinfo)@\(host):\(port)#\(fragment)"
        }
    }
}

/// An IPv6 address stands in brackets; everything else is a name or has no colon.
private func bracketed(_ host: String) -> String {
    host.utf8.contains(UInt8(ascii: ":")) && !host.hasPrefix("[") ? "[\(host)]" : host
}

/// Leaves the unreserved characters of RFC 3986 §2.3 as they are, so the result may stand in any part of a URL.
private func percentEncoded(_ text: String) -> String {
    var encoded: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            encoded.append(byte)
        default:
            encoded.append(UInt8(ascii: "%"))
            encoded.append(hexDigits[Int(byte >> 4)])
            encoded.append(hexDigits[Int(byte & 15)])
        }
    }
    return String(decoding: encoded, as: UTF8.self)
}

private let hexDigits = Array("0123456789ABCDEF".utf8)
