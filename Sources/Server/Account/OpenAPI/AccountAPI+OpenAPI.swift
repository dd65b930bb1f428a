internal import Primitives

// The OpenAPI 3.1 document of the account API. Its problems are written by the code that answers them, and its paths come
// from the table that is served.

extension AccountAPI {
    /// The document as it is served: its server is the mount.
    static func openAPI(mountedAt prefix: String) -> [UInt8] {
        published.mounted(at: prefix)
    }

    private static let published = PublishedDocument(openAPIDocument(mountedAt: ""))

    static func openAPIDocument(mountedAt prefix: String) -> JSON {
        [
            "openapi": "3.1.0",
            "info": OpenAPI.info,
            "servers": PublishedDocument.servers(prefix),
            "security": [["session": []]],
            "tags": OpenAPI.tags,
            "paths": OpenAPI.paths,
            "components": [
                "securitySchemes": [
                    "session": [
                        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                        "description": "The token of `POST /v1/sessions`.",
                    ]
                ],
                "parameters": OpenAPI.joined(
                    OpenAPI.platformParameters, OpenAPI.parameters, OpenAPI.bookParameters,
                    OpenAPI.subscriptionParameters, OpenAPI.topUpParameters),
                "headers": OpenAPI.platformHeaders,
                "schemas": OpenAPI.joined(
                    OpenAPI.valueSchemas, OpenAPI.requestSchemas, OpenAPI.answerSchemas, OpenAPI.bookSchemas,
                    OpenAPI.subscriptionSchemas, OpenAPI.topUpSchemas),
            ],
        ]
    }

    /// The parts of the document.
    enum OpenAPI: OpenAPIParts {
        static let info: JSON = [
            "title": "Account API",
            "version": "1.0.0",
            "summary": "What a customer does with their account.",
            "description": .string(description),
        ]

        static let description = """
            Sign in, keep the password and the one-time codes, make API keys, see balance, statement, orders and \
            subscriptions, and what an order would cost. Money is told as a decimal and in minor units. Ids are UUIDs, instants are RFC 3339 in UTC \
            with milliseconds.

            Problems are `{"error":{"code":…,"message":…}}`; `code` is stable. A list is `{"items":[…],"next_cursor":…}`: \
            send `next_cursor` as `cursor` for the next page; `null` says that there is none.

            What matters most asks for the password again, and for a one-time code where they are on. `401` with \
            `unauthorized` says that the session is over; with any other code it still stands.
            """

        static let tags: JSON = [
            ["name": "sessions", "description": "Signing in and out."],
            ["name": "me", "description": "The person who is signed in."],
            ["name": "money", "description": "Balance, statement, orders, receipts and top-ups."],
            ["name": "subscriptions", "description": "What is held, and what more of it would cost."],
            ["name": "keys", "description": "API keys, for programs."],
        ]
    }
}
