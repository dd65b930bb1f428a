internal import Primitives

// The OpenAPI 3.1 document of this dialect. What it says of errors and examples is made by the code that answers, so
// that the two cannot drift apart.

extension OPProxy {
    /// The document as it is served: its server is the mount with the vendor's base path.
    static func openAPI(mountedAt prefix: String) -> [UInt8] {
        published.mounted(at: prefix, below: basePath)
    }

    private static let published = PublishedDocument(openAPIDocument(mountedAt: ""))

    static func openAPIDocument(mountedAt prefix: String) -> JSON {
        [
            "openapi": "3.1.0",
            "info": OpenAPI.info,
            "servers": PublishedDocument.servers(prefix + basePath),
            "security": [["bearer": []]],
            "tags": OpenAPI.tags,
            "paths": OpenAPI.paths,
            "components": [
                "securitySchemes": OpenAPI.securitySchemes,
                "parameters": OpenAPI.joined(OpenAPI.platformParameters, OpenAPI.parameters),
                "headers": OpenAPI.platformHeaders,
                "responses": OpenAPI.responses,
                "schemas": OpenAPI.schemas,
            ],
        ]
    }

    /// The parts of the document.
    enum OpenAPI: OpenAPIParts {
        static let info: JSON = [
            "title": "OP-Proxy API",
            "version": "1.0.0",
            "summary": "REST API for proxy automation.",
            "description": .string(description),
        ]

        static let description = """
            Purchase rotating IPv4 and IPv6 proxies, manage services, and read account state. Ids are 24 hex \
            digits, prices and balances are whole units of the account's currency, instants are ISO 8601 in UTC \
            with milliseconds.

            Errors are `{"status":"error","error":{"code":…,"message":…}}`; `code` is stable. Every answer to a \
            known key carries `X-RateLimit-Limit`, `-Remaining` and `-Reset` of the tightest bucket; 429 adds \
            `Retry-After` in seconds.

            `POST /purchase` and `POST /services/{id}/extend` are not idempotent by themselves: each call creates \
            a separate service, or adds another period. Send an `Idempotency-Key` to make a retry safe: the \
            repeated request gives the first answer, byte by byte, with `Idempotency-Hit: true`; \
            `GET /idempotency-keys` tells what a key did.
            """

        static let tags: JSON = [
            ["name": "account", "description": "Who you are, what you can spend, what you have asked."],
            ["name": "catalog", "description": "What is sold."],
            ["name": "services", "description": "What you hold."],
        ]

        static let securitySchemes: JSON = [
            "bearer": [
                "type": "http", "scheme": "bearer",
                "description": "An API key: `opx_live_` and 32 hex digits, or `opx_test_` for the sandbox.",
            ]
        ]
    }
}
