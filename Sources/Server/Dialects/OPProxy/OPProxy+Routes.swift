public import HTTPTypes
internal import Primitives

extension OPProxy {
    /// What all paths begin with, on a host of their own and below a mount alike.
    static let basePath = "/api/v1"

    /// What a route of the table is for: the document's operation ids.
    enum Endpoint: String, Sendable, CaseIterable {
        case getAccount, listPlans, purchase, listServices, getService, getServiceProxies, extendService,
            replaceServiceWhitelist, regenerateServiceCredentials, setServiceCountry, setServiceRotation,
            listLogs, getIdempotencyKey, getDocument
    }

    static let routeTable = RouteTable([
        route(.get, "/account", .getAccount),
        route(.get, "/catalog/plans", .listPlans),
        route(.post, "/purchase", .purchase),
        route(.get, "/services", .listServices),
        route(.get, "/services/{id}", .getService),
        route(.get, "/services/{id}/proxies", .getServiceProxies),
        route(.post, "/services/{id}/extend", .extendService),
        route(.put, "/services/{id}/whitelist", .replaceServiceWhitelist),
        route(.post, "/services/{id}/credentials", .regenerateServiceCredentials),
        route(.put, "/services/{id}/country", .setServiceCountry),
        route(.put, "/services/{id}/rotation", .setServiceRotation),
        route(.get, "/logs", .listLogs),
        route(.get, "/idempotency-keys", .getIdempotencyKey),
        route(.get, "/openapi.json", .getDocument),
    ])

    private static func route(
        _ method: HTTPRequest.Method, _ path: String, _ endpoint: Endpoint
    ) -> Route {
        Route(method, basePath + path, endpoint.rawValue)
    }

    public func answer(_ request: DialectRequest, at route: RouteMatch) async -> DialectResponse {
        guard let endpoint = Endpoint(rawValue: route.name) else {
            preconditionFailure("a route of another table")
        }
        // Whoever generates a client has no key yet.
        if endpoint == .getDocument { return .opproxy(Self.openAPI(mountedAt: request.mount.prefix)) }
        return await admitting(request, to: endpoint) { caller throws in
            try await answer(
                endpoint, Context(request: request, id: route.parameters["id"], caller: caller))
        }
    }

    /// A wrong method is told to callers only (contract O14): others hear that they are none.
    public func answer(
        _ request: DialectRequest, allowing methods: [HTTPRequest.Method]
    ) async -> DialectResponse {
        await admitting(request, to: nil) { _ throws(Problem) in throw .methodNotAllowed(methods) }
    }

    private func answer(_ endpoint: Endpoint, _ context: Context) async throws -> DialectResponse {
        switch endpoint {
        case .getAccount: try await account(context)
        case .listPlans: try await plans(context)
        case .purchase: try await purchase(context)
        case .listServices: try await list(context)
        case .getService: try await service(context)
        case .getServiceProxies: try await proxies(context)
        case .extendService: try await extend(context)
        case .replaceServiceWhitelist: try await replaceWhitelist(context)
        case .regenerateServiceCredentials: try await regenerateCredentials(context)
        case .setServiceCountry: try await setCountry(context)
        case .setServiceRotation: try await setRotation(context)
        case .listLogs: try await logs(context)
        case .getIdempotencyKey: try await idempotencyKey(context)
        case .getDocument: preconditionFailure("the document is answered before anybody is admitted")
        }
    }
}
