internal import Primitives

extension Gate.OpenAPI {
    static let parameters: JSON = [
        "IdempotencyKey": [
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": """
            The caller's name for this request. Repeating it with the same body gives the same answer; with \
            another body it is refused.
            """,
            "schema": ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x20-\\x7E]+$"],
        ],
        "RequestId": [
            "name": "X-Request-Id", "in": "header", "required": false,
            "description": """
            A name that the answer and our log carry: 1 to 64 letters, digits, dots, hyphens and underscores. We make \
            one where it is left out or is anything else.
            """,
            "schema": ["type": "string"],
        ],
    ]

    static let headers: JSON = [
        "RequestId": header("The request's name in our log.", "string"),
        "RateLimitLimit": header("Requests let through in the window.", "integer"),
        "RateLimitRemaining": header("What is left of them.", "integer"),
        "RateLimitReset": header("When all of them are there again: seconds since 1970.", "integer"),
        "RetryAfter": header("Seconds to wait.", "integer"),
        "Allow": header("The methods that the path has.", "string"),
        "IdempotencyHit": header("`true` where the answer is a repeated one.", "string"),
    ]

    private static func header(_ description: JSON, _ type: JSON) -> JSON {
        ["description": description, "schema": ["type": type]]
    }

    static var schemas: JSON {
        var all = JSONObject()
        for part in [sharedSchemas, requestSchemas, answerSchemas] {
            for member in part.objectValue?.members ?? [] { all[member.key] = member.value }
        }
        all["Error"] = errorSchema
        return .object(all)
    }

    /// An object with exactly these members, all of them present unless named optional.
    static func object(_ properties: JSON, optional: Set<String> = [], open: Bool = false) -> JSON {
        let names = properties.objectValue?.keys.filter { !optional.contains($0) } ?? []
        var schema = JSONObject()
        schema["type"] = "object"
        schema["required"] = .array(names.map { .string($0) })
        schema["properties"] = properties
        // Requests may carry members that nobody reads; answers carry what is listed.
        if !open { schema["additionalProperties"] = false }
        return .object(schema)
    }

    private static let sharedSchemas: JSON = [
        "Id": [
            "type": "string", "pattern": "^[a-z0-9]{24}$",
            "description": "24 lowercase alphanumeric characters.",
        ],
        "Instant": [
            "type": "integer", "format": "int64", "description": "Milliseconds since 1970-01-01T00:00:00Z.",
        ],
        "ConnectionType": ["type": "string", "enum": ["private", "shared"]],
        "NetworkType": ["type": "string", "enum": ["mobile", "residential", "isp", "datacenter"]],
        "Country": ["type": "string", "pattern": "^[A-Z]{2}$", "description": "ISO 3166-1 alpha-2."],
        "DurationMs": ["type": "integer", "format": "int64", "minimum": 1],
        "PriceAmountCents": [
            "type": "integer", "format": "int64", "minimum": 0,
            "description": "Minor units of the account's currency.",
        ],
        "RotationPolicy": [
            "type": "integer", "enum": [0, 5, 10, 15, 30, 60], "description": "Minutes; 0 is off.",
        ],
        "RepeatCount": [
            "type": "integer", "minimum": 1, "maximum": .integer(Int64(RepeatCount.cap)), "default": 1,
            "description": "Multiplies the duration and the price of each subscription.",
        ],
        "Quantity": [
            "type": "integer", "minimum": 1, "maximum": .integer(Int64(Quantity.cap)), "default": 1,
            "description": "How many subscriptions to create.",
        ],
        "CouponCode": [
            "type": ["string", "null"], "maxLength": 64, "pattern": "^[A-Za-z0-9_-]*$",
            "description": "`null` and the empty string stand for no coupon.",
        ],
    ]
}
