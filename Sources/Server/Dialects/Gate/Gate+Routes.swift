internal import HTTPTypes
internal import Primitives

extension Gate {
    /// What a route of the table is for.
    enum Place: String {
        case operation, rotate, document, options
    }

    static let routeTable = RouteTable([
        Route(.get, "/api/proxy", Place.operation.rawValue),
        Route(.post, "/api/proxy", Place.operation.rawValue),
        Route(.options, "/api/proxy", Place.options.rawValue),
        Route(.get, "/r/{token}", Place.rotate.rawValue),
        Route(.post, "/r/{token}", Place.rotate.rawValue),
        Route(.options, "/r/{token}", Place.options.rawValue),
        Route(.get, "/openapi.json", Place.document.rawValue),
        Route(.options, "/openapi.json", Place.options.rawValue),
    ])

    public func answer(_ request: DialectRequest, at route: RouteMatch) async -> DialectResponse {
        guard let place = Place(rawValue: route.name) else { preconditionFailure("a route of another table") }
        switch place {
        case .operation: return await answerOperation(request)
        case .rotate: return await answerRotation(request, token: route.parameters["token"] ?? "")
        case .document: return .gate(Gate.openAPI(mountedAt: request.mount.prefix))
        case .options:
            return DialectResponse(status: .noContent, headers: [.allow: allowed(at: request.path)])
        }
    }

    private func allowed(at path: String) -> String {
        // HEAD is no method of any route, so it finds out what the path has.
        guard case .methodNotAllowed(let methods) = routes.match(.head, path) else { return "" }
        return methods.filter { $0 != .options }.map(\.rawValue).joined(separator: ", ")
    }
}
