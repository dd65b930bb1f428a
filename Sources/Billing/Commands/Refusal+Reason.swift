extension Refusal {
    /// The refusal in one word that stays the same, for events, metrics and records.
    public var reason: String {
        switch self {
        case .idempotencyKeyReused: "idempotency_key_reused"
        case .idempotencyKeyInFlight: "idempotency_key_in_flight"
        case .customerUnknown: "customer_unknown"
        case .customerInactive: "customer_inactive"
        case .subscriptionUnknown: "subscription_unknown"
        case .orderUnknown: "order_unknown"
        case .orderNotPending: "order_not_pending"
        case .planUnknown: "plan_unknown"
        case .planInactive: "plan_inactive"
        case .networkInactive: "network_inactive"
        case .exitCountryNotOffered: "exit_country_not_offered"
        case .exitRotationNotOffered: "exit_rotation_not_offered"
        case .trialNotOffered: "trial_not_offered"
        case .trialUsed: "trial_used"
        case .subscriptionNotRenewable: "subscription_not_renewable"
        case .subscriptionEnded: "subscription_ended"
        case .renewalOutOfDate: "renewal_out_of_date"
        case .planNotEligible: "plan_not_eligible"
        case .planNotPriced: "plan_not_priced"
        case .amountTooLarge: "amount_too_large"
        case .couponUnknown: "coupon_unknown"
        case .coupon: "coupon_refused"
        case .priceChanged: "price_changed"
        case .refundChanged: "refund_changed"
        case .amountInvalid: "amount_invalid"
        case .referenceUsed: "reference_used"
        case .refundExceedsPayment: "refund_exceeds_payment"
        case .serviceNotReturnable: "service_not_returnable"
        case .soldOut: "sold_out"
        case .insufficientBalance: "insufficient_balance"
        case .floatExhausted: "float_exhausted"
        case .tooManyPendingOrders: "too_many_pending_orders"
        }
    }
}
