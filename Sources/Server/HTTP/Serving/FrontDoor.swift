internal import Catalog
internal import HTTPTypes
public import Hummingbird
public import Logging
internal import Metrics
public import Primitives

/// What happens to every request: who is addressed, how much of it is read, who answers, what is logged.
///
/// Order: request id, mount (neutral 404), body (bounded), path (404), method (405), size (413), then the
/// dialect. From the mount on every answer is the dialect's own.
public struct FrontDoor: HTTPResponder, HTTPDoor {
    public typealias Context = ConnectionContext

    let catalogue: CatalogueCache
    let dialects: [DialectName: any Dialect]
    let platform: PlatformPages
    let metrics: RequestMetrics
    let log: RequestLog
    let recorder: RequestRecorder?
    let logger: Logger
    let clock: any WallClock
    let ids: any IdentifierSource
    let addresses: ClientAddress
    let bodyMax: Int
    let bodies: BodyBudget
    /// Of the few that may be longer: strangers who fill it hold up nobody else.
    let longBodies: BodyBudget

    var connectionMetrics: any MetricsFactory { platform.metrics }

    /// - Parameters:
    ///   - dialects: every dialect that is served, the account API among them.
    ///   - recorder: where the accounts' requests are written down.
    public init(
        catalogue: CatalogueCache, dialects: [any Dialect], health: HealthPages, metrics: PrometheusMetrics,
        clock: any WallClock, ids: any IdentifierSource, settings: HTTPSettings, sink: any LogSink,
        recorder: RequestRecorder? = nil, logger: Logger
    ) {
        self.catalogue = catalogue
        self.dialects = Dictionary(uniqueKeysWithValues: dialects.map { ($0.name, $0) })
        platform = PlatformPages(health: health, metrics: metrics)
        self.metrics = RequestMetrics(metrics)
        log = RequestLog(sink: sink, level: settings.requestLogLevel, clock: clock)
        self.recorder = recorder
        self.logger = logger
        self.clock = clock
        self.ids = ids
        addresses = ClientAddress(trustedProxies: settings.trustedProxies)
        bodyMax = settings.bodyMax
        bodies = BodyBudget(bytes: settings.bodiesMax)
        longBodies = BodyBudget(bytes: settings.longBodiesMax)
    }

    /// Answers one request; throws only where the connection broke while its body was read.
    public func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let started = ContinuousClock.now
        let now = clock.now()
        let id = RequestID.of(request.headers, ids, at: now)
        let target = RequestTarget(authority: request.head.authority, target: request.head.path ?? "")
        let peer = addresses.of(peer: context.peer, request.headers)
        let arrival = Arrival(
            method: request.method, headers: request.headers, target: target, receivedAt: now, id: id,
            remoteAddress: peer)

        var (response, trace) = try await answer(arrival) { longest in
            if let longest { return try await BodyReading.of(request, limit: longest, budget: longBodies) }
            return try await BodyReading.of(request, limit: bodyMax, budget: bodies)
        }
        response.headers[.requestID] = id
        // Answers carry credentials and balances.
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }

        let elapsed = ContinuousClock.now - started
        finish(arrival, response, trace, elapsed)
        return response.written(isHead: request.method == .head)
    }

    /// The platform's answer to what is no request, for the connection to write.
    ///
    /// - Parameter address: the peer's, without its port.
    func refuse(_ problem: ConnectionProblem, from address: String) -> DialectResponse {
        let now = clock.now()
        let arrival = Arrival(
            method: .unread, headers: [:], target: RequestTarget(authority: nil, target: ""), receivedAt: now,
            id: RequestID.of([:], ids, at: now), remoteAddress: address)
        var response = NeutralProblem.response(to: problem)
        let trace = Trace(route: problem.rawValue)
        response.headers[.requestID] = arrival.id
        response.headers[.cacheControl] = "no-store"
        finish(arrival, response, trace, .zero)
        return response
    }

    private func finish(_ arrival: Arrival, _ response: DialectResponse, _ trace: Trace, _ elapsed: Duration)
    {
        let nanoseconds =
            elapsed.components.seconds * 1_000_000_000 + elapsed.components.attoseconds / 1_000_000_000
        metrics.record(
            dialect: trace.dialect, route: trace.route, status: response.status.code, nanoseconds: nanoseconds
        )
        log.write(
            RequestRecord(
                method: arrival.method, path: trace.path, route: trace.route, status: response.status.code,
                microseconds: nanoseconds / 1_000, tenant: trace.tenant, dialect: trace.dialect,
                requestID: arrival.id, remoteAddress: arrival.remoteAddress))
        record(arrival, response, trace, microseconds: nanoseconds / 1_000)
    }

    /// In the log of the account whose request it was; nobody's requests are in none.
    private func record(
        _ arrival: Arrival, _ response: DialectResponse, _ trace: Trace, microseconds: Int64
    ) {
        guard let recorder, let tenant = trace.tenant, let caller = trace.caller else { return }
        if let key = caller.key { recorder.use(key, of: tenant, at: arrival.receivedAt) }
        recorder.record(
            LoggedRequest(
                tenant: tenant, id: ids.next(at: arrival.receivedAt), customer: caller.customer,
                principal: caller.principal, dialect: trace.dialect, method: arrival.method.rawValue,
                path: trace.asked, route: trace.route, status: response.status.code,
                microseconds: microseconds, address: arrival.remoteAddress,
                requestID: LoggedPath.requestID(arrival.id)))
    }
}

/// The connection that a request came on.
public struct ConnectionContext: InitializableFromSource {
    /// The peer's address without its port; empty where there is none.
    let peer: String

    public init(source: ApplicationRequestContextSource) {
        peer = source.channel.remoteAddress?.ipAddress ?? ""
    }

    init(peer: String) {
        self.peer = peer
    }
}

extension HTTPRequest.Method {
    /// What the log says where the method was never read.
    fileprivate static let unread = HTTPRequest.Method("UNREAD")!
}
