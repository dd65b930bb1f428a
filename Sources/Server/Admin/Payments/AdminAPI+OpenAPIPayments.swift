internal import Billing
internal import Primitives

extension AdminAPI.OpenAPI {
    static let paymentParameters: JSON = [
        "PaymentState": query("state", "Only in this state.", words(Payment.State.self)),
        "OpenedSince": query("since", "Opened from this moment on.", schema("Instant")),
    ]

    static let paymentSchemas: JSON = [
        "Payment": object([
            "id": schema("Id"), "customer": schema("Id"), "provider": text, "way": words(Payment.Way.self),
            "state": words(Payment.State.self), "amount": schema("Money"), "credited": schema("Money"),
            "held": schema("Money"), "returned": schema("Money"),
            "url": nullable(text, "Where the customer pays; only while it is open."),
            "session": nullable(text), "reference": nullable(text, "The provider's name of it."),
            "opened_at": schema("Instant"), "expires_at": schema("Instant"),
            "closed_at": nullable(schema("Instant")), "problem": nullable(text), "actor": nullable(text),
        ]),
        "PaymentList": page("Payment"),
        "PaymentReversal": object([
            "id": schema("Id"), "payment": schema("Id"), "kind": words(PaymentReversal.Kind.self),
            "state": words(PaymentReversal.State.self), "amount": schema("Money"),
            "booked": schema("Money"), "reference": nullable(text), "reason": nullable(text),
            "actor": nullable(text), "recorded_at": schema("Instant"),
            "closed_at": nullable(schema("Instant")), "problem": nullable(text),
        ]),
        "PaymentDetails": object([
            "payment": schema("Payment"), "reversals": list(schema("PaymentReversal")),
        ]),
        "NewPayment": object(
            [
                "customer": schema("Id"), "amount": schema("AmountText"),
                "save_card": [
                    "type": "boolean", "default": false,
                    "description": "Whether the provider keeps the card, for automatic top-ups.",
                ],
            ], optional: ["save_card"]),
        "PaymentRefund": object(
            ["amount": schema("AmountText"), "reason": schema("Reason")], optional: ["amount"]),
    ]
}
