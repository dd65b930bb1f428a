public import Primitives

/// What happens to the money of a payment: it comes, it is asked back, it goes back, or a bank takes it.
///
/// Every step is taken once, however often it is asked for: the payment's own row, under its lock, and the provider's names
/// say whether it was. The wallet has the money from the step `credit` on, and never keeps what went back.
public struct PaymentMovement: Sendable {
    /// What has happened, or is wanted.
    public enum Step: Sendable, Hashable {
        /// The provider was paid so much; `reference` is its own name of the payment.
        case credit(Money, reference: String)
        /// So much shall go back (`nil`: all that is left): it is taken off the wallet and set aside at once, so that it
        /// cannot be spent meanwhile.
        case holdRefund(PaymentReversalID, Money?)
        /// The provider has paid that refund back, by this name of its own.
        case refundPaid(PaymentReversalID, reference: String)
        /// The provider has not paid that refund back, or it bounced: the wallet has the money again.
        case refundFailed(PaymentReversalID, reason: String)
        /// Money that went back without being asked for here, by the provider's name of it: it is booked whole, whatever the
        /// wallet holds; what it does not hold is owed.
        case takenBack(PaymentReversalID, PaymentReversal.Kind, Money, reference: String)
        /// What had been taken back under this name came again: the dispute was won.
        case regained(reference: String)
    }

    public var customer: CustomerID
    public var payment: PaymentID
    /// As `payments.provider` spells it; the journal knows the provider's names behind it.
    public var provider: String
    public var step: Step
    /// Why, for the record.
    public var memo: String?
    public var actor: String?

    public init(
        of payment: Payment, _ step: Step, memo: String? = nil, actor: String? = nil
    ) {
        customer = payment.customer
        self.payment = payment.id
        provider = payment.provider
        self.step = step
        self.memo = memo
        self.actor = actor
    }

    /// What the journal calls what the step moves: unique in the tenant.
    var reference: String? {
        switch step {
        case .credit(_, let name), .refundPaid(_, let name), .takenBack(_, _, _, let name):
            Payment.journalReference(provider, name)
        case .holdRefund, .refundFailed, .regained: nil
        }
    }
}

/// What a step of a payment has moved.
public struct PaymentReceipt: Sendable {
    public let payment: PaymentID
    /// Of what goes back: which of the payment's reversals it was.
    public let reversal: PaymentReversalID?
    /// What the step moved; zero where all of it had gone before.
    public let amount: Money
    /// What should have moved and could not, because the payment was no larger: the tenant's loss.
    public let excess: Money
    /// The wallet's.
    public let balance: Money
    /// What the customer owes since.
    public let owed: Money
}
