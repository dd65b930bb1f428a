internal import HTTPTypes
internal import Metrics

/// What the platform itself answers, on hosts that are no tenant's.
struct PlatformPages: Sendable {
    let health: HealthPages
    let metrics: PrometheusMetrics

    private static let routes = RouteTable([
        Route(.get, "/health", "health"), Route(.head, "/health", "health"),
        Route(.get, "/health/ready", "ready"), Route(.head, "/health/ready", "ready"),
        Route(.get, "/metrics", "metrics"),
    ])

    static func owns(_ path: String) -> Bool {
        switch routes.match(.get, path) {
        case .found: true
        case .methodNotAllowed, .unknown: false
        }
    }

    func answer(_ method: HTTPRequest.Method, _ path: String) async -> (DialectResponse, Trace) {
        switch Self.routes.match(method, path) {
        case .unknown:
            return (NeutralProblem.response(to: .pathUnknown), Trace(path: Self.routes.masked(path)))
        case .methodNotAllowed(let allowed):
            let trace = Trace(route: "method_not_allowed", path: Self.routes.masked(path))
            return (NeutralProblem.response(to: .methodNotAllowed(allowed: allowed)), trace)
        case .found(let match):
            return (await page(match.name), Trace(route: match.name, path: match.pattern))
        }
    }

    private func page(_ name: String) async -> DialectResponse {
        switch name {
        case "health": return health.alive
        case "ready": return await health.ready()
        case "metrics":
            return DialectResponse(
                status: .ok, headers: [.contentType: PrometheusMetrics.contentType],
                body: Array(metrics.render().utf8))
        default: preconditionFailure("a platform route without a page: \(name)")
        }
    }
}
