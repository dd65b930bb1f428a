internal import Catalog
internal import Primitives

/// How a subscription stands at an instant, by the clock and not by the job that notices.
enum SubscriptionState: String, Sendable, CaseIterable {
    case active
    /// Past what is paid: it may still be renewed while its grace lasts.
    case expired
    /// Nothing renews it any more.
    case ended

    init(activeUntil: Instant, endedAt: Instant?, at now: Instant) {
        self = endedAt != nil ? .ended : now < activeUntil ? .active : .expired
    }
}

/// A subscription, as an operator sees it: what its customer bought, never what opens its ports.
struct SubscriptionView: Sendable {
    let id: SubscriptionID
    let customer: CustomerID
    let email: String
    /// Its code.
    let plan: String
    let planName: String
    let dialect: DialectName
    let isTrial: Bool
    /// The one that made it.
    let order: OrderID
    let startedAt: Instant
    let activeUntil: Instant
    let endedAt: Instant?
    let state: SubscriptionState
    /// How many have been paid for.
    let periods: Int32
    /// When the job `renewals` tries it next; `nil`: nobody renews it by itself.
    let renewsAt: Instant?
    let parkedReason: String?
    /// How many it holds now.
    let ports: Int
    /// `nil` where its plan offered no choice.
    let exit: Exit?
    /// The customer's own.
    let note: String?

    var json: JSON {
        [
            "id": .string(id.description), "customer": .string(customer.description), "email": .string(email),
            "plan": .string(plan), "plan_name": .string(planName), "dialect": .string(dialect.rawValue),
            "trial": .bool(isTrial), "order": .string(order.description), "state": .string(state.rawValue),
            "started_at": .string(startedAt.rfc3339()), "active_until": .string(activeUntil.rfc3339()),
            "ended_at": endedAt.map { .string($0.rfc3339()) } ?? .null, "periods": .integer(Int64(periods)),
            "renews_at": renewsAt.map { .string($0.rfc3339()) } ?? .null,
            "parked": parkedReason.map(JSON.string) ?? .null, "ports": .integer(Int64(ports)),
            "exit_country": exit.map { .string($0.country.rawValue) } ?? .null,
            "exit_rotation": exit.map { .string($0.rotation.rawValue) } ?? .null,
            "note": note.map(JSON.string) ?? .null,
        ]
    }

    var line: String {
        let what = isTrial ? "a trial of \(plan)" : plan
        let renewal =
            parkedReason.map { "  parked (\($0))" } ?? renewsAt.map { "  renews itself at \($0.rfc3339())" }
            ?? ""
        let when = endedAt.map { "at \($0.rfc3339())" } ?? "until \(activeUntil.rfc3339())"
        return "\(id)  \(state.rawValue)  \(when)  \(what) in \(dialect)  \(email)\(renewal)"
    }
}

/// Which subscriptions of a tenant are asked for, newest first.
struct SubscriptionFilter: Sendable {
    /// E-mail address, username or id.
    var customer: String?
    var state: SubscriptionState?
    /// A plan's code.
    var plan: String?
    /// Whether its renewals were given up until somebody has looked at it.
    var isParked: Bool?
    /// Only what is older than this one.
    var before: SubscriptionID?
    /// At least 1.
    var limit = 50
}
