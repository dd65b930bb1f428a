internal import Primitives

/// The pieces that every dialect's OpenAPI 3.1 document is put together from.
protocol OpenAPIParts {}

extension OpenAPIParts {
    static func reference(_ section: String, _ name: String) -> JSON {
        ["$ref": .string("#/components/\(section)/\(name)")]
    }

    static func schema(_ name: String) -> JSON { reference("schemas", name) }

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

    static func header(_ description: JSON, _ type: JSON) -> JSON {
        ["description": description, "schema": ["type": type]]
    }

    /// What the writers wrote, read back: an example is what is really answered.
    static func written(_ body: [UInt8]) -> JSON {
        guard let value = try? JSON.parse(body) else { preconditionFailure("an answer is not JSON") }
        return value
    }

    /// Two objects' members, one after the other; a later one of the same name replaces the earlier.
    static func joined(_ parts: JSON...) -> JSON {
        var all = JSONObject()
        for part in parts {
            for member in part.objectValue?.members ?? [] { all[member.key] = member.value }
        }
        return .object(all)
    }

    /// The headers and parameters that the platform adds to every dialect.
    static var platformHeaders: JSON {
        [
            "RequestId": header("The request's name in our log.", "string"),
            "RateLimitLimit": header("Requests let through in the window.", "integer"),
            "RateLimitRemaining": header("What is left of them.", "integer"),
            "RateLimitReset": header("When all of them are there again: seconds since 1970.", "integer"),
            "RetryAfter": header("Seconds to wait.", "integer"),
            "Allow": header("The methods that the path has.", "string"),
            "IdempotencyHit": header("`true` where the answer is a repeated one.", "string"),
        ]
    }

    static var platformParameters: JSON {
        [
            "IdempotencyKey": [
                "name": "Idempotency-Key", "in": "header", "required": false,
                "description": """
                The caller's name for this request. Repeating it with the same body gives the same answer; with \
                another body it is refused.
                """,
                "schema": [
                    "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x20-\\x7E]+$",
                ],
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
    }
}
