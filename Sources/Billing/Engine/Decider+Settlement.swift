internal import Catalog
internal import Primitives

extension Decider {
    /// Decides a settlement: the money goes onto the wallet, and then the order is bought if it can be. Refusals, in order:
    /// customer, order, amount, reference, amount again; a customer who is closed is paid all the same.
    mutating func decide(_ settlement: Settlement, _ submission: Submission) throws(Refusal) -> Decision {
        let tenant = submission.tenant
        let order = try pendingOrder(
            settlement.order, of: settlement.customer, settlement.coupon, tenant)
        guard order.plan == settlement.plan, order.quantity == settlement.quantity else {
            throw .orderUnknown
        }
        // One that cannot be answered leaves no trace, neither of the money nor of the order.
        let before = self
        let movement = try land(settlement, submission)
        let result = fulfil(order, movement, submission)
        let wallet = AccountKey.wallet(tenant, order.customer, settlement.amount.currency)
        let receipt = SettlementReceipt(
            order: order.id,
            movement: MovementReceipt(
                entry: movement.entry, amount: movement.amount,
                balance: Money(
                    minor: rows.books.account(wallet)?.balance ?? movement.balance.minor,
                    currency: movement.amount.currency)),
            result: result)
        do throws(Fault) {
            if let answer = try remember(.settled(receipt), of: submission) {
                writes.remembered.append(answer)
            }
            return .answered(.done(.settled(receipt)))
        } catch {
            self = before
            return .failed(error)
        }
    }

    /// Puts the money on the wallet, once per reference.
    private mutating func land(
        _ settlement: Settlement, _ submission: Submission
    ) throws(Refusal) -> MovementReceipt {
        let tenant = submission.tenant
        let (amount, currency) = (settlement.amount, settlement.amount.currency)
        let wallet = AccountKey.wallet(tenant, settlement.customer, currency)
        let outside = AccountKey.own(tenant, .outside, currency)
        guard amount.isPositive, rows.books.account(wallet) != nil, rows.books.account(outside) != nil else {
            throw .amountInvalid
        }
        let reference = TenantKey(tenant: tenant, name: settlement.reference)
        guard !rows.references.contains(reference) else { throw .referenceUsed }
        let legs = [Leg(debit: outside, credit: wallet, amount: amount)]
        try check(legs)
        post(legs, as: submission.id.retyped(), in: tenant)
        rows.references.insert(reference)
        guard let balance = rows.books.account(wallet)?.balance else {
            preconditionFailure("an account was posted on and is not there")
        }
        let receipt = MovementReceipt(
            entry: submission.id.retyped(), amount: amount, balance: Money(minor: balance, currency: currency)
        )
        record(
            JournalEntry(
                tenant: tenant, id: receipt.entry, reason: .topUp, reference: settlement.reference,
                memo: settlement.memo, actor: settlement.actor, at: now),
            .moved(
                "wallet.topped_up", receipt, customer: settlement.customer, order: settlement.order, tenant,
                submission.id), nil)
        payDebt(of: settlement.customer, in: currency, tenant)
        return receipt
    }

    /// Buys the order for which money is on the wallet now, or says why not.
    private mutating func fulfil(
        _ order: PendingRow, _ movement: MovementReceipt, _ submission: Submission
    ) -> SettlementResult {
        let tenant = submission.tenant
        guard order.state == .pending else {
            tell(order, movement, "order.late_payment", order.state.rawValue, tenant)
            return .late(order.state)
        }
        guard now < order.expiresAt else {
            close(order, .expired, tenant)
            writes.events.append(.closed(order, .expired, tenant, ids.next(at: madeAt)))
            tell(order, movement, "order.late_payment", PendingOrderState.expired.rawValue, tenant)
            return .late(.expired)
        }
        let name = TenantKey(tenant: tenant, name: order.id)
        do throws(Refusal) {
            guard let receipt = try buy(order, submission) else {
                return give(up: order, movement, RefundReason.undeliverable.rawValue, tenant)
            }
            rows.pendingOrders[name]?.state = .settled
            writes.pendingChanges[name] = GroupWrites.PendingChange(
                state: .settled, entry: movement.entry, reason: nil)
            return .bought(receipt)
        } catch {
            guard case .insufficientBalance = error else {
                return give(up: order, movement, error.reason, tenant)
            }
            writes.pendingChanges[name] = GroupWrites.PendingChange(
                state: .pending, entry: movement.entry, reason: error.reason)
            tell(order, movement, "order.not_fulfilled", error.reason, tenant)
            return .waits(error)
        }
    }

    /// Buys it as it was quoted; `nil` where its goods cannot be handed out.
    private mutating func buy(
        _ order: PendingRow, _ submission: Submission
    ) throws(Refusal) -> PurchaseReceipt? {
        let tenant = submission.tenant
        let customer = try customer(order.customer, of: tenant)
        let plan = try plan(order.plan, for: submission, customer)
        let exit = try exit(
            of: plan, order.exit.map { ExitChoice(country: $0.country, rotation: $0.rotation) })
        let time = try time(of: plan, order.repeatCount, from: PeriodStart(now: now))
        let quote: Quote
        do throws(PricingRefusal) {
            quote = try Pricing.quote(
                plan: plan, kind: .purchase, quantity: order.quantity, repeatCount: order.repeatCount,
                coupon: order.coupon == nil ? nil : .reserved(order.discount), at: now)
        } catch {
            throw Refusal(error)
        }
        guard quote.total == order.total, plan.duration == order.duration else {
            throw .priceChanged(quote.total)
        }
        let coupon = rows.coupons.first { $0.key.tenant == tenant && $0.value.id == order.coupon }?.value
        let sale = Sale(
            order: order.id, event: ids.next(at: madeAt), customer: order.customer, plan: plan, exit: exit,
            kind: .purchase, quantity: order.quantity.value, repeatCount: order.repeatCount.value, time: time,
            priced: Priced(quote: quote, coupon: coupon, ordinal: order.couponOrdinal, promise: nil),
            wasReserved: order.coupon != nil)
        let goods = try take(sale, tenant)
        do throws(Fault) {
            let receipt = try receipt(sale, goods)
            write(sale, receipt, goods, submission)
            return receipt
        } catch {
            putBack(sale, tenant)
            return nil
        }
    }

    /// The order is not bought, and waits no longer: its time will not come again.
    private mutating func give(
        up order: PendingRow, _ movement: MovementReceipt, _ reason: String, _ tenant: TenantID
    ) -> SettlementResult {
        close(
            order, GroupWrites.PendingChange(state: .cancelled, entry: movement.entry, reason: reason), tenant
        )
        tell(order, movement, "order.not_fulfilled", reason, tenant)
        return .notFulfilled(reason: reason)
    }

    private mutating func tell(
        _ order: PendingRow, _ movement: MovementReceipt, _ kind: String, _ reason: String, _ tenant: TenantID
    ) {
        writes.events.append(.unbought(kind, order, movement, reason, tenant, ids.next(at: madeAt)))
    }
}
