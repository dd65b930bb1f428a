public import Primitives

/// Money that a payment provider is asked to collect for a customer's wallet.
public struct Payment: Sendable, Hashable {
    /// How it came to be asked for, as `payments.way` spells it.
    public enum Way: String, Sendable, Hashable, CaseIterable {
        /// The customer pays at a page of the provider's.
        case checkout
        /// A saved card is charged when nobody is there.
        case automatic
        /// The provider told of it, and we had not asked.
        case found
    }

    /// Where it is, as `payments.state` spells it.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Nobody knows yet whether it is paid.
        case open
        /// The wallet has its money.
        case paid
        /// The provider said no.
        case failed
        /// Nobody paid in time. Money that comes all the same is credited.
        case expired
    }

    public let tenant: TenantID
    public let id: PaymentID
    public let customer: CustomerID
    public let provider: String
    public let way: Way
    /// What was asked for.
    public let amount: Money
    public let state: State
    /// The provider's name of the page where it is paid, and of the payment itself.
    public let session: String?
    public let reference: String?
    /// Where the customer pays; only while it is open.
    public let url: String?
    /// What has come, in the currency of `amount`: what the provider said was paid, whatever was asked for.
    public let credited: Money
    /// Of it, what refunds have set aside, and what has gone back.
    public let held: Money
    public let returned: Money
    public let openedAt: Instant
    public let expiresAt: Instant
    public let closedAt: Instant?
    /// What is wrong with it, in words for operators.
    public let problem: String?
    /// How often the provider was asked, and when it is asked again; `nil`: not by itself.
    public let tries: Int32
    public let nextAt: Instant?
    public let actor: String?

    /// What may still go back.
    public var refundable: Money {
        Money(minor: credited.minor - held.minor - returned.minor, currency: amount.currency)
    }

    /// What the journal calls something that the provider calls `name`.
    public static func journalReference(_ provider: String, _ name: String) -> String {
        "\(provider):\(name)"
    }

    /// How long a page stays payable, in ms.
    public static let lifeMilliseconds: Int64 = 86_400_000
}

/// What goes back of a payment, or went.
public struct PaymentReversal: Sendable, Hashable {
    /// Whose doing it is, as `payment_reversals.kind` spells it.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case refund, chargeback
    }

    /// Where it is, as `payment_reversals.state` spells it.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Its money is set aside; the provider was asked or will be.
        case held
        /// Its money has left.
        case returned
        /// It did not go, and the wallet has it again.
        case released
        /// It had gone, and came again: a dispute was won, a refund bounced.
        case regained
    }

    public let tenant: TenantID
    public let id: PaymentReversalID
    public let payment: PaymentID
    public let kind: Kind
    public let state: State
    /// What was asked for or taken, and what of it the wallet and its customer have borne.
    public let amount: Money
    public let booked: Money
    /// The provider's name of it.
    public let reference: String?
    public let memo: String?
    public let actor: String?
    public let recordedAt: Instant
    public let closedAt: Instant?
    /// What is wrong with it, in words for operators.
    public let problem: String?
    public let tries: Int32
    public let nextAt: Instant?
}
