internal import Primitives

extension Gate.OpenAPI {
    static let requestSchemas: JSON = [
        "Operation": [
            "oneOf": .array(operations.map { schema($0.schema) }),
            "discriminator": ["propertyName": "op", "mapping": mapping],
        ],
        "Purchase": operation(
            "purchase",
            [
                "planId": schema("Id"), "couponCode": schema("CouponCode"),
                "repeatCount": schema("RepeatCount"),
                "quantity": schema("Quantity"),
            ], optional: ["couponCode", "repeatCount", "quantity"]),
        "Renew": operation(
            "renew",
            [
                "subscriptionId": schema("Id"), "planId": schema("Id"), "couponCode": schema("CouponCode"),
                "repeatCount": schema("RepeatCount"),
            ], optional: ["couponCode", "repeatCount"]),
        "Trial": operation("trial", ["planId": schema("Id")]),
        "ChangeCredentials": operation("change-credentials", ["subscriptionId": schema("Id")]),
        "SetRotationPolicy": operation(
            "set-rotation-policy",
            ["subscriptionId": schema("Id"), "rotationPolicy": schema("RotationPolicy")]),
        "SwitchNetwork": operation(
            "switch-network", ["subscriptionId": schema("Id"), "targetNetwork": schema("Id")]),
    ]

    private static let operations: [(op: String, schema: String)] = [
        ("purchase", "Purchase"), ("renew", "Renew"), ("trial", "Trial"),
        ("change-credentials", "ChangeCredentials"),
        ("set-rotation-policy", "SetRotationPolicy"), ("switch-network", "SwitchNetwork"),
    ]

    private static var mapping: JSON {
        var mapping = JSONObject()
        for operation in operations {
            mapping[operation.op] = .string("#/components/schemas/\(operation.schema)")
        }
        return .object(mapping)
    }

    private static func operation(_ op: JSON, _ fields: JSON, optional: Set<String> = []) -> JSON {
        var properties = JSONObject()
        properties["op"] = ["const": op]
        for member in fields.objectValue?.members ?? [] { properties[member.key] = member.value }
        return object(.object(properties), optional: optional, open: true)
    }

    static let requestExamples: JSON = [
        "purchase": [
            "value": [
                "op": "purchase", "planId": "k17m3q5v7n9p1r2t4w6y8z0a", "couponCode": "MYCODE",
                "repeatCount": 3,
                "quantity": 2,
            ]
        ],
        "renew": [
            "value": [
                "op": "renew", "subscriptionId": "j97b2f6m1k4n8p3r5t7v9x0z",
                "planId": "q2w4e6r8t0y2u4i6o8p0a2s4",
                "couponCode": "MYCODE", "repeatCount": 3,
            ]
        ],
        "trial": ["value": ["op": "trial", "planId": "k17m3q5v7n9p1r2t4w6y8z0a"]],
        "changeCredentials": [
            "value": ["op": "change-credentials", "subscriptionId": "j97b2f6m1k4n8p3r5t7v9x0z"]
        ],
        "setRotationPolicy": [
            "value": [
                "op": "set-rotation-policy", "subscriptionId": "j97b2f6m1k4n8p3r5t7v9x0z",
                "rotationPolicy": 10,
            ]
        ],
        "switchNetwork": [
            "value": [
                "op": "switch-network", "subscriptionId": "j97b2f6m1k4n8p3r5t7v9x0z",
                "targetNetwork": "b1c2d3e4f5g6h7j8k9m0n1p2",
            ]
        ],
    ]
}
