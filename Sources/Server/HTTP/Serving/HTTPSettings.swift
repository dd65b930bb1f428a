public import Logging
public import Primitives

/// How the HTTP server listens and what it puts up with; every bound has a default that suits one machine.
public struct HTTPSettings: Sendable {
    public var host = "127.0.0.1"
    public var port = 8080
    /// Connections that are open at once; a new one takes the place of the quietest.
    public var connectionsMax = 4_096
    /// Of them, those of one address (or /64 of IPv6); our own proxies are not bound by it.
    public var connectionsPerAddressMax = 1_024
    public var backlog = 512
    /// How long a kept connection may be silent, and a new one before its first byte.
    public var idleSeconds = 60
    /// How long a client may take from the first byte of a request to the end of its head.
    public var headSeconds = 10
    /// How long a client may take from the head of a request to the end of its body.
    public var bodySeconds = 20
    /// How long a client may take next to nothing of its answers.
    public var writeSeconds = 30
    /// Bytes of large bodies that are being read at once, in all connections together.
    public var bodiesMax = 64 * 1_024 * 1_024
    /// The same of bodies that may be longer than others.
    public var longBodiesMax = 16 * 1_024 * 1_024
    /// Bytes of a body.
    public var bodyMax = 64 * 1_024
    /// Bytes of one header field, of all of them, and how many there may be.
    public var headerFieldMax = 8 * 1_024
    public var headersMax = 16 * 1_024
    public var headerCountMax = 100
    /// Where our own proxies are, whose `X-Forwarded-For` is believed.
    public var trustedProxies: [NetworkPrefix] = []
    /// `.info` logs every request, `.warning` only those that failed on our side.
    public var requestLogLevel: Logger.Level = .info

    public init() {}
}
