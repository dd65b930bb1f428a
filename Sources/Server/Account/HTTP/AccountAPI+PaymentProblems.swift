internal import Billing
internal import Primitives

// Exhaustive, so a new refusal is a compile error here.

extension AccountAPI.Problem {
    init(of refusal: PaymentRefusal) {
        switch refusal {
        case .providerMissing: self.init(.topUpsNotOffered)
        case .amountNotPayable: self.init(.invalidAmount)
        case .declined: self.init(.topUpDeclined)
        case .customerUnknown, .customerInactive: self.init(.unauthorized)
        // An Idempotency-Key that opened another payment than the one that is asked for now.
        case .paymentUnknown: self.init(.notFound)
        case .methodMissing: self.init(.cardMissing)
        // The desk is asked for pages and settings here: nothing goes back, and what the ledger says no to is the amount.
        case .money: self.init(.invalidAmount)
        case .notPaid: self.init(.internal)
        }
    }

    init(of problem: PaymentProviderProblem) {
        switch problem {
        case .refused: self.init(.topUpDeclined)
        case .unreachable: self.init(.unavailable, retryAfter: 5)
        }
    }
}
