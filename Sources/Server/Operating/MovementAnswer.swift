internal import Billing
internal import Postgres
internal import Primitives

/// What was put on a wallet or taken from it by hand, as it is told and remembered.
struct MovementAnswer: AnswerByHand, Equatable {
    let entry: JournalEntryID
    /// Below zero where it was taken.
    let amount: Money
    /// The wallet's, after it.
    let balance: Money

    init(_ receipt: MovementReceipt) {
        (entry, amount, balance) = (receipt.entry, receipt.amount, receipt.balance)
    }

    init(_ outcome: Outcome) {
        guard case .moved(let receipt) = outcome else {
            preconditionFailure("a movement became something else")
        }
        self.init(receipt)
    }

    init(remembered bytes: [UInt8]) throws {
        let json = try JSON.parse(bytes)
        guard let entry = json["entry"]?.stringValue.flatMap(IdentifierBits.init(uuidString:)),
            let amount = json["amount"]?.stringValue.flatMap({ Money($0) }),
            let balance = json["balance"]?.stringValue.flatMap({ Money($0) })
        else { throw Unreadable("the remembered answer is none of a movement by hand") }
        (self.entry, self.amount, self.balance) = (JournalEntryID(bits: entry), amount, balance)
    }

    var json: JSON {
        [
            "entry": .string(entry.description), "amount": .string(amount.description),
            "balance": .string(balance.description),
        ]
    }

    var foretold: [String] { ["would move \(amount); the balance would be \(balance)"] }
}
