internal import Catalog
internal import Primitives

extension Decider {
    /// A customer's uses of a coupon, as they stand after the commands before this one.
    func uses(of code: CouponCode, by customer: CustomerID, _ tenant: TenantID) -> CouponUses {
        rows.couponUses[TenantKey(tenant: tenant, name: CouponCustomer(coupon: code, customer: customer))]
            ?? CouponUses(ordinals: [], highest: 0)
    }

    /// What the coupon asks about the customer who names it.
    func user(
        of coupon: Coupon, _ uses: CouponUses, _ customer: CustomerID, _ tenant: TenantID
    ) -> CouponUser {
        CouponUser(
            redemptions: Int32(uses.ordinals.count), email: uses.email,
            hasOrdered: coupon.isFirstOrderOnly && hasOrdered(customer, tenant))
    }

    /// Whether an order of the customer's stands: any but a trial, until it is wholly given back with its coupon, and one
    /// that waits for money with a first order's discount.
    private func hasOrdered(_ customer: CustomerID, _ tenant: TenantID) -> Bool {
        let before = rows.standingOrders[TenantKey(tenant: tenant, name: customer)] ?? []
        return !before.isEmpty
            || writes.orders.contains {
                $0.customer == customer && $0.tenant == tenant && $0.kind != .trial
                    && !givenBack.contains(TenantKey(tenant: tenant, name: $0.id))
            }
            || writes.redemptions.contains {
                $0.isReserved && $0.isFirstOrder && $0.customer == customer && $0.tenant == tenant
            }
    }

    /// Counts the use of the coupon, for the commands that follow and for the database.
    mutating func redeem(
        _ priced: Priced, _ order: OrderID, _ customer: CustomerID, _ tenant: TenantID,
        renewing subscription: SubscriptionID? = nil, isReserved: Bool = false
    ) {
        if let subscription { settlePromise(priced, subscription, tenant) }
        guard let coupon = priced.coupon, let code = CouponCode(coupon.code) else { return }
        let amount = priced.quote.discount.minor
        count(coupon.id, code, uses: priced.ordinal == nil ? 0 : 1, amount, tenant)
        if let ordinal = priced.ordinal {
            let name = TenantKey(tenant: tenant, name: CouponCustomer(coupon: code, customer: customer))
            var uses = uses(of: code, by: customer, tenant)
            uses.ordinals.insert(ordinal)
            uses.highest = max(uses.highest, ordinal)
            rows.couponUses[name] = uses
        }
        let isPromised = priced.ordinal == nil
        writes.redemptions.append(
            GroupWrites.Redemption(
                tenant: tenant, order: order, coupon: coupon.id, customer: customer, amount: amount,
                ordinal: priced.ordinal, limit: isPromised ? nil : coupon.perCustomer,
                isFirstOrder: !isPromised && coupon.isFirstOrderOnly,
                subscription: isPromised ? subscription : nil,
                renewal: isPromised ? priced.promise?.next : nil, isReserved: isReserved))
    }

    /// Promises the renewals of the subscriptions that a purchase has made.
    mutating func promise(_ priced: Priced, to subscriptions: [IssuedSubscription], _ tenant: TenantID) {
        guard let coupon = priced.coupon, let renewals = coupon.renewals else { return }
        for issued in subscriptions {
            writes.promises.append(
                GroupWrites.NewPromise(
                    tenant: tenant, subscription: issued.id, coupon: coupon.id, renewals: renewals))
        }
    }

    /// Gives back what an order used that was wholly given back itself, as far as the reason does; ends what it had
    /// promised, if it was a purchase.
    mutating func giveBackCoupon(of order: OrderRow, for reason: RefundReason, _ tenant: TenantID) {
        guard let coupon = order.coupon else { return forget(order, tenant) }
        if order.kind == .purchase { breakPromises(of: order, tenant) }
        guard let release = GroupWrites.ReleaseReason(reason, of: order) else { return }
        forget(order, tenant)
        if let place = writes.redemptions.firstIndex(where: { $0.tenant == tenant && $0.order == order.id }) {
            writes.redemptions[place].release = release
        } else {
            writes.releasedRedemptions.append(
                GroupWrites.Release(tenant: tenant, order: order.id, reason: release))
        }
        // The coupon was read only where a command of the group may use it.
        let code = rows.coupons.first { $0.key.tenant == tenant && $0.value.id == coupon }?.key.name
        count(coupon, code, uses: order.couponOrdinal == nil ? 0 : -1, -order.discount, tenant)
        guard let code, let ordinal = order.couponOrdinal else { return }
        free(ordinal, of: code, order.customer, tenant)
    }

