internal import Primitives

extension Gate.OpenAPI {
    static let paths: JSON = [
        "/api/proxy": ["get": read, "post": change],
        "/r/{token}": [
            "parameters": [
                [
                    "name": "token", "in": "path", "required": true,
                    "description": "The last part of a subscription's `rotatePath`.",
                    "schema": ["type": "string", "pattern": "^[a-z0-9]{37}$"],
                ]
            ],
            "get": rotation("rotateByGet"),
            "post": rotation("rotateByPost"),
        ],
        "/openapi.json": ["get": document],
    ]

    private static let read: JSON = [
        "operationId": "readProxy",
        "tags": ["proxy"],
        "summary": "Lists plans, subscriptions, renewal plans or networks",
        "parameters": [
            [
                "name": "op", "in": "query", "required": true,
                "schema": [
                    "type": "string",
                    "enum": ["plans", "subscriptions", "renewal-plans", "available-networks"],
                ],
            ],
            [
                "name": "subscriptionId", "in": "query", "required": false,
                "description": """
                Required for `renewal-plans` and `available-networks`: 24 lowercase alphanumeric characters. The other \
                two do not look at it.
                """,
                "schema": ["type": "string"],
            ],
            reference("parameters", "RequestId"),
        ],
        "responses": answers(
            "What was asked for.",
            ["PlansAnswer", "SubscriptionsAnswer", "RenewalPlansAnswer", "NetworksAnswer"],
            examples: readExamples, errors: [400, 401, 404, 408, 409, 413, 429, 500, 503]),
    ]

    private static let change: JSON = [
        "operationId": "changeProxy",
        "tags": ["proxy"],
        "summary": "Buys, renews, starts a trial, changes credentials, rotation or network",
        "parameters": [reference("parameters", "IdempotencyKey"), reference("parameters", "RequestId")],
        "requestBody": [
            "required": true,
            "content": ["application/json": ["schema": schema("Operation"), "examples": requestExamples]],
        ],
        "responses": answers(
            "It was done.",
            [
                "PurchaseAnswer", "MultiplePurchaseAnswer", "RenewalAnswer", "CredentialsAnswer",
                "DoneAnswer",
                "SwitchAnswer",
            ],
            examples: changeExamples, errors: [400, 401, 402, 403, 404, 408, 409, 413, 415, 429, 500, 503],
            headers: ["Idempotency-Hit": reference("headers", "IdempotencyHit")]),
    ]

    private static func rotation(_ operation: String) -> JSON {
        [
            "operationId": .string(operation),
            "tags": ["rotation"],
            "summary": "Changes the connection's exit now",
            "security": [],
            "responses": [
                "200": [
                    "description": "The change has been asked for.",
                    "content": ["application/json": ["schema": schema("DoneAnswer")]],
                ],
                "400": reference("responses", "Status400"),
                "404": reference("responses", "Status404"),
                "408": reference("responses", "Status408"),
                "409": reference("responses", "Status409"),
                "413": reference("responses", "Status413"),
                "429": reference("responses", "Status429"),
                "500": reference("responses", "Status500"),
                "503": reference("responses", "Status503"),
            ],
        ]
    }

    private static let document: JSON = [
        "operationId": "readDocument",
        "summary": "This document",
        "security": [],
        "responses": [
            "200": [
                "description": "An OpenAPI 3.1 document.",
                "content": ["application/json": ["schema": ["type": "object"]]],
            ]
        ],
    ]

    private static func answers(
        _ description: JSON, _ schemas: [String], examples: JSON, errors: [Int], headers extra: JSON = [:]
    ) -> JSON {
        var headers = JSONObject()
        headers["X-Request-Id"] = reference("headers", "RequestId")
        headers["X-RateLimit-Limit"] = reference("headers", "RateLimitLimit")
        headers["X-RateLimit-Remaining"] = reference("headers", "RateLimitRemaining")
        headers["X-RateLimit-Reset"] = reference("headers", "RateLimitReset")
        for member in extra.objectValue?.members ?? [] { headers[member.key] = member.value }
        var responses = JSONObject()
        responses["200"] = [
            "description": description,
            "headers": .object(headers),
            "content": [
                "application/json": ["schema": ["oneOf": .array(schemas.map(schema))], "examples": examples]
            ],
        ]
        for status in errors { responses[String(status)] = reference("responses", "Status\(status)") }
        return .object(responses)
    }
}
