internal import Primitives

/// What a customer shows others of an order: who sold what to whom, for how much, and what was given back since.
struct Receipt: Sendable {
    let seller: String
    let buyer: CustomerView
    let order: OrderView
    let planName: String
    /// Reversals of its charge, oldest first.
    let refunds: [EntryView]

    /// What one subscription costs for one period.
    var unit: Money {
        let counts = Int64(order.quantity) * Int64(order.repeatCount)
        let (price, rest) = order.price.list.minor.quotientAndRemainder(dividingBy: counts)
        // An order of several things that are no multiple of each other is shown as one.
        return rest == 0 ? Money(minor: price, currency: order.price.list.currency) : order.price.list
    }

    /// What stays paid.
    var paid: Money {
        let price = order.price
        return price.total.subtracting(price.refunded) ?? price.total
    }

    var json: JSON {
        let price = order.price
        return [
            "order": .string(order.id.description), "placed_at": .string(order.placedAt.rfc3339()),
            "kind": .string(order.kind.rawValue), "seller": .string(seller),
            "buyer": ["email": .string(buyer.email), "username": .string(buyer.username)],
            "lines": [
                [
                    "plan": .string(order.plan), "name": .string(planName),
                    "quantity": .integer(Int64(order.quantity)),
                    "periods": .integer(Int64(order.repeatCount)),
                    "unit": unit.accountJSON, "amount": price.list.accountJSON,
                ]
            ],
            "coupon": order.coupon.map(JSON.string) ?? .null, "discount": price.discount.accountJSON,
            "total": price.total.accountJSON,
            "refunds": .array(
                refunds.map {
                    ["at": .string($0.recordedAt.rfc3339()), "amount": $0.amount.accountJSON]
                }),
            "paid": paid.accountJSON,
        ]
    }

    /// The same for people, in lines of plain text.
    var text: String {
        let price = order.price
        var lines = [
            "Receipt", "Order     \(order.id)", "Date      \(order.placedAt.rfc3339())",
            "Seller    \(seller)",
            "Buyer     \(buyer.username), \(buyer.email)", "",
            "\(planName): \(order.quantity) for \(order.repeatCount) period\(order.repeatCount == 1 ? "" : "s") at \(unit)",
            "List      \(price.list)",
        ]
        if !price.discount.isZero {
            lines.append("Discount  \(price.discount)\(order.coupon.map { " (\($0))" } ?? "")")
        }
        lines.append("Total     \(price.total)")
        lines += refunds.map { "Refund    \($0.amount) on \($0.recordedAt.rfc3339())" }
        lines.append("Paid      \(paid)")
        return lines.joined(separator: "\n") + "\n"
    }
}
