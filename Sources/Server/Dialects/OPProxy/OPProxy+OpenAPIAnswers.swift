internal import Primitives

extension OPProxy.OpenAPI {
    static let answerSchemas: JSON = [
        "Account": object([
            "username": ["type": "string"], "email": ["type": "string"],
            "balance": [
                "type": "integer", "format": "int64",
                "description": "Whole units of the currency, rounded down.",
            ],
            "currency": schema("Currency"),
        ]),
        "Plan": object([
            "plan_id": schema("Id"), "type": schema("ServiceType"), "name": ["type": "string"],
            "threads": positive,
            "days": [
                "type": "integer", "format": "int32", "minimum": 1,
                "description":
                    "Of a plan that lasts calendar months: those of the period that would begin now.",
            ],
            "price": ["type": "integer", "format": "int64", "minimum": 0],
            "currency": schema("Currency"),
        ]),
        "Auth": object(["login": ["type": "string"], "password": ["type": "string"]]),
        "PurchasedService": object(purchased),
        "Service": object(
            joined(
                purchased,
                [
                    "auth": [
                        "oneOf": [schema("Auth"), ["type": "null"]],
                        "description": "`null` once the ports of an expired service have been released.",
                    ],
                    "whitelist_labels": [
                        "type": "array", "items": ["type": "string"],
                        "description": "Parallel to `whitelist`; empty where an entry has no label.",
                    ],
                    "status": schema("ServiceStatus"), "plan_id": schema("Id"),
                    "created_at": schema("Instant"),
                ])),
        "Credentials": object(["service_id": schema("Id"), "auth": schema("Auth")]),
        "ProxyServer": object(
            [
                "host": ["type": "string"],
                "port": ["type": "integer", "minimum": 1, "maximum": 65_535],
                "country": ["type": "string", "description": "The gateway's."],
                "login": ["type": "string"], "password": ["type": "string"],
            ], optional: ["login", "password"]),
        "ProxyList": object([
            "service_id": schema("Id"), "type": schema("ServiceType"), "country": schema("Word"),
            "servers": list("ProxyServer"),
        ]),
        "LogEntry": object([
            "id": schema("Id"), "method": ["type": "string"],
            "path": ["type": "string", "description": "Without its query."],
            "status": ["type": "integer"], "ip": ["type": "string"], "request_id": ["type": "string"],
            "created_at": schema("Instant"),
        ]),
        "AccountAnswer": answer(schema("Account")),
        "PlansAnswer": answer(object(["plans": list("Plan")])),
        "PurchaseAnswer": answer(schema("PurchasedService")),
        "ServicesAnswer": answer(object(["services": list("Service"), "next_cursor": cursor])),
        "ServiceAnswer": answer(schema("Service")),
        "CredentialsAnswer": answer(schema("Credentials")),
        "ProxiesAnswer": answer(schema("ProxyList")),
        "LogsAnswer": answer(object(["logs": list("LogEntry"), "next_cursor": cursor])),
        "KeyAnswer": answer(
            object([
                "key": ["type": "string"], "http_status": ["type": "integer"],
                "answered_at": schema("Instant"),
                "response": ["type": "object", "description": "The answer as it was given."],
            ])),
    ]

    private static let positive: JSON = ["type": "integer", "format": "int32", "minimum": 1]

    private static let cursor: JSON = [
        "type": ["string", "null"], "pattern": "^[0-9a-f]{24}$", "description": "`null` on the last page.",
    ]

    private static let purchased: JSON = [
        "service_id": schema("Id"), "type": schema("ServiceType"), "threads": positive,
        "expires_at": schema("Instant"), "country": schema("Word"), "rotation": schema("Word"),
        "auth": schema("Auth"),
        "whitelist": ["type": "array", "items": ["type": "string", "format": "ipv4"]],
    ]

    private static func list(_ name: String) -> JSON { ["type": "array", "items": schema(name)] }

    private static func answer(_ data: JSON) -> JSON {
        object(["status": ["const": "ok"], "data": data])
    }
}
