internal import HTTPTypes
internal import Primitives

extension AdminAPI.OpenAPI {
    typealias Code = AdminProblem.Code

    /// Paths in the order of the table, each with all its methods.
    static func paths(_ endpoints: [AdminEndpoint]) -> JSON {
        var paths = JSONObject()
        for endpoint in endpoints {
            let path = String(endpoint.pattern.dropFirst("/v1".count))
            var methods = paths[path]?.objectValue ?? JSONObject()
            if methods.isEmpty, let parameters = pathParameters(path) { methods["parameters"] = parameters }
            methods[endpoint.method.rawValue.lowercased()] = operation(endpoint)
            paths[path] = .object(methods)
        }
        return .object(paths)
    }

    private static func pathParameters(_ path: String) -> JSON? {
        let names = PathSegment.segments(ofPattern: path).compactMap { segment -> String? in
            switch segment {
            case .literal: nil
            case .parameter(let name): name
            }
        }
        let known = [
            "tenant": "Tenant", "id": "Id", "key": "Key", "kind": "ExportKind", "name": "Name",
            "person": "CustomersPerson",
        ]
        return names.isEmpty
            ? nil : .array(names.map { reference("parameters", known[$0] ?? $0) })
    }

    private static func operation(_ endpoint: AdminEndpoint) -> JSON {
        var operation = JSONObject()
        operation["operationId"] = .string(endpoint.name)
        operation["tags"] = [.string(endpoint.tag)]
        operation["summary"] = .string(endpoint.summary)
        switch endpoint.permission {
        case .anybody: operation["security"] = []
        case .person, .roles: operation["x-roles"] = roles(endpoint.permission)
        }
        var parameters = endpoint.query
        if endpoint.isRepeatable { parameters.append("IdempotencyKey") }
        if endpoint.isConditional { parameters.append("IfMatch") }
        operation["parameters"] = .array((parameters + ["RequestId"]).map { reference("parameters", $0) })
        if let body = endpoint.body {
            var content = JSONObject()
            content["application/json"] = ["schema": schema(body)]
            if endpoint.takesYAML { content["application/yaml"] = ["schema": ["type": "string"]] }
            operation["requestBody"] = ["required": true, "content": .object(content)]
        }
        var responses = JSONObject()
        responses[String(endpoint.status.code)] = success(endpoint)
        for (status, codes) in grouped(endpoint) { responses[status] = problem(codes) }
        operation["responses"] = .object(responses)
        return .object(operation)
    }

    /// Who may: names of roles by the side on which somebody works.
    static func roles(_ permission: AdminPermission) -> JSON {
        let every = Set(StaffRole.allCases)
        let (platform, tenant, kinds): (Set<StaffRole>, Set<StaffRole>, JSON) =
            switch permission {
            case .anybody, .person: (every, every, ["person"])
            case .roles(let platform, let tenant): (platform, tenant, ["person", "key"])
            }
        func names(_ roles: Set<StaffRole>) -> JSON {
            .array(StaffRole.allCases.filter(roles.contains).map { .string($0.rawValue) })
        }
        return ["platform": names(platform), "tenant": names(tenant), "kinds": kinds]
    }

    private static func success(_ endpoint: AdminEndpoint) -> JSON {
        var headers = JSONObject()
        headers["X-Request-Id"] = reference("headers", "RequestId")
        if endpoint.permission != .anybody {
            headers["X-RateLimit-Limit"] = reference("headers", "RateLimitLimit")
            headers["X-RateLimit-Remaining"] = reference("headers", "RateLimitRemaining")
            headers["X-RateLimit-Reset"] = reference("headers", "RateLimitReset")
        }
        if endpoint.isTagged { headers["ETag"] = reference("headers", "ETag") }
        if endpoint.isRepeatable { headers["Idempotency-Hit"] = reference("headers", "IdempotencyHit") }
        return [
            "description": "It went well.", "headers": .object(headers),
            "content": content(endpoint),
        ]
    }

    private static func content(_ endpoint: AdminEndpoint) -> JSON {
        var content = JSONObject()
        if endpoint.media.isEmpty {
            content["application/json"] = ["schema": endpoint.answer.map(schema) ?? ["type": "object"]]
        }
        if endpoint.hasYAML { content["application/yaml"] = ["schema": ["type": "string"]] }
        for type in endpoint.media { content[type] = ["schema": ["type": "string"]] }
        return .object(content)
    }

    /// What can go wrong with an operation, by status.
    private static func grouped(_ endpoint: AdminEndpoint) -> [(status: String, codes: [Code])] {
        var wanted = Set(endpoint.problems)
        wanted.formUnion([
            .badRequest, .bodyTooLarge, .requestTimeout, .rateLimited, .internal, .unavailable,
        ])
        if endpoint.permission != .anybody { wanted.formUnion([.unauthorized, .forbidden]) }
        if endpoint.pattern.contains("{") { wanted.insert(.notFound) }
        if !endpoint.query.isEmpty { wanted.insert(.invalidQuery) }
        if endpoint.method != .get {
            wanted.formUnion([.invalidJSON, .unsupportedMediaType, .invalidField])
        }
        if endpoint.isRepeatable {
            wanted.formUnion([
                .invalidIdempotencyKey, .idempotencyKeyReused, .idempotencyKeyInFlight, .conflict,
            ])
        }
        if endpoint.takesYAML { wanted.insert(.invalidYAML) }
        if endpoint.isConditional { wanted.formUnion([.preconditionFailed, .preconditionRequired]) }
        let all = Code.allCases.filter(wanted.contains)
        return Set(all.map(\.status.code)).sorted().map { status in
            (String(status), all.filter { $0.status.code == status })
        }
    }

    private static func problem(_ codes: [Code]) -> JSON {
        var examples = JSONObject()
        for code in codes {
            examples[code.rawValue] = [
                "value": written(AdminProblem(code).response(requestID: "65aa1100b2c3d4e5f6a7b8d0").body)
            ]
        }
        var headers = JSONObject()
        headers["X-Request-Id"] = reference("headers", "RequestId")
        if codes.contains(where: { [.rateLimited, .unavailable, .idempotencyKeyInFlight].contains($0) }) {
            headers["Retry-After"] = reference("headers", "RetryAfter")
        }
        return [
            "description": .string(codes.map { "`\($0.rawValue)`: \($0.meaning)" }.joined(separator: "\n\n")),
            "headers": .object(headers),
            "content": ["application/json": ["schema": schema("Error"), "examples": .object(examples)]],
        ]
    }

    /// What is answered at a path without the method, or no path at all.
    static let responses: JSON = [
        "MethodNotAllowed": joined(
            problem([.methodNotAllowed]), ["headers": ["Allow": reference("headers", "Allow")]]),
        "NotFound": problem([.notFound]),
    ]
}
