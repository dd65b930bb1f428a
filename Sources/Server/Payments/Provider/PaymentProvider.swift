internal import HTTPTypes
internal import Primitives

/// A payment provider in our words: what a vendor calls these things stops at the folder of its adapter.
///
/// Whatever is asked for names itself by our own id, so that it can be asked for again and happens once.
protocol PaymentProvider: Sendable {
    /// As `payments.provider` spells it.
    var name: String { get }
    /// Why this amount cannot be collected, in words; `nil` where it can.
    func objection(to amount: Money) -> String?
    /// Makes a page where the customer pays.
    func openPage(for order: PageOrder) async throws(PaymentProviderProblem) -> PaymentPage
    /// What became of a page.
    func page(_ session: String) async throws(PaymentProviderProblem) -> PageStanding
    /// Charges a saved card when nobody is there.
    func charge(_ order: ChargeOrder) async throws(PaymentProviderProblem) -> ProviderPayment
    /// What became of a payment, by the provider's name of it.
    func payment(_ reference: String) async throws(PaymentProviderProblem) -> ProviderPayment
    /// Pays a part of a payment back.
    func refund(_ order: RefundOrder) async throws(PaymentProviderProblem) -> ProviderRefund
    /// Everything that was paid back of a payment, by whomever.
    func refunds(of reference: String) async throws(PaymentProviderProblem) -> [ProviderRefund]
    /// Reads a message that the provider has sent, and makes sure that it did.
    func message(
        _ body: [UInt8], _ headers: HTTPFields, at now: Instant
    ) throws(MessageRefusal)
        -> ProviderMessage
}

/// Why a provider has not done what it was asked.
enum PaymentProviderProblem: Error, Sendable, CustomStringConvertible {
    /// It said no; nothing has happened, and nothing will if it is asked again.
    case refused(code: String, message: String)
    /// Nobody knows whether it has happened: ask again, by the same id.
    case unreachable(Fault)

    var description: String {
        switch self {
        case .refused(let code, let message): "\(code): \(message)"
        case .unreachable(let fault): "\(fault)"
        }
    }
}

/// Why a message is not believed.
enum MessageRefusal: Error, Sendable, Hashable {
    /// No signature, or none of ours over these bytes.
    case notSigned
    /// Signed too long ago, or in the future: somebody may be repeating it.
    case outOfTime
    /// Signed, and not what we read; the words are for the log.
    case unreadable(String)
}

/// What a page is to collect.
struct PageOrder: Sendable {
    let payment: PaymentID
    let customer: CustomerID
    let tenant: TenantID
    let amount: Money
    /// What the page says is paid for.
    let description: String
    let email: String?
    /// Whether the card is kept for payments when nobody is there.
    let savesMethod: Bool
    /// Who pays, as the provider knows them from before.
    let payer: String?
}

struct PaymentPage: Sendable, Hashable {
    let session: String
    let url: String
    let reference: String?
    let expiresAt: Instant?
}

/// What became of a page.
struct PageStanding: Sendable, Hashable {
    enum State: Sendable, Hashable {
        /// Nobody has paid yet, or the bank takes its time.
        case open
        /// So much was paid.
        case paid(Money)
        case expired
    }

    let session: String
    let state: State
    let reference: String?
    let names: OurNames
}

/// What a saved card is to be charged.
struct ChargeOrder: Sendable {
    let payment: PaymentID
    let customer: CustomerID
    let tenant: TenantID
    let amount: Money
    let method: SavedPaymentMethod
}

/// What a customer has left with the provider.
struct SavedPaymentMethod: Sendable, Hashable {
    /// The provider's name of the customer, and of their card.
    let payer: String
    let method: String
}

/// What we have called a thing of the provider's, as it gives it back.
struct OurNames: Sendable, Hashable {
    var payment: PaymentID?
    var customer: CustomerID?
    var reversal: PaymentReversalID?
}

/// A payment as the provider knows it.
struct ProviderPayment: Sendable, Hashable {
    enum State: Sendable, Hashable {
        case open
        /// So much was paid.
        case paid(Money)
        case failed(String)
    }

    let reference: String
    let state: State
    let names: OurNames
    /// What may be charged again, where the customer has agreed to that.
    let saved: SavedPaymentMethod?
}

/// What shall be paid back.
struct RefundOrder: Sendable {
    let reversal: PaymentReversalID
    let payment: PaymentID
    /// The provider's name of the payment.
    let reference: String
    let amount: Money
}

/// Something that was paid back, or is about to be.
struct ProviderRefund: Sendable, Hashable {
    enum State: Sendable, Hashable {
        case paid
        /// On its way; it may still bounce.
        case pending
        case failed(String)
    }

    let reference: String
    let amount: Money
    let state: State
    let names: OurNames
}

/// A bank's objection to a payment.
struct ProviderDispute: Sendable, Hashable {
    enum State: Sendable, Hashable {
        /// The bank has the money, or keeps it.
        case taken
        case won
        /// Only a question; no money has moved.
        case inquiry
    }

    let reference: String
    let payment: String
    let amount: Money
    let state: State
}

/// A message of a provider's.
struct ProviderMessage: Sendable, Hashable {
    enum Content: Sendable, Hashable {
        case page(PageStanding)
        case payment(ProviderPayment)
        /// Something was paid back of this payment.
        case refunds(of: String)
        case dispute(ProviderDispute)
        /// About something else, or nothing that we book.
        case ignored
    }

    /// The provider's name of the message: the same whenever it is sent again.
    let name: String
    let kind: String
    let content: Content
}
