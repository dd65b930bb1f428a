internal import Billing
internal import Postgres
internal import Primitives

/// What was set aside of a wallet to go back to where it was paid from.
struct HeldPaymentRefund: AnswerByHand, Equatable {
    let reversal: PaymentReversalID
    let amount: Money
    /// The wallet's, after it.
    let balance: Money

    init(_ outcome: Outcome) {
        guard case .paid(let receipt) = outcome, let reversal = receipt.reversal else {
            preconditionFailure("a refund of a payment became something else")
        }
        (self.reversal, amount, balance) = (reversal, receipt.amount, receipt.balance)
    }

    init(remembered bytes: [UInt8]) throws {
        let json = try JSON.parse(bytes)
        guard let reversal = json["reversal"]?.stringValue.flatMap(IdentifierBits.init(uuidString:)),
            let amount = json["amount"]?.stringValue.flatMap({ Money($0) }),
            let balance = json["balance"]?.stringValue.flatMap({ Money($0) })
        else { throw Unreadable("the remembered answer is none of a payment's refund") }
        (self.reversal, self.amount, self.balance) = (PaymentReversalID(bits: reversal), amount, balance)
    }

    var json: JSON {
        [
            "reversal": .string(reversal.description), "amount": .string(amount.description),
            "balance": .string(balance.description),
        ]
    }

    var foretold: [String] { ["would set \(amount) aside; the balance would be \(balance)"] }
}
