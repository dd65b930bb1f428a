internal import Primitives

/// All that an operator may want to know of one order.
struct OrderDetails: Sendable {
    let order: OrderView
    /// What it made, or the one that it renewed.
    let subscriptions: [Made]
    /// Its charge and its reversals, oldest first.
    let entries: [EntryView]

    /// A subscription of an order's.
    struct Made: Sendable, Equatable {
        let id: SubscriptionID
        let activeUntil: Instant
        let endedAt: Instant?

        var json: JSON {
            [
                "id": .string(id.description), "active_until": .string(activeUntil.rfc3339()),
                "ended_at": endedAt.map { .string($0.rfc3339()) } ?? .null,
            ]
        }

        var line: String {
            "\(id)  until \(activeUntil.rfc3339())\(endedAt.map { "  ended \($0.rfc3339())" } ?? "")"
        }
    }

    var json: JSON {
        [
            "order": order.json, "subscriptions": .array(subscriptions.map(\.json)),
            "entries": .array(entries.map(\.json)),
        ]
    }

    var lines: [String] {
        let price = order.price
        let coupon = order.coupon.map { ", \(price.discount) less by \($0)" } ?? ""
        let wholesale = price.wholesale.map { ", wholesale \($0)" } ?? ""
        let counts = "\(order.quantity) for \(order.repeatCount) period\(order.repeatCount == 1 ? "" : "s")"
        return [
            order.line,
            "  plan \(order.plan), version \(order.planVersion), in \(order.dialect): \(counts)",
            "  list price \(price.list)\(coupon), total \(price.total)\(wholesale), given back \(price.refunded)",
        ] + (order.orderedBy.map { ["  ordered by \($0)"] } ?? [])
            + subscriptions.map { "  subscription \($0.line)" } + entries.map { "  entry \($0.line)" }
    }
}
