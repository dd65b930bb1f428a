internal import Billing
internal import Catalog
internal import Primitives
internal import Provisioning

extension AdminAPI.OpenAPI {
    static let orderSchemas: JSON = [
        "Order": object([
            "id": schema("Id"), "placed_at": schema("Instant"), "kind": words(OrderKind.self),
            "state": words(OrderState.self), "customer": schema("Id"), "email": text, "dialect": text,
            "ordered_by": nullable(text), "plan": text, "plan_version": integer, "quantity": integer,
            "repeat_count": integer, "list": schema("Money"), "discount": schema("Money"),
            "total": schema("Money"), "refunded": schema("Money"), "wholesale": nullable(schema("Money")),
            "wholesale_refunded": schema("Money"), "coupon": nullable(text),
            "renewed": nullable(schema("Id")), "price_list": nullable(text),
        ]),
        "OrderList": page("Order"),
        "OrderDetails": object([
            "order": schema("Order"),
            "subscriptions": list(
                object([
                    "id": schema("Id"), "active_until": schema("Instant"),
                    "ended_at": nullable(schema("Instant")),
                ])), "entries": list(schema("Entry")),
        ]),
        "Refund": object(
            [
                "amount": schema("AmountText"), "keeps_service": flag, "reason": words(RefundReason.self),
                "as_of": asOf, "memo": schema("Reason"),
            ], optional: ["amount", "keeps_service", "reason", "as_of", "memo"]),
        "RefundAnswer": object([
            "entry": schema("Id"), "amount": schema("Money"), "balance": schema("Money"),
            "subscriptions": list(
                object(["id": schema("Id"), "active_until": schema("Instant"), "ended": flag])),
        ]),
        "RefundPreview": preview("RefundAnswer"),
    ]

    private static let asOf: JSON = [
        "oneOf": [schema("Instant"), ["type": "null"]], "description": "The `as_of` of a preview.",
    ]

    static let subscriptionSchemas: JSON = [
        "Subscription": object([
            "id": schema("Id"), "customer": schema("Id"), "email": text, "plan": text, "plan_name": text,
            "dialect": text, "trial": flag, "order": schema("Id"), "state": words(SubscriptionState.self),
            "started_at": schema("Instant"), "active_until": schema("Instant"),
            "ended_at": nullable(schema("Instant")), "periods": integer,
            "renews_at": nullable(schema("Instant")),
            "parked": nullable(text, "Why its renewals were given up."), "ports": integer,
            "exit_country": nullable(text), "exit_rotation": nullable(text), "note": nullable(text),
        ]),
        "SubscriptionList": page("Subscription"),
        "SubscriptionDetails": object([
            "subscription": schema("Subscription"),
            "terms": list(
                object([
                    "index": integer, "starts_at": schema("Instant"), "ends_at": schema("Instant"),
                    "amount": schema("Money"), "order": schema("Id"), "kind": words(OrderKind.self),
                ])),
            "ports": list(
                object([
                    "place": integer, "gateway": text, "host": text, "port": integer, "network": text,
                    "protocols": list(text), "username": nullable(text), "rotation_minutes": integer,
                    "allocated_at": schema("Instant"), "expires_at": schema("Instant"),
                    "released_at": nullable(schema("Instant")),
                ])), "allowed": list(text),
            "promise": nullable(
                object(["coupon": text, "renewals": integer, "left": integer, "ended": nullable(text)])),
            "attempts": list(
                object([
                    "period": integer, "attempts": integer, "reason": text, "last_at": schema("Instant"),
                ])),
        ]),
        "SubscriptionChange": object(
            ["auto_renew": flag, "note": nullable(schema("Reason"))], optional: ["auto_renew", "note"]),
        "Cancellation": object(
            [
                "way": words(Cancellation.Way.self), "keeps_money": flag,
                "expected_refund": schema("AmountText"), "as_of": asOf, "memo": schema("Reason"),
            ], optional: ["keeps_money", "expected_refund", "as_of", "memo"]),
        "CancellationAnswer": object([
            "way": words(Cancellation.Way.self), "refund": schema("Money"),
            "refunds": list(
                object(["order": schema("Id"), "entry": schema("Id"), "amount": schema("Money")])),
            "balance": schema("Money"), "active_until": schema("Instant"),
        ]),
        "CancellationPreview": preview("CancellationAnswer"),
        "PlanChange": object(
            [
                "plan": text, "expected_total": schema("AmountText"), "as_of": asOf, "memo": schema("Reason"),
            ], optional: ["expected_total", "as_of", "memo"]),
        "PlanChangeAnswer": object([
            "order": schema("Id"), "charge": schema("Money"), "credit": schema("Money"),
            "net": schema("Money"), "balance": schema("Money"), "active_until": schema("Instant"),
        ]),
        "PlanChangePreview": preview("PlanChangeAnswer"),
    ]

    static let operationSchemas: JSON = [
        "SlotCounts": object(
            .object(
                SlotState.allCases.reduce(into: JSONObject()) { counts, state in
                    counts[state.rawValue] = integer
                })),
        "Gateway": object([
            "id": schema("Id"), "name": text, "network": text, "host": text, "ports": text,
            "protocols": list(text), "driver": text, "active": flag, "desired_version": integer,
            "seen": nullable(
                object([
                    "applied_version": integer, "at": schema("Instant"), "healthy": flag,
                    "problem": nullable(text),
                ])), "slots": schema("SlotCounts"),
        ]),
        "GatewayList": page("Gateway"),
        "Slot": object([
            "id": schema("Id"), "gateway": text, "network": text, "port": integer,
            "state": words(SlotState.self), "since": schema("Instant"),
            "subscription": nullable(schema("Id")),
        ]),
        "SlotList": page("Slot"),
        "SlotReport": object([
            "rows": list(object(["gateway": text, "network": text, "slots": schema("SlotCounts")]))
        ]),
        "RevenueReport": report([
            "sales": schema("Money"), "refunds": schema("Money"), "net": schema("Money"), "currency": text,
        ]),
        "MarginReport": report([
            "net": schema("Money"), "wholesale": schema("Money"), "margin": schema("Money"),
            "currency": text,
        ]),
        "SubscriptionReport": report([
            "active": integer, "started": integer, "lost": integer,
            "churn_bps": nullable(
                integer, "Lost of those that it began with, in hundredths of a percent; `null`: none."),
        ]),
        "JobRun": object([
            "id": schema("Id"), "job": text, "tenant": nullable(text), "as_of": nullable(schema("Instant")),
            "state": words(JobRun.State.self), "counts": ["type": "object"], "problems": list(text),
            "started_at": schema("Instant"), "ended_at": nullable(schema("Instant")),
        ]),
        "JobRunList": page("JobRun"),
        "JobOrder": object(
            [
                "job": words(JobName.self),
                "tenant": ["type": "string", "description": "Its slug; left out: all tenants."],
            ], optional: ["tenant"]),
    ]

    private static func report(_ row: JSON) -> JSON {
        object([
            "from": day, "to": day, "step": words(ReportPeriod.Step.self), "timezone": text,
            "rows": list(object(joined(["from": day], row))),
        ])
    }
}
