internal import Billing
internal import Postgres
internal import Primitives

/// What a change of plan by hand came to.
struct PlanChangeView: Sendable {
    /// What was answered the first time that it was asked for.
    let answer: PlanChangeAnswer
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
        return ["changed, \(answer.figures); \(standing)", "  subscription \(subscription.line)"]
    }
}

/// What a change of plan charged and credited, as it is told and remembered.
struct PlanChangeAnswer: AnswerByHand, Equatable {
    let order: OrderID
    let charge: Money
    let credit: Money
    /// Charge less credit; what is negative went back.
    let net: Money
    /// The wallet's, after it.
    let balance: Money
    let activeUntil: Instant

    init(_ outcome: Outcome) {
        guard case .changed(let receipt) = outcome else {
            preconditionFailure("a change of plan became something else")
        }
        (order, charge, credit, net) = (receipt.order, receipt.charge, receipt.credit, receipt.net)
        (balance, activeUntil) = (receipt.balance, receipt.period.end)
    }

    init(remembered bytes: [UInt8]) throws {
        let json = try JSON.parse(bytes)
        func money(_ name: String) -> Money? { json[name]?.stringValue.flatMap { Money($0) } }
        guard let order = json["order"]?.stringValue.flatMap(IdentifierBits.init(uuidString:)),
            let charge = money("charge"), let credit = money("credit"), let net = money("net"),
            let balance = money("balance"),
            let activeUntil = json["active_until"]?.stringValue.flatMap({ Instant(rfc3339: $0) })
        else { throw Unreadable("the remembered answer is none of a change of plan by hand") }
        (self.order, self.charge, self.credit) = (OrderID(bits: order), charge, credit)
        (self.net, self.balance, self.activeUntil) = (net, balance, activeUntil)
    }

    var json: JSON {
        [
            "order": .string(order.description), "charge": .string(charge.description),
            "credit": .string(credit.description), "net": .string(net.description),
            "balance": .string(balance.description), "active_until": .string(activeUntil.rfc3339()),
        ]
    }

    fileprivate var figures: String { "\(charge) less a credit of \(credit): \(net)" }

    var foretold: [String] {
        ["would come to \(figures); the balance would be \(balance), paid until \(activeUntil.rfc3339())"]
    }
}
