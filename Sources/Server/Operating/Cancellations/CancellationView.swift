internal import Billing
internal import Postgres
internal import Primitives

/// What a cancellation by hand came to.
struct CancellationView: Sendable {
    /// What was answered the first time that it was asked for.
    let answer: CancellationAnswer
    /// Whether that was before, under its key; nothing has moved now.
    let isRepeated: Bool
    /// As it stands now.
    let subscription: SubscriptionView

    var json: JSON {
        ["subscription": subscription.json, "answer": answer.json, "repeated": .bool(isRepeated)]
    }

    var lines: [String] {
        let standing =
            isRepeated
            ? "before, under this key: nothing has moved now" : "the balance is \(answer.balance)"
        return ["\(answer.said); \(standing)"] + answer.refunds.map { "  order \($0.line)" }
            + ["  subscription \(subscription.line)"]
    }
}

/// What a cancellation gave back, and when the subscription ends, as it is told and remembered.
struct CancellationAnswer: AnswerByHand, Equatable {
    let way: Cancellation.Way
    /// Of all orders together.
    let refund: Money
    let refunds: [Part]
    /// The wallet's, after it.
    let balance: Money
    /// Until when it is paid: with `atEnd` still to come.
    let activeUntil: Instant

    /// What went back of one order, and the entry that reverses it.
    struct Part: Sendable, Equatable {
        let order: OrderID
        let entry: JournalEntryID
        let amount: Money

        var json: JSON {
            [
                "order": .string(order.description), "entry": .string(entry.description),
                "amount": .string(amount.description),
            ]
        }

        var line: String { "\(order)  \(amount)" }
    }

    init(_ outcome: Outcome) {
        guard case .cancelled(let receipt) = outcome else {
            preconditionFailure("a cancellation became something else")
        }
        way = receipt.way
        (refund, balance) = (receipt.refund, receipt.balance)
        refunds = receipt.refunds.map { Part(order: $0.order, entry: $0.entry, amount: $0.amount) }
        activeUntil = receipt.activeUntil
    }

    var json: JSON {
        [
            "way": .string(way.rawValue), "refund": .string(refund.description),
            "refunds": .array(refunds.map(\.json)), "balance": .string(balance.description),
            "active_until": .string(activeUntil.rfc3339()),
        ]
    }

    fileprivate var said: String {
        switch way {
        case .now: "cancelled, \(refund) given back"
        case .undeliverable: "cancelled as undeliverable, \(refund) given back"
        case .atEnd: "cancelled with its paid time, until \(activeUntil.rfc3339())"
        }
    }
}

extension CancellationAnswer {
    var foretold: [String] {
        let end = way == .atEnd ? ["it would end with its paid time, \(activeUntil.rfc3339())"] : []
        return ["would give \(refund) back; the balance would be \(balance)"] + end
            + refunds.map { "  order \($0.line)" }
    }

    init(remembered bytes: [UInt8]) throws {
        let json = try JSON.parse(bytes)
        guard let way = json["way"]?.stringValue.flatMap(Cancellation.Way.init(rawValue:)),
            let refund = json["refund"]?.stringValue.flatMap({ Money($0) }),
            let refunds = json["refunds"]?.arrayValue,
            let balance = json["balance"]?.stringValue.flatMap({ Money($0) }),
            let activeUntil = json["active_until"]?.stringValue.flatMap({ Instant(rfc3339: $0) })
        else { throw Self.unreadable }
        (self.way, self.refund, self.balance, self.activeUntil) = (way, refund, balance, activeUntil)
        self.refunds = try refunds.map(Part.init)
    }

    fileprivate static let unreadable = Unreadable(
        "the remembered answer is none of a cancellation by hand")
}

extension CancellationAnswer.Part {
    fileprivate init(_ json: JSON) throws {
        guard let order = json["order"]?.stringValue.flatMap(IdentifierBits.init(uuidString:)),
            let entry = json["entry"]?.stringValue.flatMap(IdentifierBits.init(uuidString:)),
            let amount = json["amount"]?.stringValue.flatMap({ Money($0) })
        else { throw CancellationAnswer.unreadable }
        self.init(order: OrderID(bits: order), entry: JournalEntryID(bits: entry), amount: amount)
    }
}
