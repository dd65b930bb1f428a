internal import Catalog
internal import Primitives

/// A name within one tenant.
struct TenantKey<Name: Hashable & Sendable>: Hashable, Sendable {
    let tenant: TenantID
    let name: Name
}

/// A customer as the engine needs one.
struct CustomerRow: Sendable {
    let currency: Currency
    let isActive: Bool
}

/// A subscription under the group's lock.
struct SubscriptionRow: Sendable {
    let id: SubscriptionID
    let customer: CustomerID
    var plan: PlanID
    let product: String
    let connection: ConnectionType?
    let dialect: DialectName
    var activeUntil: Instant
    var nextPeriod: Int32
    var isEnded: Bool
    /// What it holds now.
    var holdings: [Holding]
}

/// An order under the group's lock, for a refund.
struct OrderRow: Sendable {
    let id: OrderID
    let customer: CustomerID
    let kind: OrderKind
    let total: Money
    let wholesale: Int64?
    var refunded: Int64
    var wholesaleRefunded: Int64
    /// Whether everything was given back already.
    var isRefunded: Bool
    let repeatCount: Int32
    let coupon: CouponID?
    /// What the order made and still runs.
    let subscriptions: [SubscriptionID]
}

/// A customer's uses of a coupon that were not given back.
struct CouponUses: Sendable {
    /// The numbers in use, where the coupon has a limit per customer.
    var ordinals: Set<Int32>
    /// The highest number in use.
    var highest: Int32

    /// The number of the next use: the lowest free one, so that given-back uses count again.
    func nextOrdinal(limited: Bool) -> Int32 {
        guard limited else { return highest + 1 }
        var ordinal: Int32 = 1
        while ordinals.contains(ordinal) { ordinal += 1 }
        return ordinal
    }
}

/// What a key answered before.
struct RememberedRow: Sendable {
    let fingerprint: [UInt8]
    let answer: RememberedAnswer
}

/// What names a remembered answer.
struct IdempotencyName: Hashable, Sendable {
    let principal: PrincipalID
    let key: String
}

/// Everything a group has locked and read: the whole world of its decisions.
struct GroupRows: Sendable {
    var books = Books([])
    var customers: [TenantKey<CustomerID>: CustomerRow] = [:]
    var plans: [TenantKey<PlanID>: Plan] = [:]
    var coupons: [TenantKey<CouponCode>: Coupon] = [:]
    var couponUses: [TenantKey<CouponCustomer>: CouponUses] = [:]
    var subscriptions: [TenantKey<SubscriptionID>: SubscriptionRow] = [:]
    var orders: [TenantKey<OrderID>: OrderRow] = [:]
    var trials: Set<TenantKey<TrialName>> = []
    var remembered: [TenantKey<IdempotencyName>: RememberedRow] = [:]
    var references: Set<TenantKey<String>> = []
    var shelf = Shelf()
}

struct CouponCustomer: Hashable, Sendable {
    let coupon: CouponCode
    let customer: CustomerID
}

struct TrialName: Hashable, Sendable {
    let customer: CustomerID
    let plan: PlanID
}
