internal import Billing
internal import Catalog
internal import Primitives

extension AccountAPI.OpenAPI {
    static let bookSchemas: JSON = [
        "Money": object([
            "amount": ["type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$", "examples": ["12.00"]],
            "minor": ["type": "integer", "description": "In the currency's smallest unit."],
            "currency": ["type": "string", "pattern": "^[A-Z]{3}$"],
        ]),
        "Balance": object([
            "balance": schema("Money"), "credit_limit": schema("Money"),
            "available": schema("Money"),
            "owed": described(
                schema("Money"), "Since a payment was taken back; money that comes in pays it first."),
        ]),
        "Entry": object([
            "id": schema("Id"), "at": schema("Instant"), "reason": words(AccountAPI.StatementReason.self),
            "amount": described(schema("Money"), "What the balance gained; below zero where it paid."),
            "balance": orNull("Money"), "sequence": ["type": ["integer", "null"]], "order": orNull("Id"),
        ]),
        "Statement": list(of: "Entry"),
        "Order": object(order), "Orders": list(of: "Order"),
        "OrderDetails": object(
            joined(
                order,
                [
                    "subscriptions": [
                        "type": "array",
                        "items": object([
                            "id": schema("Id"), "active_until": schema("Instant"), "ended_at": instantOrNull,
                        ]),
                    ],
                    "entries": ["type": "array", "items": schema("Entry")],
                ])),
        "Receipt": object([
            "order": schema("Id"), "placed_at": schema("Instant"), "kind": words(OrderKind.self),
            "seller": text, "buyer": object(["email": text, "username": text]),
            "lines": [
                "type": "array",
                "items": object([
                    "plan": text, "name": text, "quantity": ["type": "integer"],
                    "periods": ["type": "integer"],
                    "unit": schema("Money"), "amount": schema("Money"),
                ]),
            ],
            "coupon": textOrNull, "discount": schema("Money"), "total": schema("Money"),
            "refunds": [
                "type": "array", "items": object(["at": schema("Instant"), "amount": schema("Money")]),
            ],
            "paid": schema("Money"),
        ]),
    ]

    private static let order: JSON = [
        "id": schema("Id"), "placed_at": schema("Instant"), "kind": words(OrderKind.self),
        "state": words(OrderState.self), "dialect": text,
        "ordered_by": described(textOrNull, "The hint of an API key, or a person's name."),
        "plan": text, "quantity": ["type": "integer"], "repeat_count": ["type": "integer"],
        "list": schema("Money"), "discount": schema("Money"), "total": schema("Money"),
        "refunded": schema("Money"), "coupon": textOrNull,
        "renewed": described(orNull("Id"), "The subscription that it renewed."),
    ]

    static let bookParameters: JSON = [
        "Reason": query("reason", "Only entries of this reason.", words(AccountAPI.StatementReason.self)),
        "Kind": query("kind", "Only orders of this kind.", words(OrderKind.self)),
        "OrderState": query("state", "Only orders in this state.", words(OrderState.self)),
        "From": query("from", "From this instant on.", ["type": "string", "format": "date-time"]),
        "To": query("to", "Before this instant.", ["type": "string", "format": "date-time"]),
        "CursorPlace": query(
            "cursor", "`next_cursor` of the page before.",
            ["type": "string", "pattern": "^[1-9][0-9]{0,17}$"]),
    ]

    static func words<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> JSON
    where Word.RawValue == String {
        ["type": "string", "enum": .array(Word.allCases.map { .string($0.rawValue) })]
    }

    static func orNull(_ name: String) -> JSON { ["anyOf": [schema(name), ["type": "null"]]] }

    static func described(_ schema: JSON, _ text: JSON) -> JSON { joined(schema, ["description": text]) }
}
