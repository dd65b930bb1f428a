internal import Billing
internal import Postgres
internal import Primitives

/// What a refund by hand came to.
struct RefundView: Sendable {
    /// What was answered the first time that it was asked for.
    let answer: RefundAnswer
    /// Whether that was before, under its key; nothing has moved now.
    let isRepeated: Bool
    /// As it stands now.
    let order: OrderView

    /// Of the order's total; nothing once it is refunded.
    var left: Money {
        Money(
            minor: order.price.total.minor - order.price.refunded.minor, currency: order.price.total.currency)
    }

    var json: JSON {
        [
            "order": .string(order.id.description), "answer": answer.json,
            "state": .string(order.state.rawValue), "refunded": .string(order.price.refunded.description),
            "left": .string(left.description), "repeated": .bool(isRepeated),
        ]
    }

    var lines: [String] {
        let what =
            isRepeated
            ? "refunded \(answer.amount) before, under this key: nothing has moved now"
            : "refunded \(answer.amount); the balance is \(answer.balance)"
        return ["\(what); \(left) of the order is left"] + answer.taken.map { "  subscription \($0.line)" }
    }
}

/// What a refund moved and took back, as it is told and remembered.
struct RefundAnswer: AnswerByHand, Equatable {
    let entry: JournalEntryID
    let amount: Money
    /// The wallet's, after it.
    let balance: Money
    /// The subscriptions whose time it took back.
    let taken: [Taken]

    /// How a subscription stands since.
    struct Taken: Sendable, Equatable {
        let id: SubscriptionID
        let activeUntil: Instant
        let isEnded: Bool

        var json: JSON {
            [
                "id": .string(id.description), "active_until": .string(activeUntil.rfc3339()),
                "ended": .bool(isEnded),
            ]
        }

        var line: String { "\(id)  \(isEnded ? "ended" : "paid until \(activeUntil.rfc3339())")" }
    }

    init(_ outcome: Outcome) {
        guard case .refunded(let receipt) = outcome else {
            preconditionFailure("a refund became something else")
        }
        (entry, amount, balance) = (receipt.entry, receipt.amount, receipt.balance)
        taken = receipt.subscriptions.map {
            Taken(id: $0.id, activeUntil: $0.activeUntil, isEnded: $0.isEnded)
        }
    }

    var json: JSON {
        [
            "entry": .string(entry.description), "amount": .string(amount.description),
            "balance": .string(balance.description), "subscriptions": .array(taken.map(\.json)),
        ]
    }
}

extension RefundAnswer {
    var foretold: [String] {
        ["would refund \(amount); the balance would be \(balance)"]
            + taken.map { "  subscription \($0.line)" }
    }

    init(remembered bytes: [UInt8]) throws {
        let json = try JSON.parse(bytes)
        guard let entry = json["entry"]?.stringValue.flatMap(IdentifierBits.init(uuidString:)),
            let amount = json["amount"]?.stringValue.flatMap({ Money($0) }),
            let balance = json["balance"]?.stringValue.flatMap({ Money($0) }),
            let subscriptions = json["subscriptions"]?.arrayValue
        else { throw Self.unreadable }
        (self.entry, self.amount, self.balance) = (JournalEntryID(bits: entry), amount, balance)
        taken = try subscriptions.map(Taken.init)
    }

    fileprivate static let unreadable = Unreadable("the remembered answer is none of a refund by hand")
}

extension RefundAnswer.Taken {
    fileprivate init(_ json: JSON) throws {
        guard let id = json["id"]?.stringValue.flatMap(IdentifierBits.init(uuidString:)),
            let activeUntil = json["active_until"]?.stringValue.flatMap({ Instant(rfc3339: $0) }),
            let isEnded = json["ended"]?.boolValue
        else { throw RefundAnswer.unreadable }
        self.init(id: SubscriptionID(bits: id), activeUntil: activeUntil, isEnded: isEnded)
    }
}