    /// Gives back the use that was reserved by an order which is not bought.
    mutating func releaseReservation(
        of order: PendingRow, for reason: GroupWrites.ReleaseReason, _ tenant: TenantID
    ) {
        guard let coupon = order.coupon else { return }
        rows.standingOrders[TenantKey(tenant: tenant, name: order.customer)]?.remove(order.id)
        writes.releasedRedemptions.append(
            GroupWrites.Release(tenant: tenant, order: order.id, reason: reason, wasReserved: true))
        let code = rows.coupons.first { $0.key.tenant == tenant && $0.value.id == coupon }?.key.name
        count(coupon, code, uses: -1, -order.discount.minor, tenant)
        if let code, let ordinal = order.couponOrdinal { free(ordinal, of: code, order.customer, tenant) }
    }

    private mutating func free(
        _ ordinal: Int32, of code: CouponCode, _ customer: CustomerID, _ tenant: TenantID
    ) {
        rows.couponUses[
            TenantKey(tenant: tenant, name: CouponCustomer(coupon: code, customer: customer))]?
            .ordinals.remove(ordinal)
    }

    /// An order that stands no more: its customer may be one who has never ordered.
    private mutating func forget(_ order: OrderRow, _ tenant: TenantID) {
        rows.standingOrders[TenantKey(tenant: tenant, name: order.customer)]?.remove(order.id)
        givenBack.insert(TenantKey(tenant: tenant, name: order.id))
    }

    private mutating func breakPromises(of order: OrderRow, _ tenant: TenantID) {
        for (name, subscription) in rows.subscriptions
        where name.tenant == tenant && subscription.order == order.id {
            rows.promises[name] = nil
        }
        writes.brokenPromises.append(
            GroupWrites.BrokenPromise(tenant: tenant, order: order.id, customer: order.customer))
    }

    private mutating func count(
        _ coupon: CouponID, _ code: CouponCode?, uses: Int32, _ discounted: Int64, _ tenant: TenantID
    ) {
        if let code {
            rows.coupons[TenantKey(tenant: tenant, name: code)]?.redeemedCount += uses
            rows.coupons[TenantKey(tenant: tenant, name: code)]?.discountedMinor += discounted
        }
        let name = TenantKey(tenant: tenant, name: coupon)
        writes.couponCounts[name, default: GroupWrites.CouponCount()].uses += uses
        writes.couponCounts[name, default: GroupWrites.CouponCount()].discounted += discounted
    }

    /// A promise that was kept counts down; one whose coupon has no money left is over.
    private mutating func settlePromise(
        _ priced: Priced, _ subscription: SubscriptionID, _ tenant: TenantID
    ) {
        guard var promise = priced.promise, let outcome = priced.quote.promise else { return }
        let end: GroupWrites.PromiseEnd?
        switch outcome {
        case .notCovered: return
        case .budgetExhausted: end = .budgetExhausted
        case .kept:
            promise.renewalsLeft -= 1
            end = promise.renewalsLeft == 0 ? .kept : nil
        }
        let name = TenantKey(tenant: tenant, name: subscription)
        rows.promises[name] = end == nil ? promise : nil
        writes.promiseChanges[name] = GroupWrites.PromiseChange(renewalsLeft: promise.renewalsLeft, end: end)
    }
}

extension GroupWrites.ReleaseReason {
    /// `nil` where the use stays used.
    init?(_ reason: RefundReason, of order: OrderRow) {
        guard reason.freesCoupon else { return nil }
        switch reason {
        case .undeliverable: self = .undeliverable
        // An order that cost nothing has nothing to refund.
        case .requested, .chargeback: self = order.total.isZero ? .cancelled : .refunded
        }
    }
}
