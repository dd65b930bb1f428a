internal import Primitives

extension OPProxy.OpenAPI {
    static let schemas: JSON = joined(valueSchemas, requestSchemas, answerSchemas)

    private static let valueSchemas: JSON = [
        "Id": [
            "type": "string", "pattern": "^[0-9a-f]{24}$", "description": "24 hex digits.",
            "examples": ["65aa1100b2c3d4e5f6a7b8d0"],
        ],
        "Instant": [
            "type": "string", "format": "date-time",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$",
            "description": "ISO 8601 in UTC, with milliseconds.", "examples": ["2026-06-17T12:34:56.000Z"],
        ],
        "ServiceType": [
            "type": "string", "enum": .array(OPProxy.ServiceType.allCases.map { .string($0.rawValue) }),
        ],
        "ServiceStatus": ["type": "string", "enum": ["active", "expired"]],
        "Word": [
            "type": "string", "pattern": "^[A-Za-z0-9]{2,32}$", "description": "2 to 32 letters and digits.",
        ],
        "Currency": ["type": "string", "pattern": "^[A-Z]{3}$", "examples": ["RUB"]],
        "Error": [
            "type": "object",
            "required": ["status", "error"],
            "properties": [
                "status": ["const": "error"],
                "error": object([
                    "code": [
                        "type": "string", "description": "For programs; stable.",
                        "enum": .array(Code.allCases.map { .string($0.rawValue) }),
                    ],
                    "message": ["type": "string", "description": "For people."],
                ]),
            ],
            "additionalProperties": false,
            "examples": [written(OPProxy.Problem.insufficientBalance.body)],
        ],
    ]

    private static let requestSchemas: JSON = [
        "PurchaseRequest": withExample(
            object(
                [
                    "type": schema("ServiceType"), "plan_id": schema("Id"),
                    "country": described(
                        schema("Word"), "One of the plan's; its first one, `mixed`, by default."),
                    "rotation": described(
                        schema("Word"), "One of the plan's; its first one, `instant`, by default."),
                ], optional: ["country", "rotation"], open: true),
            [
                "type": "ipv4_rotating", "plan_id": "65a9f0c1b2c3d4e5f6a7b8c9", "country": "mixed",
                "rotation": "instant",
            ]),
        "WhitelistRequest": withExample(
            object(
                [
                    "whitelisted_ips": [
                        "type": "array", "items": ["type": "string", "format": "ipv4"],
                        "maxItems": .integer(Int64(OPProxy.Whitelist.entriesMax)),
                    ],
                    "labels": [
                        "type": "array",
                        "items": [
                            "type": "string", "maxLength": .integer(Int64(OPProxy.Whitelist.labelMax)),
                        ],
                        "maxItems": .integer(Int64(OPProxy.Whitelist.entriesMax)),
                        "description": "As many as there are addresses.",
                    ],
                ], optional: ["labels"], open: true),
            ["whitelisted_ips": ["203.0.113.10", "198.51.100.4"], "labels": ["home", "office"]]),
        "CountryRequest": withExample(object(["country": schema("Word")], open: true), ["country": "us"]),
        "RotationRequest": withExample(
            object(["rotation": schema("Word")], open: true), ["rotation": "instant"]),
    ]

    private static func withExample(_ schema: JSON, _ example: JSON) -> JSON {
        joined(schema, ["examples": [example]])
    }

    static func described(_ schema: JSON, _ text: JSON) -> JSON { joined(schema, ["description": text]) }

    static let parameters: JSON = [
        "ServiceId": [
            "name": "id", "in": "path", "required": true,
            "description": "24-char hex service id from POST /purchase or GET /services.",
            "schema": ["type": "string", "pattern": "^[0-9A-Fa-f]{24}$"],
        ],
        "Type": query("type", "Filter by service type.", schema("ServiceType")),
        "Status": query(
            "status", "Filter by lifecycle state.", words(["active", "expired", "all"], default: "active")),
        "ServicesLimit": query("limit", "Page size. Max 100.", count(50, max: 100)),
        "ServicesCursor": query("cursor", "`next_cursor` of the previous page.", schema("Id")),
        "LogsLimit": query("limit", "Page size. Max 200.", count(50, max: 200)),
        "LogsCursor": query("cursor", "`next_cursor` of the previous page.", schema("Id")),
        "Since": query(
            "since", "Only logs at or after this point.", ["type": "string", "format": "date-time"]),
        "Until": query(
            "until", "Only logs at or before this point.", ["type": "string", "format": "date-time"]),
        "Format": query(
            "format", "`txt` returns text/plain, `json` the structured envelope.",
            words(OPProxy.ProxyList.Format.allCases.map(\.rawValue), default: "txt")),
        "Layout": query(
            "layout", "`host:port:login:password`, or `login:password@host:port`.",
            words(
                OPProxy.ProxyList.Layout.allCases.map(\.rawValue), default: "host_port_user_pass")),
        "Auth": query(
            "auth", "Include login and password in each line.", ["type": "boolean", "default": true]),
        "GatewayCountry": query(
            "country", "Filter to one country's gateway. IPv6 supports nl/de/at. IPv4 supports nl.",
            ["type": "string", "enum": ["nl", "de", "at"]]),
        "Key": [
            "name": "key", "in": "query", "required": true, "description": "The Idempotency-Key.",
            "schema": ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x20-\\x7E]+$"],
        ],
    ]

    private static func query(_ name: JSON, _ description: JSON, _ schema: JSON) -> JSON {
        [
            "name": name, "in": "query", "required": false, "description": description, "schema": schema,
        ]
    }

    private static func words(_ words: [String], default word: JSON) -> JSON {
        ["type": "string", "enum": .array(words.map { .string($0) }), "default": word]
    }

    private static func count(_ count: JSON, max: JSON) -> JSON {
        ["type": "integer", "minimum": 1, "maximum": max, "default": count]
    }
}
