internal import Primitives

extension AccountAPI.OpenAPI {
    static let valueSchemas: JSON = [
        "Id": [
            "type": "string", "format": "uuid",
            "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        ],
        "Instant": [
            "type": "string", "format": "date-time",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$",
        ],
        "Dialect": [
            "type": "string", "pattern": "^[a-z]{2,32}$",
            "description": "One of those that `GET /v1/me` lists.", "examples": ["gate"],
        ],
        "Environment": ["type": "string", "enum": ["live", "test"]],
        "RecoveryCode": ["type": "string", "pattern": "^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$"],
        "Error": [
            "type": "object", "required": ["error"],
            "properties": [
                "error": object([
                    "code": [
                        "type": "string", "description": "For programs; stable.",
                        "enum": .array(Code.allCases.map { .string($0.rawValue) }),
                    ],
                    "message": ["type": "string", "description": "For people."],
                ])
            ],
            "additionalProperties": false,
        ],
    ]

    static let password: JSON = ["type": "string", "minLength": 1, "maxLength": 1_024, "format": "password"]
    static let shownCode: JSON = [
        "type": ["string", "null"],
        "description": "Six digits of the app, or a recovery code, where codes are on.",
        "examples": ["287082"],
    ]

    static let requestSchemas: JSON = [
        "SignIn": object(
            [
                "email": ["type": "string", "minLength": 3, "maxLength": 254, "pattern": "@"],
                "password": password, "code": shownCode,
            ], optional: ["code"], open: true),
        "Password": object(["password": password], open: true),
        "Proof": object(["password": password, "code": shownCode], optional: ["code"], open: true),
        "PasswordChange": object(
            [
                "password": password,
                "new_password": ["type": "string", "minLength": 3, "maxLength": 1_024, "format": "password"],
                "code": shownCode,
            ], optional: ["code"], open: true),
        "OneTimeCode": object(
            ["code": ["type": "string", "pattern": "^[0-9]{3} ?[0-9]{3}$", "examples": ["287082"]]],
            open: true
        ),
        "KeyRequest": object(
            [
                "password": password, "code": shownCode, "dialect": schema("Dialect"),
                "environment": ["enum": ["live", "test", nil], "default": "live"],
                "label": ["type": ["string", "null"], "minLength": 1, "maxLength": 80],
                "scopes": [
                    "type": ["array", "null"], "maxItems": 20, "uniqueItems": true,
                    "items": ["type": "string", "pattern": "^[A-Za-z0-9_:.\\-]{1,64}$"],
                ],
                "allow": [
                    "type": ["array", "null"], "minItems": 1,
                    "maxItems": .integer(Int64(AllowList.networksMax)),
                    "items": ["type": "string"], "examples": [["203.0.113.10", "2001:db8::/32"]],
                    "description": "Addresses and networks it may be used from; `null` is anywhere.",
                ],
                "expires_at": [
                    "type": ["string", "null"], "format": "date-time", "description": "`null` is never.",
                ],
            ], optional: ["code", "environment", "label", "scopes", "allow", "expires_at"], open: true),
    ]

    static let parameters: JSON = [
        "Id": ["name": "id", "in": "path", "required": true, "schema": schema("Id")],
        "Limit": query(
            "limit", "How many a page has at most.",
            [
                "type": "integer", "minimum": 1, "maximum": .integer(Int64(AccountAPI.Paging.most)),
                "default": .integer(Int64(AccountAPI.Paging.usual)),
            ]),
        "CursorID": query("cursor", "`next_cursor` of the page before.", schema("Id")),
    ]

    static func query(_ name: JSON, _ description: JSON, _ schema: JSON) -> JSON {
        [
            "name": name, "in": "query", "required": false, "description": description, "schema": schema,
        ]
    }
}
