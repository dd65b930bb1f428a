internal import Primitives

/// A wallet that fills itself from a saved card.
struct AutoTopUp: Sendable, Hashable {
    let tenant: TenantID
    let customer: CustomerID
    /// Below it ...
    let threshold: Money
    /// ... so much is collected ...
    let amount: Money
    /// ... at most so often a day, in the tenant's zone.
    let perDay: Int32
    let isActive: Bool
    /// Payments that failed, one after the other.
    let tries: Int32
    let nextAt: Instant?
    let parkedAt: Instant?
    let parkedReason: String?

    /// How many in a row may fail before nobody tries any more.
    static let triesMax: Int32 = 4
    /// How many a day a customer may ask for.
    static let perDayMax: Int32 = 24

    /// How long after a failure nobody tries, in ms: an hour, four, sixteen.
    static func waitMilliseconds(after tries: Int32) -> Int64 {
        3_600_000 << Int64(2 * min(max(tries - 1, 0), 3))
    }

    var json: JSON {
        [
            "customer": .string(customer.description), "threshold": .string(threshold.description),
            "amount": .string(amount.description), "per_day": .integer(Int64(perDay)),
            "active": .bool(isActive), "tries": .integer(Int64(tries)),
            "next_at": nextAt.map { .string($0.rfc3339()) } ?? .null,
            "parked_at": parkedAt.map { .string($0.rfc3339()) } ?? .null,
            "parked_reason": parkedReason.map(JSON.string) ?? .null,
        ]
    }

    var line: String {
        let state = parkedReason.map { "parked (\($0))" } ?? (isActive ? "on" : "off")
        return "\(customer)  \(state)  \(amount) below \(threshold), at most \(perDay) a day"
    }
}

/// Whether a wallet is to be filled now; a pure reading of its rows.
enum AutoTopUpDecision: Sendable, Hashable {
    case collect(Money)
    /// Not now, for this.
    case wait(Reason)

    enum Reason: String, Sendable, Hashable {
        case off, parked, enough, early
        case underWay = "under_way"
        case dayIsOver = "bound_of_the_day"
        case methodMissing = "no_saved_card"
        case customerInactive = "customer_inactive"
        case currency
    }

    /// What of a customer's rows it depends on.
    struct Facts: Sendable {
        let setting: AutoTopUp
        let balance: Money
        let isCustomerActive: Bool
        let hasMethod: Bool
        /// Automatic payments of which nobody knows yet whether they are paid.
        let open: Int
        /// Automatic payments since the tenant's midnight, whatever became of them.
        let today: Int
    }

    static func of(_ facts: Facts, at now: Instant) -> AutoTopUpDecision {
        let setting = facts.setting
        guard setting.isActive else { return .wait(.off) }
        guard setting.parkedAt == nil else { return .wait(.parked) }
        guard facts.isCustomerActive else { return .wait(.customerInactive) }
        guard facts.balance.currency == setting.amount.currency else { return .wait(.currency) }
        guard facts.balance.minor < setting.threshold.minor else { return .wait(.enough) }
        guard facts.open == 0 else { return .wait(.underWay) }
        if let next = setting.nextAt, now < next { return .wait(.early) }
        guard facts.today < Int(setting.perDay) else { return .wait(.dayIsOver) }
        guard facts.hasMethod else { return .wait(.methodMissing) }
        return .collect(setting.amount)
    }
}
