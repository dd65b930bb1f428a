internal import Primitives

extension OPProxy.OpenAPI {
    /// An operation with its answer, its problems and what the platform adds.
    ///
    /// - Parameters:
    ///   - parameters: names in `components.parameters`.
    ///   - body: the schema of a request that changes something.
    ///   - changes: whether a request without a body changes something.
    static func operation(
        _ endpoint: OPProxy.Endpoint, _ tag: String, _ summary: String, _ answer: String,
        _ parameters: [String] = [], body: String? = nil, changes: Bool = false, errors: [Code] = []
    ) -> JSON {
        var operation = JSONObject()
        operation["operationId"] = .string(endpoint.rawValue)
        operation["tags"] = [.string(tag)]
        operation["summary"] = .string(summary)
        let isChange = body != nil || changes
        let platform = isChange ? ["IdempotencyKey", "RequestId"] : ["RequestId"]
        operation["parameters"] = .array((parameters + platform).map { reference("parameters", $0) })
        if let body {
            operation["requestBody"] = [
                "required": true, "content": ["application/json": ["schema": schema(body)]],
            ]
        }
        var responses = JSONObject()
        responses["200"] = success(endpoint, answer, isChange: isChange)
        for (status, codes) in grouped(errors, isChange: isChange, hasBody: body != nil) {
            responses[status] = problem(codes)
        }
        operation["responses"] = .object(responses)
        return .object(operation)
    }

    private static func success(
        _ endpoint: OPProxy.Endpoint, _ answer: String, isChange: Bool
    ) -> JSON {
        var headers = rateHeaders
        if isChange { headers["Idempotency-Hit"] = reference("headers", "IdempotencyHit") }
        return [
            "description": "It went well.",
            "headers": .object(headers),
            "content": [
                "application/json": [
                    "schema": schema(answer), "examples": ["answer": ["value": example(of: endpoint)]],
                ]
            ],
        ]
    }

    private static var rateHeaders: JSONObject {
        var headers = JSONObject()
        headers["X-Request-Id"] = reference("headers", "RequestId")
        headers["X-RateLimit-Limit"] = reference("headers", "RateLimitLimit")
        headers["X-RateLimit-Remaining"] = reference("headers", "RateLimitRemaining")
        headers["X-RateLimit-Reset"] = reference("headers", "RateLimitReset")
        return headers
    }

    /// The codes of an operation by their status; what can happen to every request is added.
    private static func grouped(
        _ codes: [Code], isChange: Bool, hasBody: Bool
    ) -> [(status: String, codes: [Code])] {
        var wanted = Set(codes + [.invalidToken, .rateLimited, .serverError])
        // A body can be too long, too slow or broken whatever its operation; so can a key be malformed or used before.
        wanted.insert(.invalidRequest)
        let all = Code.allCases.filter(wanted.contains)
        return Set(all.map(\.status.code)).sorted().map { status in
            (String(status), all.filter { $0.status.code == status })
        }
    }

    private static func problem(_ codes: [Code]) -> JSON {
        var examples = JSONObject()
        for code in codes {
            examples[code.rawValue] = ["value": written(OPProxy.Problem(code).body)]
        }
        var headers = JSONObject()
        headers["X-Request-Id"] = reference("headers", "RequestId")
        if codes.contains(.rateLimited) || codes.contains(.serverError) {
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
            problem([.methodNotAllowed]),
            ["headers": ["Allow": reference("headers", "Allow")]]),
        "NotFound": problem([.notFound]),
    ]
}
