internal import Primitives

extension OPProxy.OpenAPI {
    typealias Code = OPProxy.Code

    static let paths: JSON = [
        "/account": [
            "get": operation(.getAccount, "account", "Get account summary", "AccountAnswer")
        ],
        "/catalog/plans": [
            "get": operation(
                .listPlans, "catalog", "List purchasable plans", "PlansAnswer", ["Type"],
                errors: [.invalidType])
        ],
        "/purchase": [
            "post": operation(
                .purchase, "services", "Purchase a rotating proxy package", "PurchaseAnswer",
                body: "PurchaseRequest",
                errors: [
                    .invalidRequest, .invalidType, .invalidPlanID, .invalidCountry, .invalidRotation,
                    .unsupportedForType, .countryUnavailable, .insufficientBalance,
                ])
        ],
        "/services": [
            "get": operation(
                .listServices, "services", "List your services", "ServicesAnswer",
                ["Type", "Status", "ServicesLimit", "ServicesCursor"],
                errors: [.invalidType, .invalidRequest, .invalidID])
        ],
        "/services/{id}": [
            "parameters": id,
            "get": operation(
                .getService, "services", "Get a service by id", "ServiceAnswer", errors: ofService),
        ],
        "/services/{id}/proxies": ["parameters": id, "get": proxies],
        "/services/{id}/extend": [
            "parameters": id,
            "post": operation(
                .extendService, "services", "Extend service by another period of its plan", "ServiceAnswer",
                changes: true,
                errors: ofService + [
                    .invalidRequest, .invalidPlanID, .insufficientBalance, .countryUnavailable,
                ]),
        ],
        "/services/{id}/whitelist": [
            "parameters": id,
            "put": operation(
                .replaceServiceWhitelist, "services", "Replace whitelist IPs", "ServiceAnswer",
                body: "WhitelistRequest",
                errors: ofService + [.invalidRequest, .invalidIP, .tooManyIPs]),
        ],
        "/services/{id}/credentials": [
            "parameters": id,
            "post": operation(
                .regenerateServiceCredentials, "services", "Regenerate login and password",
                "CredentialsAnswer", changes: true, errors: ofService + [.invalidRequest]),
        ],
        "/services/{id}/country": [
            "parameters": id,
            "put": operation(
                .setServiceCountry, "services", "Change country/region", "ServiceAnswer",
                body: "CountryRequest",
                errors: ofService + [
                    .invalidRequest, .unsupportedForType, .invalidCountry, .countryUnavailable,
                ]),
        ],
        "/services/{id}/rotation": [
            "parameters": id,
            "put": operation(
                .setServiceRotation, "services", "Change rotation mode", "ServiceAnswer",
                body: "RotationRequest",
                errors: ofService + [.invalidRequest, .unsupportedForType, .invalidRotation]),
        ],
        "/logs": [
            "get": operation(
                .listLogs, "account", "Read API action logs", "LogsAnswer",
                ["Since", "Until", "LogsLimit", "LogsCursor"], errors: [.invalidRequest])
        ],
        "/idempotency-keys": [
            "get": operation(
                .getIdempotencyKey, "account", "What an Idempotency-Key of this API key did", "KeyAnswer",
                ["Key"], errors: [.invalidRequest, .notFound])
        ],
        "/openapi.json": [
            "get": [
                "operationId": .string(OPProxy.Endpoint.getDocument.rawValue),
                "tags": ["account"],
                "summary": "This document",
                "security": [],
                "responses": [
                    "200": [
                        "description": "An OpenAPI 3.1 document.",
                        "content": ["application/json": ["schema": ["type": "object"]]],
                    ]
                ],
            ]
        ],
    ]

    private static let id: JSON = [reference("parameters", "ServiceId")]
    private static let ofService: [Code] = [.invalidID, .notFound]

    private static var proxies: JSON {
        var operation = Self.operation(
            .getServiceProxies, "services", "Download proxy list", "ProxiesAnswer",
            ["Format", "Layout", "Auth", "GatewayCountry"],
            errors: ofService + [.invalidRequest, .invalidCountry, .countryUnavailable]
        ).objectValue!
        var responses = operation["responses"]!.objectValue!
        var ok = responses["200"]!.objectValue!
        // Text first: it is what is sent unless JSON is asked for.
        ok["content"] = joined(
            [
                "text/plain": [
                    "schema": ["type": "string"],
                    "examples": textExamples,
                ]
            ], ok["content"]!)
        responses["200"] = .object(ok)
        operation["responses"] = .object(responses)
        return .object(operation)
    }
}
