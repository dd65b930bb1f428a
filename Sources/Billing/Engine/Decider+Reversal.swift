internal import Primitives

/// What goes back of one order: decided, and not yet posted.
struct Reversal {
    /// The order as it is then.
    let order: OrderRow
    let amount: Money
    let entry: JournalEntry
    let legs: [Leg]
}

extension Decider {
    /// Who is given something back, by whom and why: what all reversals of one command have in common.
    struct GivingBack {
        let tenant: TenantID
        let reason: RefundReason
        var memo: String?
        var actor: String?
    }

    /// Gives back so much of an order: retail from the tenant to the customer, and wholesale from the platform to the
    /// tenant's float in the same proportion, rounded down, and in full with the last of the retail.
    ///
    /// - Parameter isWhole: whether nothing is left of the order then; of one that cost nothing only the caller knows.
    func reversal(
        of order: OrderRow, _ amount: Money, isWhole: Bool, as entry: JournalEntryID, _ giving: GivingBack
    ) -> Reversal {
        var order = order
        order.refunded += amount.minor
        order.isRefunded = isWhole
        let wholesale = wholesaleDue(order)
        order.wholesaleRefunded += wholesale
        let (tenant, currency) = (giving.tenant, amount.currency)
        var legs: [Leg] = []
        if amount.isPositive {
            legs.append(
                Leg(
                    debit: .own(tenant, .revenue, currency),
                    credit: .wallet(tenant, order.customer, currency), amount: amount))
        }
        if wholesale > 0 {
            legs.append(
                Leg(
                    debit: .own(tenant, .platformRevenue, currency), credit: .own(tenant, .float, currency),
                    amount: Money(minor: wholesale, currency: currency)))
        }
        return Reversal(
            order: order, amount: amount,
            entry: JournalEntry(
                tenant: tenant, id: entry, reason: .refund, order: order.id, reverses: order.id.retyped(),
                memo: giving.memo, actor: giving.actor, at: now), legs: legs)
    }

    /// The tenant's share of this step: what is due at the new refunded sum, less what was given before. Of an order that
    /// cost nothing it is due with the whole alone.
    private func wholesaleDue(_ order: OrderRow) -> Int64 {
        guard let wholesale = order.wholesale else { return 0 }
        guard !order.isRefunded else { return wholesale - order.wholesaleRefunded }
        guard order.total.isPositive else { return 0 }
        let due = Int128(wholesale) * Int128(order.refunded) / Int128(order.total.minor)
        return Int64(due) - order.wholesaleRefunded
    }

    /// Posts a reversal that was checked; writes what it leaves of its order, and tells of it.
    ///
    /// - Parameter balance: the wallet's after it.
    mutating func settle(
        _ reversal: Reversal, _ giving: GivingBack, balance: Money, _ answer: GroupWrites.Remembered? = nil
    ) {
        let order = reversal.order
        let name = TenantKey(tenant: giving.tenant, name: order.id)
        post(reversal.legs, as: reversal.entry.id, in: giving.tenant)
        if placed[name] == nil { rows.orders[name] = order } else { placed[name] = order }
        writes.refunds[name] = GroupWrites.OrderRefund(
            tenant: giving.tenant, order: order.id, refunded: order.refunded,
            wholesaleRefunded: order.wholesaleRefunded, isWhole: order.isRefunded)
        let receipt = MovementReceipt(entry: reversal.entry.id, amount: reversal.amount, balance: balance)
        record(
            reversal.entry,
            .moved(
                "order.refunded", receipt, customer: order.customer, order: order.id, giving.tenant,
                reversal.entry.id.retyped()), answer)
        if order.isRefunded { giveBackCoupon(of: order, for: giving.reason, giving.tenant) }
    }

    /// What a wallet would hold after each of these entries, posted one after the other; refused as the books refuse.
    func balances(
        of customer: CustomerID, in currency: Currency, after entries: [[Leg]], _ tenant: TenantID
    ) throws(Refusal) -> [Money] {
        do throws(Books.PostingRefusal) {
            return try rows.books.balances(of: .wallet(tenant, customer, currency), after: entries).map {
                Money(minor: $0, currency: currency)
            }
        } catch {
            throw refusal(error, entries.flatMap { $0 })
        }
    }
}
