internal import Billing
internal import Catalog
internal import Primitives

// Orders and subscriptions as the tables hold them, turned back into the model's words.
extension Run {
    func compareOrder(_ name: Name) throws(Difference) {
        let key = TenantKey(tenant: Names.tenant(name.tenant), name: Names.order(name.number))
        let expected = model.orders[name]
        let given = tables.orders[key].map(order)
        guard given == expected else {
            throw Difference(
                .order, "order \(name.word): the model has \(text(expected)), the table \(text(given))")
        }
        let use = tables.redemptions[key].map {
            Redemption(
                coupon: Names.number($0.row.coupon), customer: Names.number($0.row.customer),
                amount: $0.row.amount, isGivenBack: $0.isReleased)
        }
        guard use == model.redemptions[name] else {
            throw Difference(
                .coupon,
                "order \(name.word): the model has \(text(model.redemptions[name])), the table \(text(use))")
        }
    }

    private func order(_ record: OrderRecord) -> Order {
        let row = record.row
        return Order(
            customer: Names.number(row.customer), kind: row.kind, plan: Names.number(row.plan),
            subscription: row.subscription.flatMap { subscriptionNames[$0] }, quantity: Int64(row.quantity),
            repeats: Int64(row.repeatCount), list: row.quote.list.minor, discount: row.quote.discount.minor,
            total: row.quote.total.minor, wholesale: row.quote.wholesale?.minor,
            currency: row.quote.total.currency, coupon: row.coupon.map(Names.number),
            refunded: record.refunded, wholesaleRefunded: record.wholesaleRefunded,
            isRefunded: record.isRefunded)
    }

    func compareSubscription(_ name: SubscriptionName) throws(Difference) {
        guard let expected = model.subscriptions[name], let id = subscriptionIDs[name] else { return }
        let key = TenantKey(tenant: Names.tenant(expected.tenant), name: id)
        let record = tables.subscriptions[key]
        try demand(
            record.map { Int($0.nextPeriod) == $0.terms.count } ?? false, .subscription,
            "subscription \(name.word) does not count its terms")
        let given = record.map { subscription($0, key) }
        guard given == expected else {
            throw Difference(
                .subscription,
                "subscription \(name.word): the model has \(expected), the table \(text(given))")
        }
        for allocation in tables.allocations[key] ?? [] where !allocation.isReleased {
            guard allocation.expiresAt.milliseconds == expected.end else {
                throw Difference(.slot, "the slot of subscription \(name.word) expires at another instant")
            }
        }
    }

    private func subscription(
        _ record: SubscriptionRecord, _ key: TenantKey<SubscriptionID>
    ) -> Subscription {
        Subscription(
            tenant: Int(key.tenant.number), customer: Names.number(record.row.customer),
            plan: Names.number(record.plan), door: record.row.dialect.rawValue,
            end: record.activeUntil.milliseconds, isEnded: record.endedAt != nil,
            terms: record.terms.map {
                Term(
                    order: Names.number($0.order), start: $0.period.start.milliseconds,
                    end: $0.period.end.milliseconds, amount: $0.amount,
                    cut: record.cuts[$0.index]?.milliseconds)
            },
            slots: tables.holdings(key).map { Names.slotName($0.slot, key.tenant) },
            exit: record.exit.map { [$0.country.rawValue, $0.rotation.rawValue] })
    }

    private func text(_ value: (some Any)?) -> String { value.map { "\($0)" } ?? "nothing" }
}
