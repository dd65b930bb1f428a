internal import Primitives

extension AdminAPI.OpenAPI {
    static let tenantSchemas: JSON = [
        "Tenant": object(tenant),
        "TenantDetails": object(
            joined(
                tenant,
                [
                    "sandbox": ["type": "boolean", "description": "Whether it has a sandbox that is open."],
                    "wholesale": object(["credit_limit": schema("Money")]),
                ])),
        "NewTenant": object(
            joined(
                ["slug": schema("Slug"), "currency": ["type": "string", "description": "ISO 4217."]], heads),
            optional: ["timezone", "grace", "active", "sandbox", "wholesale"]),
        "TenantChange": object(
            heads, optional: ["name", "timezone", "grace", "active", "sandbox", "wholesale"]),
    ]

    private static let tenant: JSON = [
        "slug": schema("Slug"), "name": text,
        "currency": ["type": "string", "description": "ISO 4217."], "timezone": text,
        "grace_seconds": [
            "type": "integer", "description": "How long what has ended may still be renewed.",
        ],
        "active": flag,
        "sandbox_of": nullable(text, "The slug of the tenant that it is the sandbox of."),
        "clock_ahead_ms": integer, "created_at": schema("Instant"),
    ]

    /// In the words of the catalogue file.
    private static let heads: JSON = [
        "name": text, "timezone": ["type": "string", "description": "Such as `Europe/Paris`; `UTC`."],
        "grace": ["type": "string", "description": "Such as `1d`, which it is where it is left out."],
        "active": flag, "sandbox": flag,
        "wholesale": object([
            "credit_limit": [
                "type": "string", "description": "How far the float may go below zero, such as `500.00 USD`.",
            ]
        ]),
    ]
}
