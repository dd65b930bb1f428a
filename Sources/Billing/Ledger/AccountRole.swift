/// The chart of accounts: what an account is for, and the side on which it grows.
///
/// Every account belongs to one tenant's books. The customer's and the tenant's money is on the first six, what the
/// tenant has prepaid to the platform and what the platform earned of it on the last three.
public enum AccountRole: String, Sendable, Hashable, CaseIterable, Comparable {
    /// What the tenant owes a customer: prepaid money, never below minus the credit limit.
    case wallet
    /// What the tenant has earned by orders.
    case revenue
    /// Money that arrived from the world beyond the books.
    case outside
    /// What corrections by hand have cost the tenant.
    case adjustments
    /// What a customer owes the tenant, where a bank took back more than their wallet held.
    case receivable
    /// Money on its way back to payers: taken off their wallets, and not yet sent by the payment provider.
    case refundsDue = "refunds_due"
    /// What the platform owes the tenant: the prepaid wholesale money.
    case float
    /// What the platform has earned of the tenant's orders.
    case platformRevenue = "platform_revenue"
    /// Money that the tenant has paid to the platform.
    case platformOutside = "platform_outside"

    /// The side on which the account's balance grows.
    public var normalSide: Side {
        switch self {
        case .wallet, .revenue, .refundsDue, .float, .platformRevenue: .credit
        case .outside, .adjustments, .receivable, .platformOutside: .debit
        }
    }

    /// Whether each customer has one of their own; the others belong to the tenant or the platform.
    public var isPerCustomer: Bool { self == .wallet || self == .receivable }

    /// Whether it is opened with its tenant; the others with a customer, or by the engine where they are first needed.
    public var comesWithItsTenant: Bool { !isPerCustomer && self != .refundsDue }

    public static func < (left: AccountRole, right: AccountRole) -> Bool { left.rawValue < right.rawValue }
}

/// A side of a transfer.
public enum Side: String, Sendable, Hashable {
    case debit, credit
}
