internal import Catalog
internal import Primitives

/// How an order stands.
enum OrderState: String, Sendable, CaseIterable {
    /// Also while parts of it have been given back.
    case paid
    case refunded
}

/// An order, as an operator sees it.
struct OrderView: Sendable {
    let id: OrderID
    /// By the tenant's clock.
    let placedAt: Instant
    let kind: OrderKind
    let state: OrderState
    let customer: CustomerID
    let email: String
    let dialect: DialectName
    /// Of the API key, or the name of the person, that ordered; `nil` where it was a job or an operator.
    let orderedBy: String?
    /// The plan's code, and the version that was charged.
    let plan: String
    let planVersion: Int32
    let quantity: Int32
    let repeatCount: Int32
    let price: Price
    let coupon: String?
    /// The one that was renewed.
    let renewed: SubscriptionID?
    /// The group of customers by whose price list it was priced; `nil`: the plan's own price.
    let group: String?

    /// What was charged, and what of it was given back.
    struct Price: Sendable, Equatable {
        let list: Money
        let discount: Money
        let total: Money
        let refunded: Money
        /// `nil` where the plan has no wholesale price.
        let wholesale: Money?
        let wholesaleRefunded: Money
    }

    var json: JSON {
        [
            "id": .string(id.description), "placed_at": .string(placedAt.rfc3339()),
            "kind": .string(kind.rawValue), "state": .string(state.rawValue),
            "customer": .string(customer.description), "email": .string(email),
            "dialect": .string(dialect.rawValue), "ordered_by": orderedBy.map(JSON.string) ?? .null,
            "plan": .string(plan), "plan_version": .integer(Int64(planVersion)),
            "quantity": .integer(Int64(quantity)), "repeat_count": .integer(Int64(repeatCount)),
            "list": .string(price.list.description), "discount": .string(price.discount.description),
            "total": .string(price.total.description), "refunded": .string(price.refunded.description),
            "wholesale": price.wholesale.map { .string($0.description) } ?? .null,
            "wholesale_refunded": .string(price.wholesaleRefunded.description),
            "coupon": coupon.map(JSON.string) ?? .null,
            "renewed": renewed.map { .string($0.description) } ?? .null,
            "price_list": group.map(JSON.string) ?? .null,
        ]
    }

    var line: String {
        let part = state == .paid && price.refunded.isPositive ? "  \(price.refunded) given back" : ""
        return
            "\(placedAt.rfc3339())  \(kind.rawValue)  \(state.rawValue)  \(price.total)\(part)  \(plan)  \(email)  \(id)"
    }
}

/// Which orders of a tenant are asked for, newest first.
struct OrderFilter: Sendable {
    /// E-mail address, username or id.
    var customer: String?
    var state: OrderState?
    var kind: OrderKind?
    /// Placed from this instant on, by the tenant's clock.
    var from: Instant?
    /// Placed before this one.
    var to: Instant?
    /// Only what is older than this order.
    var before: OrderID?
    /// At least 1.
    var limit = 50
}
