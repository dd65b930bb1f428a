internal import Hummingbird
internal import Metrics

/// What a process without doors answers, to whoever watches it: the platform's own pages.
struct WatchDoor: HTTPDoor {
    let platform: PlatformPages

    var connectionMetrics: any MetricsFactory { platform.metrics }

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let target = RequestTarget(authority: nil, target: request.head.path ?? "")
        var (response, _) = await platform.answer(request.method, target.path)
        response.headers[.cacheControl] = "no-store"
        return response.written(isHead: request.method == .head)
    }

    func refuse(_ problem: ConnectionProblem, from address: String) -> DialectResponse {
        NeutralProblem.response(to: problem)
    }
}
