import Catalog
import HTTPTypes
import Primitives

@testable import Server

/// A dialect of a few lines: it says what it was asked, in an envelope that is unmistakably its own.
struct TinyDialect: Dialect {
    static let name = DialectName(rawValue: "proxaro")
    static let form = KeyForm(
        prefix: "tiny_", lengths: 32...32, accepted: .hex, madeLength: 32, made: .hex)

    var name: DialectName { Self.name }
    var documentPath: String?
    var routes = RouteTable([
        Route(.get, "/things", "things.list"), Route(.post, "/things", "things.create"),
        Route(.get, "/things/{id}", "things.show"), Route(.head, "/things/{id}", "things.show"),
        Route(.get, "/link/{token}", "link"), Route(.delete, "/things/{id}", "things.remove"),
        Route(.get, "/slow", "slow"),
    ])
    var whenSlow: @Sendable () async -> Void = {}

    func answer(_ request: DialectRequest, at route: RouteMatch) async -> DialectResponse {
        if route.name == "slow" { await whenSlow() }
        if route.name == "things.remove" { return DialectResponse(status: .noContent) }
        let words = [
            "tenant=\(request.mount.tenant)", "prefix=\(request.mount.prefix)", "route=\(route.name)",
            "path=\(request.path)", "query=\(request.query ?? "none")",
            "parameters=\(route.parameters.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" })",
            "body=\(request.body.count)", "from=\(request.remoteAddress)",
        ]
        return DialectResponse(
            status: .ok, headers: [.contentType: "text/plain"],
            body: Array(words.joined(separator: "\n").utf8))
    }

    func problem(_ problem: DoorProblem, for request: DialectRequest) -> DialectResponse {
        switch problem {
        case .pathUnknown: envelope(.notFound, "path unknown")
        case .methodNotAllowed(let allowed):
            envelope(
                .methodNotAllowed, "method not allowed",
                [.allow: allowed.map(\.rawValue).joined(separator: ", ")])
        case .bodyTooLarge: envelope(.contentTooLarge, "body too large")
        case .bodyTooSlow: envelope(.requestTimeout, "body too slow")
        case .bodyMalformed: envelope(.badRequest, "body malformed")
        case .fault: envelope(.internalServerError, "fault")
        case .unavailable(let seconds):
            envelope(.serviceUnavailable, "unavailable", [.retryAfter: "\(seconds)"])
        }
    }

    private func envelope(
        _ status: HTTPResponse.Status, _ words: String, _ headers: HTTPFields = [:]
    ) -> DialectResponse {
        DialectResponse(status: status, headers: headers, body: Array("tiny: \(words)".utf8))
    }
}
