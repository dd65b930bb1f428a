internal import HTTPTypes
internal import Primitives

// The OpenAPI 3.1 document of the admin API, made of the same table of endpoints that answers.

extension AdminAPI {
    func document(_ request: DialectRequest) async throws -> AdminAnswer {
        .raw(
            DialectResponse(
                status: .ok, headers: [.contentType: "application/json"],
                body: Self.published.mounted(at: request.mount.prefix, below: "/v1")))
    }

    private static let published = PublishedDocument(openAPIDocument())

    static func openAPIDocument() -> JSON {
        [
            "openapi": "3.1.0",
            "info": OpenAPI.info,
            "servers": PublishedDocument.servers(prefix + "/v1"),
            "security": [["bearer": []]],
            "tags": OpenAPI.tags,
            "paths": OpenAPI.paths(endpoints),
            "components": [
                "securitySchemes": OpenAPI.securitySchemes,
                "parameters": OpenAPI.joined(
                    OpenAPI.platformParameters, OpenAPI.parameters, OpenAPI.exportParameters),
                "headers": OpenAPI.joined(OpenAPI.platformHeaders, OpenAPI.headers),
                "responses": OpenAPI.responses,
                "schemas": OpenAPI.schemas,
            ],
        ]
    }

    /// The parts of the document.
    enum OpenAPI: OpenAPIParts {
        static let info: JSON = [
            "title": "Tollgate admin API",
            "version": "1.0.0",
            "summary": "What a platform and its resellers do with their books.",
            "description": .string(description),
        ]

        static let description = """
            Sign in with `POST /sessions`, or use an admin key (`tga_…`); either stands in `Authorization: Bearer`. What \
            a role may do says `x-roles` of every operation: `platform` for the platform's staff, `tenant` for a \
            tenant's own, who see no other tenant than theirs and its sandbox.

            Ids are UUIDs and instants RFC 3339 in UTC with milliseconds. Lists are pages: pass `next_cursor` on as \
            `cursor` until it is `null`; what comes in between moves no page. A thing has a strong `ETag`, and changing \
            it takes that in `If-Match`. Every `POST` takes an `Idempotency-Key`: repeated with the same body it gives \
            the first answer again, with `Idempotency-Hit: true`.

            Errors are `{"error":{"code":…,"message":…,"request_id":…}}`, with `field` where one field or parameter is \
            wrong; `code` is stable. Fields that an operation does not know are refused.
            """

        static let tags: JSON = [
            ["name": "sessions", "description": "Signing in, and what concerns oneself."],
            ["name": "tenants", "description": "The resellers."],
            ["name": "people", "description": "Who may sign in, for the platform or for a tenant."],
            ["name": "keys", "description": "Keys with which machines work here."],
            ["name": "audit", "description": "Who changed what, from what to what."],
            ["name": "customers", "description": "Who buys from a tenant."],
            ["name": "balances", "description": "What customers have, may spend, and have spent."],
            ["name": "customer people", "description": "Who signs in for a customer."],
            ["name": "customer keys", "description": "Keys with which customers use a tenant's doors."],
            ["name": "orders", "description": "What was bought, and giving it back."],
            ["name": "pending orders", "description": "What was ordered, and waits for money from outside."],
            ["name": "subscriptions", "description": "What customers hold."],
            ["name": "payments", "description": "Money that a payment provider collects for wallets."],
            ["name": "gateways", "description": "Where it is served, and how many ports are left."],
            ["name": "reports", "description": "How a tenant does."],
            ["name": "jobs", "description": "What is done when nobody asks."],
            ["name": "exports", "description": "A period of the books for finance, as a file."],
            catalogueTag,
        ]

        static let securitySchemes: JSON = [
            "bearer": [
                "type": "http", "scheme": "bearer",
                "description": "The token of a session, or an admin key.",
            ]
        ]
    }
}
