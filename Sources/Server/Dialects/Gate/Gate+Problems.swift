internal import Billing
internal import Catalog
internal import Primitives
internal import Provisioning

// Every refusal in the vendor's words. The switches are exhaustive, so a new refusal is a compile error here.

extension Gate.Problem {
    init(_ refusal: Refusal) {
        switch refusal {
        case .idempotencyKeyReused: self = .idempotencyKeyReused
        case .idempotencyKeyInFlight: self = .idempotencyKeyInFlight
        case .customerUnknown: self = .unauthorized
        case .customerInactive: self = .forbidden
        case .planUnknown: self = .invalid(.planID)
        case .subscriptionUnknown: self = .subscriptionNotFound
        case .planInactive, .planNotPriced: self = .planInactive
        case .networkInactive: self = .networkInactive
        case .subscriptionNotRenewable, .subscriptionEnded: self = .invalidState
        // Only jobs renew by themselves.
        case .renewalOutOfDate: self = .fault
        // The plan exists, but not for this subscription: "inactive plan … or invalid subscription state".
        case .planNotEligible: self = .planNotEligible
        // No operation of this dialect chooses an exit.
        case .exitCountryNotOffered, .exitRotationNotOffered: self = .fault
        case .trialNotOffered: self = .trialNotOffered
        case .trialUsed: self = .trialUsed
        case .amountTooLarge: self = .amountTooLarge
        case .couponUnknown: self = .invalidCouponCode
        case .coupon(let refusal): self.init(refusal)
        case .priceChanged: self = .priceChanged
        // The customer is not told that the tenant's own float is empty.
        case .soldOut, .floatExhausted: self = .soldOut
        case .insufficientBalance: self = .insufficientBalance
        // No operation of this dialect asks for a refund, a top-up or an adjustment, or lets an order wait for money.
        case .orderUnknown, .amountInvalid, .referenceUsed, .refundExceedsPayment, .serviceNotReturnable,
            .refundChanged, .previewOutOfDate, .orderNotPending, .tooManyPendingOrders, .paymentUnknown,
            .paymentStepTaken:
            self = .fault
        }
    }

    init(_ error: EngineError) {
        switch error {
        case .refused(let refusal): self.init(refusal)
        case .busy(let seconds): self = .unavailable(retryAfter: seconds)
        case .stopping: self = .unavailable(retryAfter: 1)
        case .unavailable(let fault): self.init(fault)
        case .outcomeUnknown: self = .outcomeUnknown
        }
    }

    /// Whatever is wrong with a coupon, it is "not a valid coupon" (G1): nothing tells which codes exist.
    init(_ refusal: CouponRefusal) {
        switch refusal {
        case .inactive, .notStarted, .ended, .exhausted, .customerNotCovered, .customerLimitReached,
            .notFirstOrder, .planNotCovered, .kindNotCovered, .currencyMismatch, .belowMinimum,
            .budgetExhausted:
            self = .invalidCouponCode
        }
    }

    init(_ refusal: PricingRefusal) {
        switch refusal {
        case .notPriced: self = .planInactive
        case .amountTooLarge: self = .amountTooLarge
        case .coupon(let refusal): self.init(refusal)
        }
    }

    init(_ error: ConnectionChangeError) {
        switch error {
        case .idempotency(.keyReused): self = .idempotencyKeyReused
        case .idempotency(.keyInFlight): self = .idempotencyKeyInFlight
        case .subscriptionUnknown: self = .subscriptionNotFound
        case .refused(let refusal): self.init(refusal)
        case .unavailable(let fault): self.init(fault)
        case .outcomeUnknown: self = .outcomeUnknown
        }
    }

    init(_ refusal: ConnectionRefusal) {
        switch refusal {
        // No operation of this dialect lists addresses or chooses an exit.
        case .tooManySources, .exitNotChangeable, .exitCountryNotOffered, .exitRotationNotOffered:
            self = .fault
        case .noLiveConnection, .severalSlots, .sameNetwork, .networkOfAnotherType: self = .invalidState
        case .rotationNotAvailable, .rotationNotAllowed: self = .rotationUnavailable
        case .tooSoon(let milliseconds):
            self = .rateLimited(retryAfter: Int((max(1, milliseconds) + 999) / 1_000))
        case .unknownNetwork: self = .invalid(.targetNetwork)
        case .networkInactive: self = .networkInactive
        case .soldOut: self = .soldOut
        }
    }

    init(_ refusal: StrangerRefusal) {
        switch refusal {
        case .tooManyUnknown(let seconds): self = .rateLimited(retryAfter: seconds)
        case .busy: self = .unavailable(retryAfter: 1)
        }
    }

    init(_ fault: Fault) {
        self = fault.isTransient ? .unavailable(retryAfter: 1) : .fault
    }

    init(_ problem: DoorProblem) {
        switch problem {
        case .pathUnknown: self = .notFound
        case .methodNotAllowed(let allowed): self = .methodNotAllowed(allowed.filter { $0 != .options })
        case .bodyTooLarge: self = .bodyTooLarge
        case .bodyTooSlow: self = .requestTimeout
        case .bodyMalformed: self = .malformedRequest
        case .fault: self = .fault
        case .unavailable(let seconds): self = .unavailable(retryAfter: seconds)
        }
    }
}
