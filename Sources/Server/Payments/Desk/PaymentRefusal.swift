internal import Billing
internal import Primitives

/// Why the payment desk says no; nothing has moved.
enum PaymentRefusal: Error, Sendable, Hashable {
    /// The tenant takes no payments: it has no provider, or has switched it off.
    case providerMissing
    /// The provider cannot collect this amount, for this reason in words.
    case amountNotPayable(Money, String)
    /// The provider said no: its code, and its words.
    case declined(code: String, message: String)
    case customerUnknown
    case customerInactive
    case paymentUnknown
    /// Nothing has come of the payment that could go back.
    case notPaid
    /// The customer has left no card with the provider.
    case methodMissing
    /// The ledger's rules.
    case money(Billing.Refusal)
}

extension PaymentRefusal: CustomStringConvertible {
    var description: String {
        switch self {
        case .providerMissing:
            "the tenant has no payment provider; `tollgate payments stripe set` connects one"
        case .amountNotPayable(let amount, let why): "\(amount) cannot be collected: \(why)"
        case .declined(let code, let message): "the payment provider said no (\(code)): \(message)"
        case .customerUnknown: "the tenant has no such customer"
        case .customerInactive: "the customer is closed"
        case .paymentUnknown:
            "the tenant has no such payment; `tollgate payments list` shows which there are"
        case .notPaid: "nothing has come of this payment that could go back"
        case .methodMissing: "the customer has saved no card; it is saved with a payment at a page"
        case .money(let refusal): "\(OperatorWork.Refusal.money(refusal))"
        }
    }
}
