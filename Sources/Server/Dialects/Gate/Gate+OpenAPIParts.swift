internal import Primitives

extension Gate.OpenAPI {
    static var schemas: JSON {
        joined(sharedSchemas, requestSchemas, answerSchemas, ["Error": errorSchema])
    }

    private static let sharedSchemas: JSON = [
        "Id": [
            "type": "string", "pattern": "^[a-z0-9]{24}$",
            "description": "24 lowercase alphanumeric characters.",
        ],
        "Instant": [
            "type": "integer", "format": "int64", "description": "Milliseconds since 1970-01-01T00:00:00Z.",
        ],
        "ConnectionType": ["type": "string", "enum": ["private", "shared"]],
        "NetworkType": ["type": "string", "enum": ["mobile", "residential", "isp", "datacenter"]],
        "Country": ["type": "string", "pattern": "^[A-Z]{2}$", "description": "ISO 3166-1 alpha-2."],
        "DurationMs": [
            "type": "integer", "format": "int64", "minimum": 1,
            "description":
                "Of a plan that lasts calendar months: the length of the period that would be bought now.",
        ],
        "PriceAmountCents": [
            "type": "integer", "format": "int64", "minimum": 0,
            "description": "Minor units of the account's currency.",
        ],
        "RotationPolicy": [
            "type": "integer", "enum": [0, 5, 10, 15, 30, 60], "description": "Minutes; 0 is off.",
        ],
        "RepeatCount": [
            "type": "integer", "minimum": 1, "maximum": .integer(Int64(RepeatCount.cap)), "default": 1,
            "description": "Multiplies the duration and the price of each subscription.",
        ],
        "Quantity": [
            "type": "integer", "minimum": 1, "maximum": .integer(Int64(Quantity.cap)), "default": 1,
            "description": "How many subscriptions to create.",
        ],
        "CouponCode": [
            "type": ["string", "null"], "maxLength": 64, "pattern": "^[A-Za-z0-9_-]*$",
            "description": "`null` and the empty string stand for no coupon.",
        ],
    ]
}
