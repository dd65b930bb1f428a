public import Primitives

/// A discount's rules. A coupon without a limit, a window or a list is free in that respect.
public struct Coupon: Sendable, Hashable {
    /// What a coupon takes off the order's whole total.
    public enum Discount: Sendable, Hashable {
        case percent(BasisPoints)
        case amount(Money)
    }

    public var id: CouponID
    public var tenant: TenantID
    /// In upper case, as `CouponCode` keeps it.
    public var code: String
    public var discount: Discount
    /// The least list price of an order that the coupon is good for.
    public var minimum: Money?
    public var maxRedemptions: Int32?
    public var perCustomer: Int32?
    public var planIDs: Set<PlanID>?
    public var kinds: Set<OrderKind>?
    /// Good from this instant on …
    public var startsAt: Instant?
    /// … and no longer at this one.
    public var endsAt: Instant?
    /// Redemptions that are reserved or committed.
    public var redeemedCount: Int32
    public var isActive: Bool

    public init(
        id: CouponID, tenant: TenantID, code: String, discount: Discount, minimum: Money? = nil,
        maxRedemptions: Int32? = nil, perCustomer: Int32? = nil, planIDs: Set<PlanID>? = nil,
        kinds: Set<OrderKind>? = nil, startsAt: Instant? = nil, endsAt: Instant? = nil,
        redeemedCount: Int32 = 0,
        isActive: Bool = true
    ) {
        self.id = id
        self.tenant = tenant
        self.code = code
        self.discount = discount
        self.minimum = minimum
        self.maxRedemptions = maxRedemptions
        self.perCustomer = perCustomer
        self.planIDs = planIDs
        self.kinds = kinds
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.redeemedCount = redeemedCount
        self.isActive = isActive
    }
}

/// Why a coupon is not good for an order.
public enum CouponRefusal: Error, Sendable, Hashable {
    case inactive
    case notStarted
    case ended
    /// All its redemptions are used.
    case exhausted
    /// This customer has used all of theirs.
    case customerLimitReached
    case planNotCovered
    case kindNotCovered
    /// The coupon's amount or minimum is in another currency than the plan.
    case currencyMismatch
    /// The order's list price is below this minimum.
    case belowMinimum(Money)
}
