internal import Catalog
internal import Primitives

extension Decider {
    /// Decides the placing of an order that waits for money. Refusals, in order: customer, plan, its exits, its price and
    /// periods, coupon, the quoted total, a total of nothing, as many orders as may wait.
    mutating func decide(_ placement: Placement, _ submission: Submission) throws(Refusal) -> Decision {
        let tenant = submission.tenant
        let purchase = placement.purchase
        let customer = try customer(purchase.customer, of: tenant)
        let plan = try plan(purchase.plan, for: submission, customer)
        let exit = try exit(of: plan, purchase.exit)
        _ = try time(of: plan, purchase.repeatCount, from: PeriodStart(now: now))
        let priced = try price(
            plan, .purchase, purchase.quantity, purchase.repeatCount, purchase.coupon, purchase.expectedTotal,
            purchase.customer, submission)
        // What costs nothing is bought at once, and no money would ever come for it.
        guard priced.quote.total.isPositive else { throw .amountInvalid }
        let name = TenantKey(tenant: tenant, name: purchase.customer)
        guard rows.waiting[name, default: 0] < PendingOrder.perCustomerMax else {
            throw .tooManyPendingOrders(most: PendingOrder.perCustomerMax)
        }
        guard let expiresAt = now.adding(milliseconds: PendingOrder.lifeMilliseconds) else {
            throw .amountTooLarge
        }

        let receipt = PlacementReceipt(
            order: submission.id.retyped(), plan: plan, total: priced.quote.total,
            discount: priced.quote.discount, expiresAt: expiresAt)
        let answer: GroupWrites.Remembered?
        do throws(Fault) { answer = try remember(.placed(receipt), of: submission) } catch {
            return .failed(error)
        }
        rows.waiting[name, default: 0] += 1
        writes.pendingOrders.append(
            GroupWrites.NewPendingOrder(
                tenant: tenant, id: receipt.order, customer: purchase.customer,
                principal: submission.principal, dialect: submission.dialect, plan: plan.id,
                planVersion: plan.version, quantity: purchase.quantity.value,
                repeatCount: purchase.repeatCount.value, exit: exit, coupon: priced.coupon?.id,
                quote: priced.quote, expiresAt: expiresAt))
        redeem(priced, receipt.order, purchase.customer, tenant, isReserved: true)
        writes.events.append(.placed(receipt, customer: purchase.customer, tenant, submission.id))
        if let answer { writes.remembered.append(answer) }
        return .answered(.done(.placed(receipt)))
    }

    /// Decides the end of an order that waits and is not bought. Refusals, in order: customer, order, its state.
    mutating func decide(_ closing: OrderClosing, _ submission: Submission) throws(Refusal) -> Decision {
        let tenant = submission.tenant
        let order = try pendingOrder(closing.order, of: closing.customer, closing.coupon, tenant)
        guard order.state == .pending else { throw .orderNotPending }
        let isOver = order.expiresAt <= now
        let change: GroupWrites.PendingChange
        switch closing.way {
        case .expired:
            guard isOver else { throw .orderNotPending }
            change = .expired
        case .cancelled(let reason):
            // The clock ends an order, whoever comes to look at it.
            change =
                isOver ? .expired : GroupWrites.PendingChange(state: .cancelled, entry: nil, reason: reason)
        }
        let receipt = ClosingReceipt(order: order.id, state: change.state)
        let answer: GroupWrites.Remembered?
        do throws(Fault) { answer = try remember(.closed(receipt), of: submission) } catch {
            return .failed(error)
        }
        close(order, change, tenant)
        writes.events.append(.closed(order, change, tenant, submission.id))
        if let answer { writes.remembered.append(answer) }
        return .answered(.done(.closed(receipt)))
    }

    /// The order, which must be the customer's and be made of what the command says.
    func pendingOrder(
        _ id: OrderID, of customer: CustomerID, _ coupon: CouponCode?, _ tenant: TenantID
    ) throws(Refusal) -> PendingRow {
        guard rows.customers[TenantKey(tenant: tenant, name: customer)] != nil else { throw .customerUnknown }
        let reserved = coupon.flatMap { rows.coupons[TenantKey(tenant: tenant, name: $0)]?.id }
        guard let order = rows.pendingOrders[TenantKey(tenant: tenant, name: id)], order.customer == customer,
            order.coupon == reserved
        else { throw .orderUnknown }
        return order
    }

    /// Writes down how an order ceased to wait without having been bought, and frees the coupon's use.
    mutating func close(_ order: PendingRow, _ change: GroupWrites.PendingChange, _ tenant: TenantID) {
        precondition(order.state == .pending, "an order ceases to wait once")
        let name = TenantKey(tenant: tenant, name: order.id)
        rows.pendingOrders[name]?.state = change.state
        writes.pendingChanges[name] = change
        releaseReservation(of: order, for: change.state == .expired ? .expired : .cancelled, tenant)
    }
}

extension GroupWrites.PendingChange {
    static let expired = Self(state: .expired, entry: nil, reason: nil)
}
