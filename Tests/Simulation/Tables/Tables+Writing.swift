internal import Billing
internal import Catalog
internal import Primitives

// What `GroupWrites.statements` writes, in its order, each with the constraints of its table.
extension Tables {
    mutating func write(_ writes: GroupWrites, _ books: Books, at now: Instant) throws(Violation) {
        try insert(writes.entries)
        try insert(books.transfers)
        for row in writes.orders { try insert(row) }
        for row in writes.subscriptions { try insert(row) }
        for (key, change) in writes.subscriptionChanges { try update(key, change) }
        for (key, exit) in writes.exits { subscriptions[key]?.exit = exit }
        for term in writes.terms { try insert(term) }
        for cut in writes.termCuts { try insert(cut) }
        for (key, refund) in writes.refunds { try update(key, refund) }
        for (key, count) in writes.couponCounts { try self.count(key, count) }
        for release in writes.releasedRedemptions {
            redemptions[TenantKey(tenant: release.tenant, name: release.order)]?.isReleased = true
        }
        for row in writes.redemptions { try insert(row) }
        for row in writes.trialGrants {
            let name = TenantKey(tenant: row.tenant, name: Buyer(customer: row.customer, plan: row.plan))
            try demand(trials.insert(name).inserted, "one_trial_per_customer_and_plan")
        }
        try change(writes.stock, at: now)
        for event in writes.events {
            let isNew = events.insert(TenantKey(tenant: event.tenant, name: event.id)).inserted
            try demand(isNew, "outbox_events_pkey")
        }
        for row in writes.remembered {
            let name = TenantKey(tenant: row.tenant, name: row.name)
            try demand(remembered.updateValue(row, forKey: name) == nil, "one_answer_per_idempotency_key")
        }
        try settle(books.changedAccounts)
    }

    private mutating func insert(_ new: [JournalEntry]) throws(Violation) {
        for entry in new {
            let key = TenantKey(tenant: entry.tenant, name: entry.id)
            try demand(entries.updateValue(entry, forKey: key) == nil, "journal_entries_pkey")
            if let reference = entry.reference {
                let isNew = references.insert(TenantKey(tenant: entry.tenant, name: reference)).inserted
                try demand(isNew, "journal_entry_reference_is_unique_per_tenant")
            }
            if let reversed = entry.reverses {
                let original = entries[TenantKey(tenant: entry.tenant, name: reversed)]
                try demand(original != nil, "a reversal points at an entry that does not exist")
            }
        }
    }

    /// Every posting follows the one before it on its account, by number and by balance.
    private mutating func insert(_ transfers: [Transfer]) throws(Violation) {
        for transfer in transfers {
            let entry = TenantKey(tenant: transfer.tenant, name: transfer.entry)
            try demand(entries[entry] != nil, "a transfer belongs to no entry")
            try demand(transferLines[entry] ?? -1 == transfer.line - 1, "transfers_pkey")
            transferLines[entry] = transfer.line
            try demand(transfer.amount > 0, "transfer_amount_is_positive")
            try demand(transfer.debit != transfer.credit, "transfer_sides_are_two_accounts")
            try post(
                transfer, transfer.debit, .debit, transfer.debitSequence, transfer.debitBalanceAfter)
            try post(
                transfer, transfer.credit, .credit, transfer.creditSequence, transfer.creditBalanceAfter)
        }
    }

    private mutating func post(
        _ transfer: Transfer, _ id: AccountID, _ side: Side, _ sequence: Int64, _ after: Int64
    ) throws(Violation) {
        guard let key = accountsByID[id], var account = accounts[key] else {
            throw Violation(constraint: "a transfer names no account")
        }
        try demand(
            key.tenant == transfer.tenant && key.currency == transfer.currency,
            "transfers stay in one currency and tenant")
        try demand(sequence == account.postings + 1, "a statement has a gap")
        let grows = side == key.role.normalSide
        let balance = Int128(account.balance) + (grows ? 1 : -1) * Int128(transfer.amount)
        try demand(balance == Int128(after), "a balance is not the sum of its postings")
        account.balance = after
        account.postings = sequence
        accounts[key] = account
    }

    /// The balances as the group writes them must be what its postings have made of them.
    private func settle(_ changed: [Account]) throws(Violation) {
        for account in changed {
            guard let posted = accounts[account.key], posted.id == account.id else {
                throw Violation(constraint: "accounts_pkey")
            }
            try demand(
                posted.balance == account.balance && posted.postings == account.postings,
                "a balance is not the sum of its postings")
            try demand(
                posted.floor.map { account.balance >= $0 } ?? true,
                "account_balance_must_not_fall_below_its_floor")
        }
    }

    private mutating func count(
        _ key: TenantKey<CouponID>, _ count: GroupWrites.CouponCount
    ) throws(Violation) {
        guard let code = couponsByID[key] else { throw Violation(constraint: "a count names no coupon") }
        coupons[code]!.redeemedCount += count.uses
        coupons[code]!.discountedMinor += count.discounted
        let coupon = coupons[code]!
        try demand(
            coupon.discountedMinor >= 0 && coupon.discountedMinor <= coupon.budget?.minor ?? .max,
            "coupon_discounts_must_not_exceed_their_budget")
        try demand(
            coupon.redeemedCount >= 0 && coupon.redeemedCount <= coupon.maxRedemptions ?? .max,
            "coupon_redemptions_must_not_exceed_their_limit")
    }

    private mutating func insert(_ row: GroupWrites.Redemption) throws(Violation) {
        let key = TenantKey(tenant: row.tenant, name: row.order)
        try demand(redemptions[key] == nil, "coupon_redemptions_pkey")
        try demand(row.amount >= 0, "redemption_amount_must_not_be_negative")
        try demand(row.ordinal != nil && row.renewal == nil, "redemption_is_a_use_or_a_promised_renewal")
        try demand(
            (1...(row.limit ?? .max)).contains(row.ordinal ?? 0),
            "redemptions_per_customer_must_not_exceed_their_limit")
        if row.isFirstOrder && row.release == nil {
            let isFirst = !redemptions.contains { key, other in
                key.tenant == row.tenant && other.row.isFirstOrder && !other.isReleased
                    && other.row.customer == row.customer
            }
            try demand(isFirst, "a_customer_has_one_first_order")
        }
        let coupon = TenantKey(tenant: row.tenant, name: row.coupon)
        for other in redemptionsByCoupon[coupon] ?? [] where row.release == nil {
            let other = redemptions[TenantKey(tenant: row.tenant, name: other)]!
            try demand(
                other.isReleased || other.row.customer != row.customer || other.row.ordinal != row.ordinal,
                "redemption_ordinal_is_used_once")
        }
        redemptions[key] = RedemptionRecord(row: row, isReleased: row.release != nil)
        redemptionsByCoupon[coupon, default: []].append(row.order)
    }
}
