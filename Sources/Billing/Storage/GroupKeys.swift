package import Catalog
package import Primitives

/// Everything that a group's commands name: what its first round trip locks and reads.
package struct GroupKeys {
    package var accounts: Set<AccountName> = []
    package var customers: Set<TenantKey<CustomerID>> = []
    package var plans: Set<TenantKey<PlanID>> = []
    /// Who buys of which plan, at a price that may be their group's.
    package var buyers: Set<TenantKey<Buyer>> = []
    package var coupons: Set<TenantKey<CouponCode>> = []
    package var couponUses: Set<TenantKey<CouponCustomer>> = []
    package var subscriptions: Set<TenantKey<SubscriptionID>> = []
    /// Subscriptions whose renewal names no coupon, so that one may have been promised.
    package var promised: Set<TenantKey<SubscriptionID>> = []
    /// Subscriptions whose paid time a command may take back: what is still to come of it, or all there ever was.
    package var takenBack: [TenantKey<SubscriptionID>: Extent] = [:]
    package var orders: Set<TenantKey<OrderID>> = []
    /// Orders that wait for money.
    package var pendingOrders: Set<TenantKey<OrderID>> = []
    package var payments: Set<TenantKey<PaymentID>> = []
    /// Customers of whom is asked how many of their orders wait.
    package var waiting: Set<TenantKey<CustomerID>> = []
    package var trials: Set<TenantKey<Buyer>> = []
    package var idempotency: Set<TenantKey<IdempotencyName>> = []
    package var references: Set<TenantKey<String>> = []
    /// Tenants whose clock comes with no customer of theirs.
    package var alone: Set<TenantID> = []
    /// Units wanted, by the network that the doors believe the plans to use.
    package var units: [TenantKey<NetworkID>: Int32] = [:]

    package enum Extent: Comparable {
        case toCome, all
    }

    /// An account before its currency is known.
    package struct AccountName: Hashable, Comparable {
        package let tenant: TenantID
        package let owner: IdentifierBits
        package let role: AccountRole

        package init(tenant: TenantID, owner: IdentifierBits, role: AccountRole) {
            self.tenant = tenant
            self.owner = owner
            self.role = role
        }

        package static func < (left: AccountName, right: AccountName) -> Bool {
            if left.tenant != right.tenant { return left.tenant < right.tenant }
            if left.owner != right.owner { return left.owner < right.owner }
            return left.role < right.role
        }
    }

    package init(_ submissions: [Submission]) {
        for submission in submissions { add(submission) }
    }

    private mutating func add(_ submission: Submission) {
        let tenant = submission.tenant
        if let claim = submission.idempotency, let principal = submission.principal {
            idempotency.insert(
                TenantKey(tenant: tenant, name: IdempotencyName(principal: principal, key: claim.key)))
        }
        switch submission.command {
        case .purchase(let purchase):
            addSale(purchase.customer, purchase.plan, purchase.coupon, tenant)
            addUnits(purchase.quantity.value, of: purchase.networks, tenant)
        case .trial(let trial):
            addSale(trial.customer, trial.plan, nil, tenant)
            trials.insert(
                TenantKey(tenant: tenant, name: Buyer(customer: trial.customer, plan: trial.plan)))
            addUnits(1, of: trial.networks, tenant)
        case .renewal(let renewal):
            addSale(renewal.customer, renewal.plan, renewal.coupon, tenant)
            let subscription = TenantKey(tenant: tenant, name: renewal.subscription)
            subscriptions.insert(subscription)
            if renewal.coupon == nil { promised.insert(subscription) }
        case .topUp(let topUp):
            addCustomer(topUp.customer, tenant, [.outside])
            addDebt(of: topUp.customer, tenant)
            references.insert(TenantKey(tenant: tenant, name: topUp.reference))
        case .floatTopUp(let topUp):
            addOwn([.float, .platformOutside], tenant)
            alone.insert(tenant)
            references.insert(TenantKey(tenant: tenant, name: topUp.reference))
        case .adjustment(let adjustment):
            addCustomer(adjustment.customer, tenant, [.adjustments])
            addDebt(of: adjustment.customer, tenant)
            if let reference = adjustment.reference {
                references.insert(TenantKey(tenant: tenant, name: reference))
            }
        case .refund(let refund):
            addCustomer(refund.customer, tenant, [.revenue, .float, .platformRevenue])
            orders.insert(TenantKey(tenant: tenant, name: refund.order))
        case .cancellation(let cancellation):
            addCustomer(cancellation.customer, tenant, [.revenue, .float, .platformRevenue])
            add(cancellation, tenant)
        case .placement(let placement):
            let purchase = placement.purchase
            addSale(purchase.customer, purchase.plan, purchase.coupon, tenant)
            waiting.insert(TenantKey(tenant: tenant, name: purchase.customer))
        case .settlement(let settlement):
            addSale(settlement.customer, settlement.plan, settlement.coupon, tenant)
            addOwn([.outside], tenant)
            addDebt(of: settlement.customer, tenant)
            addUnits(settlement.quantity.value, of: settlement.networks, tenant)
            references.insert(TenantKey(tenant: tenant, name: settlement.reference))
            pendingOrders.insert(TenantKey(tenant: tenant, name: settlement.order))
        case .closing(let closing):
            addCustomer(closing.customer, tenant, [])
            addCoupon(closing.coupon, of: closing.customer, tenant)
            pendingOrders.insert(TenantKey(tenant: tenant, name: closing.order))
        case .payment(let movement):
            addCustomer(movement.customer, tenant, [.outside, .refundsDue])
            addDebt(of: movement.customer, tenant)
            payments.insert(TenantKey(tenant: tenant, name: movement.payment))
            if let reference = movement.reference {
                references.insert(TenantKey(tenant: tenant, name: reference))
            }
        case .planChange(let change):
            addSale(change.customer, change.plan, nil, tenant)
            let name = TenantKey(tenant: tenant, name: change.subscription)
            subscriptions.insert(name)
            takenBack[name] = takenBack[name] ?? .toCome
        }
    }

    private mutating func add(_ cancellation: Cancellation, _ tenant: TenantID) {
        let name = TenantKey(tenant: tenant, name: cancellation.subscription)
        subscriptions.insert(name)
        let extent: Extent? =
            switch cancellation.way {
            case .atEnd: nil
            case .now: .toCome
            case .undeliverable: .all
            }
        if let extent { takenBack[name] = max(takenBack[name] ?? .toCome, extent) }
    }

    private mutating func addSale(
        _ customer: CustomerID, _ plan: PlanID, _ coupon: CouponCode?, _ tenant: TenantID
    ) {
        addCustomer(customer, tenant, [.revenue, .float, .platformRevenue])
        plans.insert(TenantKey(tenant: tenant, name: plan))
        buyers.insert(TenantKey(tenant: tenant, name: Buyer(customer: customer, plan: plan)))
        addCoupon(coupon, of: customer, tenant)
    }

    private mutating func addCoupon(_ coupon: CouponCode?, of customer: CustomerID, _ tenant: TenantID) {
        guard let coupon else { return }
        coupons.insert(TenantKey(tenant: tenant, name: coupon))
        couponUses.insert(TenantKey(tenant: tenant, name: CouponCustomer(coupon: coupon, customer: customer)))
    }

    private mutating func addUnits(_ count: Int32, of networks: [NetworkID], _ tenant: TenantID) {
        for network in networks { units[TenantKey(tenant: tenant, name: network), default: 0] += count }
    }

    private mutating func addCustomer(_ customer: CustomerID, _ tenant: TenantID, _ own: [AccountRole]) {
        customers.insert(TenantKey(tenant: tenant, name: customer))
        accounts.insert(AccountName(tenant: tenant, owner: customer.bits, role: .wallet))
        addOwn(own, tenant)
    }

    /// What comes in pays what the customer owes.
    private mutating func addDebt(of customer: CustomerID, _ tenant: TenantID) {
        accounts.insert(AccountName(tenant: tenant, owner: customer.bits, role: .receivable))
    }

    private mutating func addOwn(_ roles: [AccountRole], _ tenant: TenantID) {
        for role in roles { accounts.insert(AccountName(tenant: tenant, owner: .zero, role: role)) }
    }
}
