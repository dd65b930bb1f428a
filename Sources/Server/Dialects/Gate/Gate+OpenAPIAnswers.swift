internal import Primitives

extension Gate.OpenAPI {
    static let answerSchemas: JSON = [
        "Plan": object([
            "id": schema("Id"), "connectionType": schema("ConnectionType"),
            "durationMs": schema("DurationMs"),
            "priceAmountCents": schema("PriceAmountCents"), "popular": ["type": "boolean"],
            "network": object([
                "name": ["type": "string"], "city": ["type": "string"], "country": schema("Country"),
                "networkType": schema("NetworkType"),
            ]),
        ]),
        "RenewalPlan": object([
            "id": schema("Id"), "connectionType": schema("ConnectionType"),
            "durationMs": schema("DurationMs"),
            "priceAmountCents": schema("PriceAmountCents"),
        ]),
        "Network": object([
            "id": schema("Id"), "networkLabel": ["type": "string"], "country": schema("Country"),
        ]),
        "Subscription": subscription,
        "PlansAnswer": answer(["plans": list("Plan")]),
        "SubscriptionsAnswer": answer(["subscriptions": list("Subscription")]),
        "RenewalPlansAnswer": answer(["renewalPlans": list("RenewalPlan")]),
        "NetworksAnswer": answer(["networks": list("Network")]),
        "PurchaseAnswer": answer([
            "subscriptionId": schema("Id"), "subscriptionIds": list("Id", count: 1...1),
            "subscription": schema("Subscription"),
        ]),
        "MultiplePurchaseAnswer": answer([
            "subscriptionId": schema("Id"), "subscriptionIds": list("Id", count: 2...Int64(Quantity.cap)),
            "subscriptions": list("Subscription", count: 2...Int64(Quantity.cap)),
        ]),
        "RenewalAnswer": answer(["subscriptionId": schema("Id"), "endAt": schema("Instant")]),
        "CredentialsAnswer": answer([
            "password": ["type": "string", "minLength": 1], "vpn": ["type": "string", "format": "uuid"],
        ]),
        "DoneAnswer": answer([:]),
        "SwitchAnswer": answer(["subscription": schema("Subscription")]),
    ]

    private static let subscription = object([
        "subscriptionId": schema("Id"),
        "status": [
            "type": "string", "enum": ["active"], "description": "Only live subscriptions are shown.",
        ],
        "activeUntil": schema("Instant"),
        "userNote": ["type": ["string", "null"]],
        "rotationPolicy": schema("RotationPolicy"),
        "label": ["type": "string"],
        "networkLabel": ["type": "string"],
        "credentials": object(["username": ["type": "string"], "password": ["type": "string"]]),
        "protocols": object(
            [
                "http": ["type": "string"], "socks5": ["type": "string"], "vless": ["type": "string"],
                "shadowsocks": ["type": "string"],
            ], optional: ["http", "socks5", "vless", "shadowsocks"]),
        "rotate": object([
            "rotatePath": [
                "type": "string", "description": "A link below this host; GET or POST it, no key needed.",
            ],
            "available": ["type": "boolean"],
        ]),
    ])

    private static func answer(_ members: JSON) -> JSON {
        var properties = JSONObject()
        properties["ok"] = ["const": true]
        for member in members.objectValue?.members ?? [] { properties[member.key] = member.value }
        return object(.object(properties))
    }

    private static func list(_ name: String, count: ClosedRange<Int64>? = nil) -> JSON {
        guard let count else { return ["type": "array", "items": schema(name)] }
        return [
            "type": "array", "items": schema(name), "minItems": .integer(count.lowerBound),
            "maxItems": .integer(count.upperBound),
        ]
    }
}
