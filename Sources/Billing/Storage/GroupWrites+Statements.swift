internal import Postgres
internal import Primitives

extension GroupWrites {
    /// The second round trip: every row of the group, set by set; the books' accounts are written last, because the
    /// hottest row is held the shortest then.
    func statements(_ books: Books, _ stock: any Stock, at now: Instant) -> [Statement] {
        var statements: [Statement] = []
        func add(_ statement: @autoclosure () -> Statement, unless isEmpty: Bool) {
            if !isEmpty { statements.append(statement()) }
        }
        add(AccountStore.adding(opened, at: now), unless: opened.isEmpty)
        add(JournalStore.insertingEntries(entries, at: now), unless: entries.isEmpty)
        add(JournalStore.insertingTransfers(books.transfers), unless: books.transfers.isEmpty)
        add(OrderStore.inserting(orders, at: now), unless: orders.isEmpty)
        add(SubscriptionStore.inserting(subscriptions), unless: subscriptions.isEmpty)
        add(
            SubscriptionStore.updating(Array(subscriptionChanges.values)), unless: subscriptionChanges.isEmpty
        )
        add(SubscriptionStore.settingExits(exits), unless: exits.isEmpty)
        add(TermStore.inserting(terms), unless: terms.isEmpty)
        add(TermStore.cutting(termCuts, at: now), unless: termCuts.isEmpty)
        add(OrderStore.refunding(Array(refunds.values)), unless: refunds.isEmpty)
        add(OrderStore.countingCoupons(couponCounts), unless: couponCounts.isEmpty)
        for wasReserved in [false, true] {
            let released = releasedRedemptions.filter { $0.wasReserved == wasReserved }
            add(
                OrderStore.releasingRedemptions(released, from: wasReserved, at: now),
                unless: released.isEmpty)
        }
        add(OrderStore.insertingRedemptions(redemptions, at: now), unless: redemptions.isEmpty)
        add(
            OrderStore.committingRedemptions(committedRedemptions), unless: committedRedemptions.isEmpty)
        add(PendingStore.inserting(pendingOrders, at: now), unless: pendingOrders.isEmpty)
        add(PendingStore.updating(pendingChanges, at: now), unless: pendingChanges.isEmpty)
        add(PaymentRowStore.updating(payments, at: now), unless: payments.isEmpty)
        let reversals = payments.flatMap { name, row in row.changed.map { (name, $0) } }
        add(PaymentRowStore.writing(reversals, at: now), unless: reversals.isEmpty)
        add(PromiseStore.inserting(promises, at: now), unless: promises.isEmpty)
        add(PromiseStore.updating(promiseChanges, at: now), unless: promiseChanges.isEmpty)
        add(PromiseStore.breaking(brokenPromises, at: now), unless: brokenPromises.isEmpty)
        add(PromiseStore.ending(endedPromises, at: now), unless: endedPromises.isEmpty)
        add(OrderStore.insertingTrials(trialGrants, at: now), unless: trialGrants.isEmpty)
        if !self.stock.isEmpty { statements += stock.write(self.stock, at: now) }
        add(JournalStore.insertingEvents(events, at: now), unless: events.isEmpty)
        add(RenewalStore.telling(ends.map(\.event), as: ends.map(\.id), at: now), unless: ends.isEmpty)
        add(JournalStore.insertingRemembered(remembered, at: now), unless: remembered.isEmpty)
        let changed = books.changedAccounts
        add(AccountStore.updating(changed), unless: changed.isEmpty)
        return statements
    }
}
