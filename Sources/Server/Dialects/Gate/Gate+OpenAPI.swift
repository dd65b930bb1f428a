internal import Primitives

// The OpenAPI 3.1 document of this dialect. What it says of errors and examples is made by the code that answers, so
// that the two cannot drift apart.

extension Gate {
    /// The document as it is served: its server is the mount, `/` on a virtual host.
    static func openAPI(mountedAt prefix: String) -> [UInt8] {
        published.mounted(at: prefix)
    }

    private static let published = PublishedDocument(openAPIDocument(mountedAt: ""))

    static func openAPIDocument(mountedAt prefix: String) -> JSON {
        [
            "openapi": "3.1.0",
            "info": OpenAPI.info,
            "servers": PublishedDocument.servers(prefix),
            "security": [["apiKey": []], ["session": []]],
            "tags": OpenAPI.tags,
            "paths": OpenAPI.paths,
            "components": OpenAPI.components,
        ]
    }

    /// The parts of the document.
    enum OpenAPI: OpenAPIParts {
        static let info: JSON = [
            "title": "Gate API",
            "version": "1.0.0",
            "summary": "Programmatic proxy purchases, renewals and rotation through a single endpoint.",
            "description": .string(description),
        ]

        static let description = """
            One endpoint, `/api/proxy`: GET operations take `op` in the query, POST operations in the JSON body. \
            All ids are 24 lowercase alphanumeric characters, amounts are integer minor units of the account's \
            currency, instants are integer milliseconds since 1970.

            Errors are `{"ok":false,"error":…,"code":…}`; `code` is stable. A method that a path does not have is \
            answered 405 with `Allow`. Purchases and renewals are not idempotent by themselves: send an \
            `Idempotency-Key`, and a repeated request gives the first answer, byte by byte, with `Idempotency-Hit: true`.
            """

        static let tags: JSON = [
            ["name": "proxy", "description": "Plans, subscriptions, purchases, renewals and connections."],
            ["name": "rotation", "description": "Links that change a connection's exit without signing in."],
        ]

        static let components: JSON = [
            "securitySchemes": securitySchemes,
            "parameters": platformParameters,
            "headers": platformHeaders,
            "responses": responses,
            "schemas": schemas,
        ]

        static let securitySchemes: JSON = [
            "apiKey": [
                "type": "apiKey", "in": "header", "name": "x-api-key",
                "description":
                    "A long-lived key, `rk_…`, or `rk_test_…` for the sandbox. It wins over a bearer token that is sent beside it.",
            ],
            "session": [
                "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                "description": "A person's session. Sessions may not start trials.",
            ],
        ]
    }
}
