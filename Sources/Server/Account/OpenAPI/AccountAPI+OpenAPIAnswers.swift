internal import Primitives

extension AccountAPI.OpenAPI {
    static let answerSchemas: JSON = joined(personSchemas, keySchemas)

    static let text: JSON = ["type": "string"]
    static let textOrNull: JSON = ["type": ["string", "null"]]
    static let instantOrNull: JSON = ["anyOf": [schema("Instant"), ["type": "null"]]]

    private static let personSchemas: JSON = [
        "Session": object([
            "token": text, "token_type": ["const": "Bearer"], "expires_at": schema("Instant"),
        ]),
        "SignedOut": object(["signed_out": ["const": true]]),
        "NewSession": object(["session": schema("Session")]),
        "Person": object([
            "id": schema("Id"), "email": text, "username": text,
            "role": ["type": "string", "enum": .array(SessionRole.allCases.map { .string($0.rawValue) })],
            "customer": schema("Id"), "tenant": text,
            "dialects": [
                "type": "array", "items": schema("Dialect"), "description": "What keys can be made for.",
            ],
            "authenticator": object([
                "on": ["type": "boolean"], "since": instantOrNull,
                "recovery_codes_left": ["type": "integer", "minimum": 0, "maximum": 10],
            ]),
        ]),
        "Authenticator": object([
            "secret": ["type": "string", "pattern": "^[A-Z2-7]{32}$", "description": "To type by hand."],
            "uri": ["type": "string", "pattern": "^otpauth://totp/", "description": "For a QR code."],
        ]),
        "RecoveryCodes": object(["recovery_codes": recoveryCodes]),
        "Confirmed": object(["recovery_codes": recoveryCodes, "session": schema("Session")]),
    ]

    private static let recoveryCodes: JSON = [
        "type": "array", "items": schema("RecoveryCode"), "minItems": 10, "maxItems": 10,
        "description": "Each is good once in place of a code. They are shown this once.",
    ]

    private static let key: JSON = [
        "id": schema("Id"), "dialect": schema("Dialect"), "environment": schema("Environment"),
        "hint": ["type": "string", "description": "How the key begins and ends."], "label": textOrNull,
        "scopes": ["type": "array", "items": text], "allow": ["type": ["array", "null"], "items": text],
        "expires_at": instantOrNull, "created_at": schema("Instant"), "last_used_at": instantOrNull,
        "revoked_at": instantOrNull,
    ]

    private static let keySchemas: JSON = [
        "Key": object(key), "NewKey": object(joined(key, ["key": text])), "Keys": list(of: "Key"),
    ]

    static func list(of name: String) -> JSON {
        object([
            "items": ["type": "array", "items": schema(name)],
            "next_cursor": textOrNull,
        ])
    }
}
