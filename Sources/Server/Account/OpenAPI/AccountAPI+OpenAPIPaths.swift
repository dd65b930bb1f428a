internal import Primitives

extension AccountAPI.OpenAPI {
    typealias Code = AccountAPI.Code
    typealias Endpoint = AccountAPI.Endpoint

    /// What the document says of an endpoint beyond its place and its right.
    struct Operation {
        let tag: String
        let summary: String
        /// A schema's name.
        let answer: String
        var status = 200
        /// Names in `components.parameters`.
        var parameters: [String] = []
        /// A schema's name.
        var body: String?
        /// Whether an Idempotency-Key is looked at.
        var repeats = false
        /// Whether it is told as plain text to whoever would rather have that.
        var isTextToo = false
        var codes: [Code] = []
    }

    /// Every path with its methods, in the order of the table.
    static var paths: JSON {
        var paths = JSONObject()
        for endpoint in Endpoint.allCases {
            let (method, path) = endpoint.place
            var item = paths[path]?.objectValue ?? JSONObject()
            item[method.rawValue.lowercased()] = endpoint == .getDocument ? document : operation(endpoint)
            paths[path] = .object(item)
        }
        return .object(paths)
    }

    private static let document: JSON = [
        "operationId": .string(Endpoint.getDocument.rawValue), "tags": ["sessions"],
        "summary": "This document",
        "security": [],
        "responses": [
            "200": [
                "description": "An OpenAPI 3.1 document.",
                "content": ["application/json": ["schema": ["type": "object"]]],
            ]
        ],
    ]

    private static func operation(_ endpoint: Endpoint) -> JSON {
        let it = describe(endpoint)
        var operation = JSONObject()
        operation["operationId"] = .string(endpoint.rawValue)
        operation["tags"] = [.string(it.tag)]
        operation["summary"] = .string(it.summary)
        if endpoint.right == .anybody { operation["security"] = [] }
        let inPath = endpoint.place.path.contains("{id}") ? ["Id"] : []
        let platform = it.repeats ? ["IdempotencyKey", "RequestId"] : ["RequestId"]
        operation["parameters"] = .array(
            (inPath + it.parameters + platform).map { reference("parameters", $0) })
        if let body = it.body {
            operation["requestBody"] = [
                "required": true, "content": ["application/json": ["schema": schema(body)]],
            ]
        }
        var responses = JSONObject()
        responses[String(it.status)] = success(it, isSignedIn: endpoint.right != .anybody)
        for (status, codes) in grouped(it, endpoint) { responses[status] = problem(codes) }
        operation["responses"] = .object(responses)
        return .object(operation)
    }

    private static func success(_ it: Operation, isSignedIn: Bool) -> JSON {
        var headers = JSONObject()
        headers["X-Request-Id"] = reference("headers", "RequestId")
        if isSignedIn {
            headers["X-RateLimit-Limit"] = reference("headers", "RateLimitLimit")
            headers["X-RateLimit-Remaining"] = reference("headers", "RateLimitRemaining")
            headers["X-RateLimit-Reset"] = reference("headers", "RateLimitReset")
        }
        if it.repeats { headers["Idempotency-Hit"] = reference("headers", "IdempotencyHit") }
        return [
            "description": "It went well.", "headers": .object(headers),
            "content": content(it),
        ]
    }

    private static func content(_ it: Operation) -> JSON {
        let json: JSON = ["application/json": ["schema": schema(it.answer)]]
        return it.isTextToo ? joined(json, ["text/plain": ["schema": ["type": "string"]]]) : json
    }

    /// The codes of an operation by their status; what can happen to every request is added.
    private static func grouped(_ it: Operation, _ endpoint: Endpoint) -> [(status: String, codes: [Code])] {
        var wanted = Set(it.codes)
        wanted.formUnion([
            .badRequest, .requestTimeout, .bodyTooLarge, .rateLimited, .internal, .unavailable,
        ])
        if it.body != nil { wanted.formUnion([.invalidJSON, .invalidBody, .unsupportedMediaType]) }
        if it.repeats {
            wanted.formUnion([.invalidIdempotencyKey, .idempotencyKeyReused, .idempotencyKeyInFlight])
        }
        if endpoint.right != .anybody { wanted.insert(.unauthorized) }
        if SessionRole.allCases.contains(where: { !endpoint.right.isGranted(to: $0) }) {
            wanted.insert(.forbidden)
        }
        if endpoint.place.path.contains("{id}") { wanted.insert(.notFound) }
        let all = Code.allCases.filter(wanted.contains)
        return Set(all.map(\.status.code)).sorted().map { status in
            (String(status), all.filter { $0.status.code == status })
        }
    }

    private static func problem(_ codes: [Code]) -> JSON {
        var examples = JSONObject()
        for code in codes {
            examples[code.rawValue] = ["value": written(AccountAPI.Problem(code).response.body)]
        }
        var headers = JSONObject()
        headers["X-Request-Id"] = reference("headers", "RequestId")
        if codes.contains(.rateLimited) || codes.contains(.unavailable) {
            headers["Retry-After"] = reference("headers", "RetryAfter")
        }
        return [
            "description": .string(codes.map { "`\($0.rawValue)`: \($0.meaning)" }.joined(separator: "\n\n")),
            "headers": .object(headers),
            "content": ["application/json": ["schema": schema("Error"), "examples": .object(examples)]],
        ]
    }
}
