internal import Primitives

/// What one step of a period has earned, in one currency.
struct RevenueRow: Sendable, Hashable {
    /// The step's first day, or the period's.
    let day: String
    /// What orders charged.
    let sales: Money
    /// What of it, or of earlier ones, went back.
    let refunds: Money
    /// Wholesale of the same orders, less what went back of it.
    let wholesale: Money

    var net: Money { Money(minor: sales.minor - refunds.minor, currency: sales.currency) }
    var margin: Money { Money(minor: net.minor - wholesale.minor, currency: sales.currency) }

    var revenueJSON: JSON {
        [
            "from": .string(day), "currency": .string(sales.currency.code),
            "sales": .string(sales.description), "refunds": .string(refunds.description),
            "net": .string(net.description),
        ]
    }

    var marginJSON: JSON {
        [
            "from": .string(day), "currency": .string(sales.currency.code), "net": .string(net.description),
            "wholesale": .string(wholesale.description), "margin": .string(margin.description),
        ]
    }
}

/// How many subscriptions a step began with, got and lost; trials are none, nor what was taken back at once.
struct SubscriptionCountRow: Sendable, Hashable {
    let day: String
    /// Begun before the step, and alive at its first moment.
    let active: Int64
    let started: Int64
    /// Whose time ended in the step, and did not go on.
    let lost: Int64

    /// Of those that it began with, in hundredths of a percent, rounded down; `nil` where there were none.
    var churn: Int64? { active == 0 ? nil : lost * 10_000 / active }

    var json: JSON {
        [
            "from": .string(day), "active": .integer(active), "started": .integer(started),
            "lost": .integer(lost), "churn_bps": churn.map(JSON.integer) ?? .null,
        ]
    }
}
