internal import Primitives

extension Gate.Problem {
    /// Every problem that this dialect answers with, in the order of the vendor's table, then ours.
    static let all: [Gate.Problem] = [
        .invalidJSON, .bodyNotObject, .unknownOp,
        .invalid(.planID), .invalid(.subscriptionID), .invalid(.targetNetwork), .invalid(.rotationPolicy),
        .invalidRepeatCount, .invalidQuantity, .amountTooLarge, .invalidCouponCode, .invalidIdempotencyKey,
        .unauthorized, .insufficientBalance, .forbidden,
        .subscriptionNotFound, .rotateLinkUnknown, .notFound,
        .methodNotAllowed([.get, .post]),
        .rotationUnavailable, .soldOut, .planInactive, .networkInactive, .invalidState, .planNotEligible,
        .trialNotOffered, .trialUsed, .priceChanged, .idempotencyKeyReused, .idempotencyKeyInFlight,
        .malformedRequest, .requestTimeout, .bodyTooLarge, .unsupportedMediaType, .rateLimited(retryAfter: 7),
        .fault, .unavailable(retryAfter: 1), .outcomeUnknown,
    ]
}

extension Gate.OpenAPI {
    /// One response per status, with an example of every problem that has it.
    static var responses: JSON {
        var responses = JSONObject()
        for status in Set(Gate.Problem.all.map(\.status.code)).sorted() {
            let problems = Gate.Problem.all.filter { $0.status.code == status }
            responses["Status\(status)"] = response(problems)
        }
        return .object(responses)
    }

    private static func response(_ problems: [Gate.Problem]) -> JSON {
        var examples = JSONObject()
        for problem in problems { examples[problem.code] = ["value": written(problem.body)] }
        var texts: [String] = []
        for problem in problems where !texts.contains(problem.text) { texts.append(problem.text) }
        var headers = JSONObject()
        headers["X-Request-Id"] = reference("headers", "RequestId")
        if problems.contains(where: { $0.retryAfter != nil }) {
            headers["Retry-After"] = reference("headers", "RetryAfter")
        }
        if problems.contains(where: { !$0.allowed.isEmpty }) {
            headers["Allow"] = reference("headers", "Allow")
        }
        return [
            "description": .string(texts.joined(separator: ". ") + "."),
            "headers": .object(headers),
            "content": ["application/json": ["schema": schema("Error"), "examples": .object(examples)]],
        ]
    }

    static var errorSchema: JSON {
        [
            "type": "object",
            "required": ["ok", "error", "code"],
            "properties": [
                "ok": ["const": false],
                "error": ["type": "string", "description": "For people."],
                "code": [
                    "type": "string", "description": "For programs; stable.",
                    "enum": .array(Gate.Problem.all.map { .string($0.code) }),
                ],
            ],
            "additionalProperties": false,
        ]
    }
}
