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
    /// The most that a percentage takes off one order.
    public var maxDiscount: Money?
    /// The least list price of an order that the coupon is good for.
    public var minimum: Money?
    /// What its discounts that stand may come to, all together.
    public var budget: Money?
    public var maxRedemptions: Int32?
    public var perCustomer: Int32?
    /// Only for a customer none of whose orders stands; trials do not count.
    public var isFirstOrderOnly: Bool
    /// The e-mail addresses of those it is for, in lower case.
    public var customers: Set<String>?
    public var planIDs: Set<PlanID>?
    public var kinds: Set<OrderKind>?
    /// How many renewals of each subscription that a purchase makes are discounted by themselves.
    public var renewals: Int32?
    /// Good from this instant on …
    public var startsAt: Instant?
    /// … and no longer at this one.
    public var endsAt: Instant?
    /// Uses that are reserved or committed; renewals that they promised are none.
    public var redeemedCount: Int32
    /// What the discounts that stand come to in minor units, those of promised renewals too.
    public var discountedMinor: Int64
    public var isActive: Bool

    public init(
        id: CouponID, tenant: TenantID, code: String, discount: Discount, maxDiscount: Money? = nil,
        minimum: Money? = nil, budget: Money? = nil, maxRedemptions: Int32? = nil, perCustomer: Int32? = nil,
        isFirstOrderOnly: Bool = false, customers: Set<String>? = nil, planIDs: Set<PlanID>? = nil,
        kinds: Set<OrderKind>? = nil, renewals: Int32? = nil, startsAt: Instant? = nil,
        endsAt: Instant? = nil, redeemedCount: Int32 = 0, discountedMinor: Int64 = 0, isActive: Bool = true
    ) {
        self.id = id
        self.tenant = tenant
        self.code = code
        self.discount = discount
        self.maxDiscount = maxDiscount
        self.minimum = minimum
        self.budget = budget
        self.maxRedemptions = maxRedemptions
        self.perCustomer = perCustomer
        self.isFirstOrderOnly = isFirstOrderOnly
        self.customers = customers
        self.planIDs = planIDs
        self.kinds = kinds
        self.renewals = renewals
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.redeemedCount = redeemedCount
        self.discountedMinor = discountedMinor
        self.isActive = isActive
    }
}
