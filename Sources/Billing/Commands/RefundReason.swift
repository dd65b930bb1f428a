/// Why an order's money is given back; says what becomes of its coupon.
public enum RefundReason: String, Sendable, Hashable, CaseIterable {
    /// The customer or the tenant wanted it.
    case requested
    /// What was bought could not be delivered.
    case undeliverable
    /// The customer's bank took the payment back: a coupon that was used so is not used again.
    case chargeback

    /// Whether a whole refund gives the coupon's use back.
    public var freesCoupon: Bool {
        switch self {
        case .requested, .undeliverable: true
        case .chargeback: false
        }
    }
}
