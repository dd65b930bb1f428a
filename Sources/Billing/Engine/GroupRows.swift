package import Catalog
package import Primitives

/// A name within one tenant.
package struct TenantKey<Name: Hashable & Sendable>: Hashable, Sendable {
    package let tenant: TenantID
    package let name: Name

    package init(tenant: TenantID, name: Name) {
        self.tenant = tenant
        self.name = name
    }
}

/// A customer as the engine needs one.
package struct CustomerRow: Sendable {
    package let id: CustomerID
    package let currency: Currency
    package let isActive: Bool

    package init(id: CustomerID, currency: Currency, isActive: Bool) {
        self.id = id
        self.currency = currency
        self.isActive = isActive
    }
}

/// A subscription under the group's lock.
package struct SubscriptionRow: Sendable {
    package let id: SubscriptionID
    package let customer: CustomerID
    /// The purchase or trial that made it.
    package let order: OrderID
    package var plan: PlanID
    package let product: String
    package let connection: ConnectionType?
    package let dialect: DialectName
    package var activeUntil: Instant
    /// `nil` unless the last period was one of calendar months: its term's.
    package var anchor: CalendarAnchor?
    package var nextPeriod: Int32
    package var isEnded: Bool
    package var automatic: AutoRenewal
    /// `nil` where it has no choice of exit.
    package var exit: Exit?
    /// What it holds now.
    package var holdings: [Holding]
    /// What was paid for it, by index; read only where a command of the group may take time back.
    package var terms: [PaidTerm]

    package init(
        id: SubscriptionID, customer: CustomerID, order: OrderID, plan: PlanID, product: String,
        connection: ConnectionType?,
        dialect: DialectName, activeUntil: Instant, anchor: CalendarAnchor? = nil, nextPeriod: Int32,
        isEnded: Bool, automatic: AutoRenewal = .off, exit: Exit? = nil, holdings: [Holding],
        terms: [PaidTerm] = []
    ) {
        self.id = id
        self.customer = customer
        self.order = order
        self.plan = plan
        self.product = product
        self.connection = connection
        self.dialect = dialect
        self.activeUntil = activeUntil
        self.anchor = anchor
        self.nextPeriod = nextPeriod
        self.isEnded = isEnded
        self.automatic = automatic
        self.exit = exit
        self.holdings = holdings
        self.terms = terms
    }
}

/// An order under the group's lock, whose money may go back.
package struct OrderRow: Sendable {
    package let id: OrderID
    package let customer: CustomerID
    package let kind: OrderKind
    package let total: Money
    package let discount: Int64
    package let wholesale: Int64?
    package var refunded: Int64
    package var wholesaleRefunded: Int64
    /// Whether everything was given back already.
    package var isRefunded: Bool
    /// How many subscriptions it made.
    package let quantity: Int32
    package let coupon: CouponID?
    /// The number of the coupon's use, among its customer's; `nil` of a renewal that was promised its discount.
    package let couponOrdinal: Int32?
    /// What the order made or extended and still runs, where a refund names it.
    package let subscriptions: [SubscriptionID]

    package init(
        id: OrderID, customer: CustomerID, kind: OrderKind, total: Money, discount: Int64, wholesale: Int64?,
        refunded: Int64, wholesaleRefunded: Int64, isRefunded: Bool, quantity: Int32, coupon: CouponID?,
        couponOrdinal: Int32?,
        subscriptions: [SubscriptionID] = []
    ) {
        self.id = id
        self.customer = customer
        self.kind = kind
        self.total = total
        self.discount = discount
        self.wholesale = wholesale
        self.refunded = refunded
        self.wholesaleRefunded = wholesaleRefunded
        self.isRefunded = isRefunded
        self.quantity = quantity
        self.coupon = coupon
        self.couponOrdinal = couponOrdinal
        self.subscriptions = subscriptions
    }
}

/// A customer's uses of a coupon that were not given back.
package struct CouponUses: Sendable {
    /// The numbers in use, where the coupon has a limit per customer.
    package var ordinals: Set<Int32>
    /// The highest number in use.
    package var highest: Int32
    /// The customer's address, where the coupon lists those it is for.
    package var email: String?

    package init(ordinals: Set<Int32>, highest: Int32, email: String? = nil) {
        self.ordinals = ordinals
        self.highest = highest
        self.email = email
    }

    /// The number of the next use: the lowest free one, so that given-back uses count again.
    func nextOrdinal(limited: Bool) -> Int32 {
        guard limited else { return highest + 1 }
        var ordinal: Int32 = 1
        while ordinals.contains(ordinal) { ordinal += 1 }
        return ordinal
    }
}

