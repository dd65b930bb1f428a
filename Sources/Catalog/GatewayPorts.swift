/// The ports of a gateway that serve HTTP and SOCKS5.
public enum GatewayPorts: Sendable, Hashable {
    /// An inclusive range of ports that are lent one by one.
    case range(ClosedRange<Int32>)
    /// One port that many customers share.
    case shared(Int32)
}

/// What a gateway speaks to its customers.
public enum GatewayProtocol: String, Sendable, Hashable, CaseIterable {
    case http, socks5, vless, shadowsocks
}
