internal import Billing
internal import Primitives

// What operators and staff see of orders that wait for money.
extension PendingOrder {
    var json: JSON {
        [
            "id": .string(id.description), "customer": .string(customer.description),
            "plan": .string(plan.description), "dialect": .string(dialect.rawValue),
            "quantity": .integer(Int64(quantity.value)), "repeat_count": .integer(Int64(repeatCount.value)),
            "coupon": coupon.map { .string($0.text) } ?? .null, "list": .string(list.description),
            "discount": .string(discount.description), "total": .string(total.description),
            "state": .string(state.rawValue), "placed_at": .string(placedAt.rfc3339()),
            "expires_at": .string(expiresAt.rfc3339()),
            "closed_at": closedAt.map { .string($0.rfc3339()) } ?? .null,
            "reason": reason.map(JSON.string) ?? .null,
        ]
    }

    var line: String {
        let why = reason.map { " (\($0))" } ?? ""
        let end = closedAt.map { "since \($0.rfc3339())" } ?? "until \(expiresAt.rfc3339())"
        return "\(id)  \(state.rawValue)\(why)  \(total)  \(end)  customer \(customer)"
    }
}

extension ClosingReceipt {
    var json: JSON { ["id": .string(order.description), "state": .string(state.rawValue)] }
}

extension PlacementReceipt {
    var json: JSON {
        [
            "id": .string(order.description), "total": .string(total.description),
            "discount": .string(discount.description), "expires_at": .string(expiresAt.rfc3339()),
        ]
    }
}

extension SettlementReceipt {
    var json: JSON {
        var object = JSONObject()
        object["order"] = .string(order.description)
        object["entry"] = .string(movement.entry.description)
        object["amount"] = .string(movement.amount.description)
        object["balance"] = .string(movement.balance.description)
        let (word, reason, subscriptions) = said
        object["result"] = .string(word)
        object["reason"] = reason.map(JSON.string) ?? .null
        object["subscriptions"] = .array(subscriptions.map { .string($0.description) })
        return .object(object)
    }

    var line: String {
        let (word, reason, subscriptions) = said
        let order =
            subscriptions.isEmpty
            ? "\(word)\(reason.map { ": \($0)" } ?? "")"
            : "\(word): \(subscriptions.map(\.description).joined(separator: ", "))"
        return "credited \(movement.amount), \(order); the balance is \(movement.balance)"
    }

    private var said: (word: String, reason: String?, subscriptions: [SubscriptionID]) {
        switch result {
        case .bought(let receipt): ("bought", nil, receipt.subscriptions.map(\.id))
        case .waits(let refusal): ("waits", refusal.reason, [])
        case .notFulfilled(let reason): ("not bought", reason, [])
        case .late(let state): ("too late", state.rawValue, [])
        }
    }
}