/// Discounts that a coupon's use has promised to a subscription's renewals; only one that has not ended.
package struct PromiseRow: Sendable {
    package let coupon: CouponCode
    /// How many renewals were promised.
    package let renewals: Int32
    package var renewalsLeft: Int32

    package init(coupon: CouponCode, renewals: Int32, renewalsLeft: Int32) {
        self.coupon = coupon
        self.renewals = renewals
        self.renewalsLeft = renewalsLeft
    }

    /// The number of the next renewal, among those promised.
    var next: Int32 { renewals - renewalsLeft + 1 }
}

/// What a key answered before.
package struct RememberedRow: Sendable {
    package let fingerprint: [UInt8]
    package let answer: RememberedAnswer

    package init(fingerprint: [UInt8], answer: RememberedAnswer) {
        self.fingerprint = fingerprint
        self.answer = answer
    }
}

/// What names a remembered answer.
package struct IdempotencyName: Hashable, Sendable {
    package let principal: PrincipalID
    package let key: String

    package init(principal: PrincipalID, key: String) {
        self.principal = principal
        self.key = key
    }
}

/// Everything a group has locked and read: the whole world of its decisions.
package struct GroupRows: Sendable {
    package var books = Books([])
    package var customers: [TenantKey<CustomerID>: CustomerRow] = [:]
    /// How far the clocks of the group's tenants are ahead, in milliseconds.
    package var clocks: [TenantID: Int64] = [:]
    package var plans: [TenantKey<PlanID>: Plan] = [:]
    /// What the groups of customers who buy of `plans` have of them.
    package var groupPrices: [TenantKey<Buyer>: GroupPrice] = [:]
    /// Of the tenants that sell one of `plans` by calendar months.
    package var zones: [TenantID: Zone] = [:]
    package var coupons: [TenantKey<CouponCode>: Coupon] = [:]
    package var couponUses: [TenantKey<CouponCustomer>: CouponUses] = [:]
    /// Orders that stand, of customers who ask for a first order's discount: all of them, or where the group refunds
    /// nothing, one.
    package var standingOrders: [TenantKey<CustomerID>: Set<OrderID>] = [:]
    package var promises: [TenantKey<SubscriptionID>: PromiseRow] = [:]
    package var subscriptions: [TenantKey<SubscriptionID>: SubscriptionRow] = [:]
    package var orders: [TenantKey<OrderID>: OrderRow] = [:]
    package var pendingOrders: [TenantKey<OrderID>: PendingRow] = [:]
    package var payments: [TenantKey<PaymentID>: PaymentRow] = [:]
    /// How many orders of a customer wait: as many as may at most.
    package var waiting: [TenantKey<CustomerID>: Int] = [:]
    package var trials: Set<TenantKey<Buyer>> = []
    package var remembered: [TenantKey<IdempotencyName>: RememberedRow] = [:]
    package var references: Set<TenantKey<String>> = []
    package var shelf = Shelf()

    package init() {}
}

extension GroupRows {
    /// Whether a change of plan leaves its subscription on the ports that it has; one that is changed more than once in the
    /// group may have to come back to where it is now.
    package func staysPut(
        _ submission: Submission, on networks: [NetworkID], _ group: [Submission]
    ) -> Bool {
        guard case .planChange(let change) = submission.command else { return false }
        let changes = group.count {
            if case .planChange(let other) = $0.command {
                other.subscription == change.subscription
            } else {
                false
            }
        }
        let name = TenantKey(tenant: submission.tenant, name: change.subscription)
        guard changes == 1, let row = subscriptions[name] else { return false }
        return Set(row.holdings.map(\.network)) == Set(networks)
    }
}

package struct CouponCustomer: Hashable, Sendable {
    package let coupon: CouponCode
    package let customer: CustomerID

    package init(coupon: CouponCode, customer: CustomerID) {
        self.coupon = coupon
        self.customer = customer
    }
}

/// A customer and a plan that they take.
package struct Buyer: Hashable, Sendable {
    package let customer: CustomerID
    package let plan: PlanID

    package init(customer: CustomerID, plan: PlanID) {
        self.customer = customer
        self.plan = plan
    }
}
