internal import Billing
internal import Catalog
internal import Primitives
internal import Provisioning

// Every refusal in the vendor's words. The switches are exhaustive, so a new refusal is a compile error here.

extension OPProxy.Problem {
    init(_ refusal: Refusal) {
        switch refusal {
        case .idempotencyKeyReused: self = .idempotencyKeyReused
        case .idempotencyKeyInFlight: self = .idempotencyKeyInFlight
        // A suspended account's key is no key (contract §3).
        case .customerUnknown, .customerInactive: self = .invalidToken
        case .planUnknown, .planNotPriced: self = .invalidPlanID
        case .planInactive: self = .invalidPlanID
        case .subscriptionUnknown, .subscriptionNotRenewable, .subscriptionEnded: self = .notFound
        case .planNotEligible: self = .planNotSold
        case .exitCountryNotOffered: self = .countryUnavailable
        case .exitRotationNotOffered: self = .rotationNotOffered
        case .amountTooLarge: self = .amountTooLarge
        // The vendor has no word for an empty shelf; nor is the customer told of the tenant's own float.
        case .networkInactive, .soldOut, .floatExhausted: self = .soldOut
        case .insufficientBalance: self = .insufficientBalance
        // No operation of this dialect asks for a trial, takes a coupon, names a total, moves money by hand, or lets an
        // order wait for it.
        case .trialNotOffered, .trialUsed, .couponUnknown, .coupon, .priceChanged, .orderUnknown,
            .amountInvalid, .referenceUsed, .refundExceedsPayment, .serviceNotReturnable, .renewalOutOfDate,
            .refundChanged, .previewOutOfDate, .orderNotPending, .tooManyPendingOrders, .paymentUnknown,
            .paymentStepTaken:
            self = .serverError
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

    init(_ error: ConnectionChangeError) {
        switch error {
        case .idempotency(.keyReused): self = .idempotencyKeyReused
        case .idempotency(.keyInFlight): self = .idempotencyKeyInFlight
        case .subscriptionUnknown: self = .notFound
        case .refused(let refusal): self.init(refusal)
        case .unavailable(let fault): self.init(fault)
        case .outcomeUnknown: self = .outcomeUnknown
        }
    }

    init(_ refusal: StrangerRefusal) {
        switch refusal {
        case .tooManyUnknown(let seconds): self = .rateLimited(retryAfter: seconds)
        case .busy: self = .unavailable(retryAfter: 1)
        }
    }

    init(_ fault: Fault) {
        self = fault.isTransient ? .unavailable(retryAfter: 1) : .serverError
    }

    init(_ problem: DoorProblem) {
        switch problem {
        case .pathUnknown: self = .pathUnknown
        case .methodNotAllowed(let allowed): self = .methodNotAllowed(allowed)
        case .bodyTooLarge: self = .bodyTooLarge
        case .bodyTooSlow: self = .requestTimeout
        case .bodyMalformed: self = .malformedRequest
        case .fault: self = .serverError
        case .unavailable(let seconds): self = .unavailable(retryAfter: seconds)
        }
    }
}
