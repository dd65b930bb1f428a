internal import Billing

/// Why an order would not be carried out, in one word of the account API's; the words never change.
struct OrderRefusal: Sendable, Hashable {
    let code: String

    /// Exhaustive, so a new refusal is a compile error here.
    init(_ refusal: Refusal) {
        switch refusal {
        case .couponUnknown: code = "coupon_unknown"
        case .coupon(let refusal): code = refusal.code
        // An empty float of the reseller's is not the customer's business.
        case .soldOut, .floatExhausted, .networkInactive: code = "sold_out"
        case .insufficientBalance: code = "insufficient_balance"
        case .planUnknown, .planInactive, .planNotPriced: code = "plan_not_sold"
        case .planNotEligible: code = "plan_not_eligible"
        case .subscriptionNotRenewable, .subscriptionEnded: code = "subscription_ended"
        case .amountTooLarge: code = "amount_too_large"
        case .customerUnknown, .customerInactive: code = "customer_closed"
        // A preview names no key, exit, trial, total, order or amount; what is unknown was looked up before.
        case .idempotencyKeyReused, .idempotencyKeyInFlight, .subscriptionUnknown, .orderUnknown,
            .orderNotPending, .previewOutOfDate, .exitCountryNotOffered, .exitRotationNotOffered,
            .trialNotOffered, .trialUsed, .renewalOutOfDate, .priceChanged, .refundChanged, .amountInvalid,
            .referenceUsed, .refundExceedsPayment, .serviceNotReturnable, .tooManyPendingOrders,
            .paymentUnknown,
            .paymentStepTaken:
            code = refusal.reason
        }
    }
}
