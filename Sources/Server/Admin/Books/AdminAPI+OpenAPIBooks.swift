internal import Billing
internal import Catalog
internal import Primitives
internal import Provisioning

extension AdminAPI.OpenAPI {
    static let booksParameters: JSON = [
        "Email": query("email", "Only who has this e-mail address.", text),
        "Username": query("username", "Only who has this username.", text),
        "Active": query("active", "Only open customers, or only closed ones.", flag),
        "CustomerGroup": query("group", "Only who is in the group of this code.", text),
        "Customer": query("customer", "Only this customer's.", schema("Id")),
        "OrderState": query("state", "Only in this state.", words(OrderState.self)),
        "OrderKind": query("kind", "Only of this kind.", words(OrderKind.self)),
        "From": query("from", "Placed from this moment on, by the tenant's clock.", schema("Instant")),
        "To": query("to", "Placed before this moment.", schema("Instant")),
        "Amount": query("amount", "Only so much; left out: all that is left.", schema("AmountText")),
        "KeepsService": query("keeps_service", "Whether what was bought goes on.", flag),
        "RefundReason": query("reason", "Why.", words(RefundReason.self)),
        "SubscriptionState": query("state", "Only in this state.", words(SubscriptionState.self)),
        "Plan": query("plan", "Only of the plan with this code.", text),
        "Parked": query("parked", "Only whose renewals were given up, or only the others.", flag),
        "CancellationWay": query("way", "When it is to end; left out: now.", words(Cancellation.Way.self)),
        "KeepsMoney": query("keeps_money", "Gives nothing back.", flag),
        "NewPlan": [
            "name": "plan", "in": "query", "required": true, "description": "The plan's code.",
            "schema": text,
        ],
        "Gateway": query("gateway", "Only of this gateway.", schema("Id")),
        "SlotState": query("state", "Only in this state.", words(SlotState.self)),
        "FromDay": [
            "name": "from", "in": "query", "required": true, "schema": day,
            "description": "The first day, in the tenant's zone.",
        ],
        "ToDay": [
            "name": "to", "in": "query", "required": true, "schema": day,
            "description": "The day after the last one; at most ten years later.",
        ],
        "Step": query("step", "Left out: `day`.", words(ReportPeriod.Step.self)),
        "Job": query("job", "Only of this job.", words(JobName.self)),
        "JobState": query("state", "Only in this state.", words(JobRun.State.self)),
        "JobTenant": query("tenant", "Only of runs for this tenant alone.", text),
    ]

    static let text: JSON = ["type": "string"]
    static let flag: JSON = ["type": "boolean"]
    static let integer: JSON = ["type": "integer"]
    static let day: JSON = ["type": "string", "format": "date"]

    static func list(_ items: JSON) -> JSON { ["type": "array", "items": items] }

    static func words<Word: RawRepresentable & CaseIterable>(_ kind: Word.Type) -> JSON
    where Word.RawValue == String {
        ["enum": .array(Word.allCases.map { .string($0.rawValue) })]
    }

    /// What was asked for, looked at beforehand.
    static func preview(_ name: String) -> JSON {
        object([
            "preview": schema(name),
            "as_of": [
                "type": "string", "format": "date-time",
                "description":
                    "Whoever sends it with the request comes to the same figures, within 15 minutes.",
            ],
        ])
    }

    static let customerSchemas: JSON = [
        "Money": ["type": "string", "description": "Such as `12.50 USD`."],
        "AmountText": [
            "type": "string", "description": "`12.50 USD`, or `12.50` in the currency of what it is about.",
        ],
        "Reason": ["type": "string", "minLength": 1, "maxLength": 500],
        "Customer": object([
            "id": schema("Id"), "email": text, "username": text, "currency": text, "group": nullable(text),
            "active": flag,
            "created_at": schema("Instant"),
        ]),
        "CustomerList": page("Customer"),
        "NewCustomer": object(["email": text, "username": text]),
        "CustomerChange": object(["username": text, "active": flag], optional: ["username", "active"]),
        "CustomerGroupChange": object(["group": nullable(text)]),
        "Balance": object([
            "balance": schema("Money"), "credit_limit": schema("Money"), "available": schema("Money"),
            "owed": schema("Money"),
        ]),
        "CreditLimit": object(["credit_limit": schema("AmountText")]),
        "Entry": object([
            "id": schema("Id"), "at": schema("Instant"), "reason": text,
            "amount": [
                "type": "string", "description": "What the wallet gained; below zero where it paid.",
            ],
            "balance": nullable(schema("Money")), "sequence": nullable(integer),
            "order": nullable(schema("Id")), "reference": nullable(text), "memo": nullable(text),
            "actor": nullable(text),
        ]),
        "Statement": page("Entry"),
        "Credit": object(
            [
                "amount": schema("AmountText"), "reference": reference255, "reason": schema("Reason"),
                "kind": [
                    "enum": .array(AdminAPI.CreditKind.allCases.map { .string($0.rawValue) }),
                    "default": "payment",
                    "description": "`payment`: it has arrived from outside. `grant`: the tenant gives it.",
                ],
            ], optional: ["kind"]),
        "Debit": object([
            "amount": schema("AmountText"), "reference": reference255, "reason": schema("Reason"),
        ]),
        "Movement": object([
            "entry": schema("Id"), "amount": schema("Money"), "balance": schema("Money"),
        ]),
        "CustomerKey": object([
            "id": schema("Id"), "customer": schema("Id"), "dialect": text, "hint": text, "trials": flag,
            "label": nullable(text, "The customer's own name for it."),
            "made_by": nullable(
                schema("Id"), "Who of the customer's people made it; `null`: staff or an operator."),
            "scopes": list(text), "rate_limit": nullable(text), "allowed_sources": nullable(list(text)),
            "expires_at": nullable(schema("Instant")), "last_used_at": nullable(schema("Instant")),
            "revoked_at": nullable(schema("Instant")), "created_at": schema("Instant"),
        ]),
        "CustomerKeyList": page("CustomerKey"),
        "NewCustomerKey": object(
            [
                "dialect": text, "trials": flag, "scopes": list(text),
                "rate_limit": ["type": "string", "description": "`120/1m`, or `off`."],
                "expires_at": nullable(schema("Instant")), "allowed_sources": nullable(list(text)),
            ], optional: ["trials", "scopes", "rate_limit", "expires_at", "allowed_sources"]),
        "MadeCustomerKey": object([
            "key": schema("CustomerKey"),
            "text": ["type": "string", "description": "The key itself. Shown this once."],
        ]),
    ]

    static let reference255: JSON = [
        "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x20-\\x7E]+$",
        "description": "The event's own name outside; a tenant's are posted once.",
    ]
}
