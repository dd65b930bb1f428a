internal import Primitives

extension AdminAPI.OpenAPI {
    static let sessionSchemas: JSON = [
        "SignIn": object(
            [
                "email": ["type": "string"], "password": ["type": "string"],
                "tenant": [
                    "type": "string",
                    "description": "The slug of whose staff it is; left out: the platform's.",
                ],
                "code": [
                    "type": "string",
                    "description":
                        "The authenticator's code, or a recovery code, where a second factor is on.",
                ],
            ], optional: ["tenant", "code"]),
        "Session": object([
            "token": ["type": "string"], "token_type": ["const": "Bearer"], "expires_at": schema("Instant"),
            "role": schema("Role"),
        ]),
        "Me": object([
            "kind": ["enum": ["person", "key"]], "id": schema("Id"), "name": ["type": "string"],
            "email": nullable(["type": "string"]), "role": schema("Role"),
            "tenant": nullable(["type": "string"], "`null`: the platform's staff."),
            "second_factor": ["type": "boolean"],
            "operations": [
                "type": "array", "items": ["type": "string"],
                "description": "What this person or key may do, by `operationId`.",
            ],
        ]),
        "PasswordChange": object(["current_password": ["type": "string"], "password": password]),
        "Password": object(["password": ["type": "string"]]),
        "Code": object(["code": ["type": "string"]]),
        "PasswordAndCode": object(["password": ["type": "string"], "code": ["type": "string"]]),
        "SecondFactorOffer": object([
            "secret": ["type": "string", "description": "Base 32, to be typed in."],
            "uri": ["type": "string", "description": "`otpauth://…`, for a QR code."],
        ]),
        "RecoveryCodes": object([
            "recovery_codes": [
                "type": "array", "items": ["type": "string"],
                "description": "Each is good once, when the authenticator is lost. Shown this once.",
            ]
        ]),
    ]

    static let peopleSchemas: JSON = [
        "Person": object([
            "id": schema("Id"), "email": ["type": "string"], "name": ["type": "string"],
            "role": schema("Role"), "active": ["type": "boolean"], "second_factor": ["type": "boolean"],
            "created_at": schema("Instant"),
        ]),
        "PersonList": page("Person"),
        "NewPerson": object(
            [
                "email": ["type": "string"], "name": ["type": "string"], "role": schema("Role"),
                "password": password,
            ], optional: ["password"]),
        "MadePerson": object([
            "person": schema("Person"),
            "password": nullable(["type": "string"], "The one that was made; `null` where one was given."),
        ]),
        "PersonChange": object(
            [
                "name": ["type": "string"], "role": schema("Role"), "active": ["type": "boolean"],
                "password": password,
            ], optional: ["name", "role", "active", "password"]),
        "AdminKey": object([
            "id": schema("Id"), "name": ["type": "string"], "role": schema("Role"),
            "hint": ["type": "string", "description": "What the key begins and ends with."],
            "allowed_sources": nullable(
                ["type": "array", "items": ["type": "string"]],
                "Addresses and networks that it may be used from; `null`: anywhere."),
            "expires_at": nullable(schema("Instant")), "revoked_at": nullable(schema("Instant")),
            "created_at": schema("Instant"),
        ]),
        "AdminKeyList": page("AdminKey"),
        "NewAdminKey": object(
            [
                "name": ["type": "string"], "role": schema("Role"),
                "expires_at": nullable(schema("Instant")),
                "allowed_sources": nullable([
                    "type": "array", "items": ["type": "string"], "minItems": 1, "maxItems": 100,
                ]),
            ], optional: ["expires_at", "allowed_sources"]),
        "MadeAdminKey": object([
            "key": schema("AdminKey"),
            "text": ["type": "string", "description": "The key itself. Shown this once."],
        ]),
    ]

    static let password: JSON = [
        "type": "string", "minLength": 12, "maxLength": 1_024, "description": "12 to 1024 bytes of UTF-8.",
    ]
}
