internal import Billing
internal import Primitives

extension AdminAPI.OpenAPI {
    static let pendingOrderParameters: JSON = [
        "PendingOrderState": query("state", "Only in this state.", words(PendingOrderState.self))
    ]

    static let pendingOrderSchemas: JSON = [
        "PendingOrder": object([
            "id": schema("Id"), "customer": schema("Id"), "plan": schema("Id"), "dialect": text,
            "quantity": integer, "repeat_count": integer, "coupon": nullable(text),
            "list": schema("Money"), "discount": schema("Money"), "total": schema("Money"),
            "state": words(PendingOrderState.self), "placed_at": schema("Instant"),
            "expires_at": schema("Instant"), "closed_at": nullable(schema("Instant")),
            "reason": nullable(
                text, "Why it was not bought when money last came, or why it was taken back."),
        ]),
        "PendingOrderList": page("PendingOrder"),
        "Settlement": object([
            "amount": schema("AmountText"), "reference": reference255, "memo": schema("Reason"),
        ]),
        "SettlementAnswer": object([
            "order": schema("Id"), "entry": schema("Id"), "amount": schema("Money"),
            "balance": schema("Money"),
            "result": [
                "enum": ["bought", "waits", "not bought", "too late"],
                "description":
                    "`waits`: the wallet does not hold enough yet. Whatever it is, the money is on the wallet.",
            ],
            "reason": nullable(text), "subscriptions": list(schema("Id")),
        ]),
        "PendingCancellation": object(["reason": schema("Reason")]),
        "PendingOrderEnd": object(["id": schema("Id"), "state": words(PendingOrderState.self)]),
    ]
}
