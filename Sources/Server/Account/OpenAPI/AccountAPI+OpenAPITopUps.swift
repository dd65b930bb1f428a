internal import Billing
internal import Primitives

extension AccountAPI.OpenAPI {
    static let topUpSchemas: JSON = [
        "TopUp": object([
            "id": schema("Id"), "state": words(Payment.State.self), "way": words(Payment.Way.self),
            "amount": described(schema("Money"), "What was asked for."),
            "credited": described(schema("Money"), "What has come."),
            "returned": described(schema("Money"), "What of it has gone back."),
            "url": described(textOrNull, "Where it is paid; only while it is open."),
            "opened_at": schema("Instant"), "expires_at": schema("Instant"), "closed_at": instantOrNull,
        ]),
        "TopUps": list(of: "TopUp"),
        "TopUpRequest": object(
            [
                "amount": decimal,
                "save_card": [
                    "type": ["boolean", "null"], "default": false,
                    "description": "Whether the card is kept for automatic top-ups.",
                ],
            ], optional: ["save_card"], open: true),
        "AutoTopUp": object([
            "on": ["type": "boolean"], "threshold": orNull("Money"), "amount": orNull("Money"),
            "per_day": ["type": ["integer", "null"]],
            "parked": described(
                ["type": ["boolean", "null"]], "Whether it failed too often to be tried by itself."),
        ]),
        "AutoTopUpRequest": object(
            [
                "threshold": described(decimal, "Below it the wallet is filled."), "amount": decimal,
                "per_day": [
                    "type": ["integer", "null"], "minimum": 1,
                    "maximum": .integer(Int64(AutoTopUp.perDayMax)), "default": 1,
                ],
            ], optional: ["per_day"], open: true),
    ]

    /// Of the wallet's currency, as a text.
    private static let decimal: JSON = [
        "type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$", "maxLength": 24, "examples": ["25.00"],
    ]

    static let topUpParameters: JSON = [
        "TopUpState": query("state", "Only top-ups in this state.", words(Payment.State.self))
    ]
}
