public import Catalog
public import HTTPTypes
public import Primitives

/// One vendor's REST API, served over the shared domain.
public protocol Dialect: Sendable {
    var name: DialectName { get }
    /// Its paths as the vendor documents them, below the mount.
    var routes: RouteTable { get }
    /// Where its OpenAPI document is among them, for anybody to read; `nil` where it publishes none. With one it has a
    /// reference for people at `/docs`, unless the vendor has something there.
    var documentPath: String? { get }
    /// Whether a request to a live tenant is for its sandbox: it shows a test key, or what only the sandbox gave out.
    ///
    /// Then all of it happens there, under the same address; whether the key is anybody's is for admission to say.
    func isForSandbox(_ request: DialectRequest, _ sandbox: TenantID) -> Bool
    /// How long the body of such a request may be, in bytes; `nil`: as long as everybody's.
    func bodyMax(_ method: HTTPRequest.Method, _ path: String) -> Int?
    /// Authenticates, limits, decides, answers; every refusal and fault is already in the dialect's own envelope.
    func answer(_ request: DialectRequest, at route: RouteMatch) async -> DialectResponse
    /// Answers a request for a path that has other methods only.
    func answer(
        _ request: DialectRequest, allowing methods: [HTTPRequest.Method]
    ) async -> DialectResponse
    /// The dialect's own words for what goes wrong before or around a handler.
    func problem(_ problem: DoorProblem, for request: DialectRequest) -> DialectResponse
}

extension Dialect {
    public var documentPath: String? { nil }
    public func isForSandbox(_ request: DialectRequest, _ sandbox: TenantID) -> Bool { false }
    public func bodyMax(_ method: HTTPRequest.Method, _ path: String) -> Int? { nil }

    /// Tells anybody, as most vendors do.
    public func answer(
        _ request: DialectRequest, allowing methods: [HTTPRequest.Method]
    ) async -> DialectResponse {
        problem(.methodNotAllowed(allowed: methods), for: request)
    }
}

/// What can go wrong at any door, before a dialect's own rules are asked.
public enum DoorProblem: Sendable, Hashable {
    case pathUnknown
    /// The path exists, with these methods only.
    case methodNotAllowed(allowed: [HTTPRequest.Method])
    case bodyTooLarge
    /// The body did not come in the time that a client is given.
    case bodyTooSlow
    /// The body breaks the framing of HTTP, or ends before its length.
    case bodyMalformed
    /// Something failed on our side; the log knows what.
    case fault
    /// Not now: the queue is full, the process is stopping or the database is away.
    case unavailable(retryAfterSeconds: Int)
}

/// A request as a dialect sees it: whole body, path below the mount, headers untouched.
public struct DialectRequest: Sendable {
    public var method: HTTPRequest.Method
    /// Percent-encoded, as it came, with the mount prefix taken off.
    public var path: String
    /// The raw query, without the question mark; `nil` where there was none.
    public var query: String?
    public var headers: HTTPFields
    public var body: [UInt8]
    public var mount: Mount
    /// By the real clock: for limits, logs and ids.
    public var receivedAt: Instant
    /// The X-Request-Id that the answer and the log carry.
    public var id: String
    /// The peer's address without its port; behind a trusted proxy, the client's.
    public var remoteAddress: String
    /// How far the tenant's clock is ahead of the real one, in milliseconds.
    public var clockAhead: Int64 = 0
    /// Whose it turns out to be.
    public let note = CallerNote()

    /// When it came by the tenant's own clock: for whatever the tenant sells.
    public var now: Instant { TenantTime(real: receivedAt, aheadMilliseconds: clockAhead).now }
}

/// Where a dialect is served: the root of a tenant's host, or `/t/{tenant}/{dialect}`; the admin API at `/admin`.
public struct Mount: Sendable, Hashable {
    /// The platform's number (`TenantID.platform`) where it is no tenant's.
    public var tenant: TenantID
    public var dialect: DialectName
    /// Empty on a virtual host, else `/t/{tenant}/{dialect}`: what host-relative links must begin with.
    public var prefix: String
    /// Whether the tenant is a sandbox, which test keys open and no others.
    public var isSandbox = false
}

/// An answer: whole, or with a body that is made while it is sent.
public struct DialectResponse: Sendable {
    public var status: HTTPResponse.Status
    public var headers: HTTPFields
    public var body: [UInt8]
    /// Comes in the place of the body, where there is one; no answer to HEAD has one.
    public var stream: ResponseStream?

    public init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
