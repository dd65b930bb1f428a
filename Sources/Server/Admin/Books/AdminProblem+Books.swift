internal import Billing
internal import Primitives

extension AdminProblem {
    /// What the books' rules said no to, in words of this API.
    init(_ refusal: OperatorWork.Refusal) {
        switch refusal {
        case .tenantUnknown, .customerUnknown, .keyUnknown, .personUnknown, .orderUnknown,
            .subscriptionUnknown:
            self.init(Code.notFound)
        case .personTaken: self.init(Code.emailTaken, field: "email")
        case .planUnknown: self.init(Code.invalidField, "The tenant has no such plan.", field: "plan")
        case .endIsOver, .endIsTooFar: self = .invalid("expires_at", "a moment to come")
        case .taken: self.init(Code.conflict)
        case .subscriptionEnded: self.init(Code.subscriptionEnded)
        case .subscriptionParked: self.init(Code.subscriptionParked)
        case .subscriptionNotParked: self.init(Code.subscriptionNotParked)
        case .money(let refusal): self.init(refusal)
        case .amountUnreadable(let text, let currency):
            self.init(Code.invalidField, "\(text) is no amount of \(currency).")
        case .clockIsLive, .clock, .sandboxMissing, .keysAreTestKeys:
            self.init(Code.conflict, "\(refusal)")
        }
    }

    /// What the engine's rules said no to.
    init(_ refusal: Refusal) {
        switch refusal {
        case .idempotencyKeyReused: self.init(Code.idempotencyKeyReused)
        case .idempotencyKeyInFlight: self = .retry(.idempotencyKeyInFlight, after: 1)
        case .customerUnknown, .subscriptionUnknown, .orderUnknown, .paymentUnknown:
            self.init(Code.notFound)
        case .customerInactive: self.init(Code.customerClosed)
        case .previewOutOfDate: self.init(Code.previewOutOfDate)
        case .planUnknown: self.init(Code.invalidField, "The tenant has no such plan.", field: "plan")
        case .planInactive, .networkInactive, .planNotEligible, .planNotPriced, .exitCountryNotOffered,
            .exitRotationNotOffered, .trialNotOffered, .trialUsed:
            self.init(Code.planNotEligible)
        case .subscriptionNotRenewable, .subscriptionEnded: self.init(Code.subscriptionEnded)
        case .amountTooLarge: self.init(Code.amountTooLarge)
        case .priceChanged(let amount), .refundChanged(let amount):
            self.init(Code.amountChanged, "It would come to \(amount), which is not what was expected.")
        case .amountInvalid:
            self = .invalid("amount", "an amount above zero in the customer's currency")
        case .referenceUsed: self.init(Code.referenceUsed, field: "reference")
        case .refundExceedsPayment(let left):
            self.init(Code.refundExceedsPayment, "Of the order \(left) is left.")
        case .serviceNotReturnable: self.init(Code.serviceNotReturnable)
        case .soldOut: self.init(Code.soldOut)
        case .insufficientBalance(let required, let available):
            self.init(Code.insufficientBalance, "It takes \(required), and there is \(available).")
        case .floatExhausted: self.init(Code.floatExhausted)
        case .orderNotPending, .renewalOutOfDate, .couponUnknown, .coupon, .tooManyPendingOrders,
            .paymentStepTaken:
            self.init(Code.conflict, "The books refused it: \(refusal.reason).")
        }
    }

    /// What the books may say no to, of commands that move money.
    static let ofMoney: [Code] = [
        .customerClosed, .amountTooLarge, .insufficientBalance, .floatExhausted, .previewOutOfDate,
        .amountChanged, .invalidField,
    ]
}
