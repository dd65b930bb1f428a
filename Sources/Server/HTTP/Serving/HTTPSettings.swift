public import Logging

/// How the HTTP server listens and what it puts up with; every bound has a default that suits one machine.
public struct HTTPSettings: Sendable {
    public var host = "127.0.0.1"
    public var port = 8080
    /// Connections that are open at once; more wait in the kernel's backlog.
    public var connectionsMax = 4_096
    public var backlog = 512
    /// How long a kept connection may be silent, and how long a client may take over its headers.
    public var idleSeconds = 60
    /// How long a client may take from the head of a request to the end of its body.
    public var bodySeconds = 20
    /// Bytes of a body.
    public var bodyMax = 64 * 1_024
    /// Bytes of one header field, of all of them, and how many there may be.
    public var headerFieldMax = 8 * 1_024
    public var headersMax = 16 * 1_024
    public var headerCountMax = 100
    /// Addresses of our own proxies, whose `X-Forwarded-For` is believed.
    public var trustedProxies: Set<String> = []
    /// `.info` logs every request, `.warning` only those that failed on our side.
    public var requestLogLevel: Logger.Level = .info

    public init() {}
}
