internal import Catalog
internal import Primitives

extension AccountAPI.OpenAPI {
    static let subscriptionSchemas: JSON = [
        "Subscription": object(subscription), "Subscriptions": list(of: "Subscription"),
        "SubscriptionDetails": object(
            joined(
                subscription,
                [
                    "terms": [
                        "type": "array",
                        "items": object([
                            "index": ["type": "integer"], "starts_at": schema("Instant"),
                            "ends_at": schema("Instant"), "amount": schema("Money"), "order": schema("Id"),
                            "kind": words(OrderKind.self),
                        ]),
                    ],
                    "ports": [
                        "type": "array",
                        "items": object([
                            "host": text, "port": ["type": "integer"], "network": text,
                            "protocols": ["type": "array", "items": text], "username": textOrNull,
                            "rotation_minutes": ["type": "integer"],
                        ]),
                    ],
                    "promise": [
                        "anyOf": [
                            object([
                                "coupon": text, "renewals": ["type": "integer"], "left": ["type": "integer"],
                                "ended": textOrNull,
                            ]), ["type": "null"],
                        ],
                        "description": "A coupon's discount on renewals to come.",
                    ],
                ])),
        "SubscriptionChange": object(
            [
                "note": [
                    "type": ["string", "null"], "maxLength": 500,
                    "description": "For the customer; `null` or empty takes it away.",
                ],
                "auto_renew": ["type": "boolean"],
            ], optional: ["note", "auto_renew"], open: true),
        "RenewalPreview": object(joined(preview, ["active_until": instantOrNull])),
        "OrderPreview": object(preview),
        "OrderPreviewRequest": object(
            [
                "plan": ["type": "string", "description": "Its code."],
                "dialect": [
                    "type": ["string", "null"],
                    "description": "The one it would be ordered in: the first that sells it by default.",
                ],
                "quantity": count(Int64(Quantity.cap)), "repeat_count": count(Int64(RepeatCount.cap)),
                "coupon": ["type": ["string", "null"], "maxLength": 64],
            ], optional: ["dialect", "quantity", "repeat_count", "coupon"], open: true),
    ]

    private static let subscription: JSON = [
        "id": schema("Id"), "plan": text, "plan_name": text, "dialect": text, "trial": ["type": "boolean"],
        "order": schema("Id"), "state": words(SubscriptionState.self), "started_at": schema("Instant"),
        "active_until": schema("Instant"), "ended_at": instantOrNull, "periods": ["type": "integer"],
        "auto_renew": ["type": "boolean"], "renews_at": instantOrNull,
        "parked": described(textOrNull, "Why it no longer renews itself; `null` where it was not given up."),
        "exit_country": textOrNull, "exit_rotation": textOrNull, "note": textOrNull,
    ]

    private static let preview: JSON = [
        "list": orNull("Money"), "discount": orNull("Money"), "total": orNull("Money"),
        "refusal": described(
            textOrNull, "Why the order would not be carried out, in one word; `null` where it would."),
    ]

    private static func count(_ most: Int64) -> JSON {
        ["type": ["integer", "null"], "minimum": 1, "maximum": .integer(most), "default": 1]
    }

    static let subscriptionParameters: JSON = [
        "State": query("state", "Only subscriptions in this state.", words(SubscriptionState.self)),
        "Plan": query("plan", "A plan's code.", ["type": "string"]),
        "RepeatCount": query(
            "repeat_count", "For how many periods.",
            ["type": "integer", "minimum": 1, "maximum": .integer(Int64(RepeatCount.cap)), "default": 1]),
        "Coupon": query("coupon", "A coupon's code.", ["type": "string", "maxLength": 64]),
    ]
}
