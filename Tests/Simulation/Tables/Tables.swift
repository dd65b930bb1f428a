internal import Billing
internal import Catalog
internal import Primitives

/// What stands in for PostgreSQL: the tables that a group reads and writes, with their named constraints.
///
/// Kept as literal as it can be to the statements in `Sources/Billing/Storage` and to Provisioning's slots, so that a
/// decision is held against rows as it would find them.
struct Tables {
    var accounts: [AccountKey: Account] = [:]
    var accountsByName: [GroupKeys.AccountName: [AccountKey]] = [:]
    var accountsByID: [AccountID: AccountKey] = [:]

    var customers: [TenantKey<CustomerID>: CustomerRow] = [:]
    var networks: [TenantKey<NetworkID>: Bool] = [:]
    var plans: [TenantKey<PlanID>: Plan] = [:]
    /// The last version of what a customer's group has of a plan; each customer is a group of their own here.
    var groupPrices: [TenantKey<Buyer>: GroupPrice] = [:]
    var coupons: [TenantKey<CouponCode>: Coupon] = [:]
    var couponsByID: [TenantKey<CouponID>: TenantKey<CouponCode>] = [:]

    var entries: [TenantKey<JournalEntryID>: JournalEntry] = [:]
    var references: Set<TenantKey<String>> = []
    var transferLines: [TenantKey<JournalEntryID>: Int16] = [:]
    var events: Set<TenantKey<CommandID>> = []
    var remembered: [TenantKey<IdempotencyName>: GroupWrites.Remembered] = [:]

    var orders: [TenantKey<OrderID>: OrderRecord] = [:]
    var subscriptions: [TenantKey<SubscriptionID>: SubscriptionRecord] = [:]
    var subscriptionsByOrder: [TenantKey<OrderID>: [SubscriptionID]] = [:]
    var redemptions: [TenantKey<OrderID>: RedemptionRecord] = [:]
    var redemptionsByCoupon: [TenantKey<CouponID>: [OrderID]] = [:]
    var trials: Set<TenantKey<Buyer>> = []

    var slots: [TenantKey<SlotID>: SlotRecord] = [:]
    var slotsByNetwork: [TenantKey<NetworkID>: [SlotID]] = [:]
    var allocations: [TenantKey<SubscriptionID>: [AllocationRecord]] = [:]

    /// A write that a constraint of the schema, or an invariant of the books, would not let pass.
    struct Violation: Error {
        let constraint: String
    }

    func demand(_ holds: Bool, _ constraint: @autoclosure () -> String) throws(Violation) {
        if !holds { throw Violation(constraint: constraint()) }
    }
}

struct OrderRecord {
    let row: GroupWrites.NewOrder
    var refunded: Int64 = 0
    var wholesaleRefunded: Int64 = 0
    var isRefunded = false
}

struct SubscriptionRecord {
    let row: GroupWrites.NewSubscription
    var plan: PlanID
    var exit: Exit?
    var activeUntil: Instant
    var nextPeriod: Int32
    var endedAt: Instant?
    var terms: [GroupWrites.Term] = []
    /// Where terms were cut, by their index.
    var cuts: [Int32: Instant] = [:]
}

struct RedemptionRecord {
    let row: GroupWrites.Redemption
    var isReleased = false
}

struct SlotRecord {
    enum State { case ready, assigned, draining }
    let network: NetworkID
    var state = State.ready
    /// The name that its gateway lets in.
    var login: String
    var rank: Int64
}

struct AllocationRecord {
    let sequence: Int32
    let slot: SlotID
    var expiresAt: Instant
    var isReleased = false
}
