internal import Billing
internal import Catalog
internal import Primitives

extension Tables {
    mutating func insert(_ row: GroupWrites.NewOrder) throws(Violation) {
        let key = TenantKey(tenant: row.tenant, name: row.id)
        try demand(orders.updateValue(OrderRecord(row: row), forKey: key) == nil, "orders_pkey")
        let quote = row.quote
        try demand(
            quote.total.minor == quote.list.minor - quote.discount.minor && quote.discount.minor >= 0
                && quote.total.minor >= 0, "order_total_is_list_less_discount")
        try demand(row.quantity > 0 && row.repeatCount > 0, "order_counts_are_positive")
        try demand(quote.wholesale?.minor ?? 0 >= 0, "order_wholesale_must_not_be_negative")
    }

    mutating func update(_ key: TenantKey<OrderID>, _ refund: GroupWrites.OrderRefund) throws(Violation) {
        guard var order = orders[key], refund.order == key.name, refund.tenant == key.tenant else {
            throw Violation(constraint: "a refund names no order")
        }
        order.refunded = refund.refunded
        order.wholesaleRefunded = refund.wholesaleRefunded
        order.isRefunded = refund.isWhole
        orders[key] = order
        try demand(
            (0...order.row.quote.total.minor).contains(order.refunded),
            "order_refund_must_not_exceed_its_total")
        try demand(
            (0...(order.row.quote.wholesale?.minor ?? 0)).contains(order.wholesaleRefunded),
            "order_wholesale_refund_must_not_exceed_it")
    }

    mutating func insert(_ row: GroupWrites.NewSubscription) throws(Violation) {
        let key = TenantKey(tenant: row.tenant, name: row.id)
        try demand(subscriptions[key] == nil, "subscriptions_pkey")
        subscriptions[key] = SubscriptionRecord(
            row: row, plan: row.plan, exit: row.exit, activeUntil: row.period.end, nextPeriod: row.periods)
        subscriptionsByOrder[TenantKey(tenant: row.tenant, name: row.order), default: []].append(row.id)
    }

    mutating func update(
        _ key: TenantKey<SubscriptionID>, _ change: GroupWrites.SubscriptionChange
    ) throws(Violation) {
        guard var record = subscriptions[key], change.id == key.name, change.tenant == key.tenant else {
            throw Violation(constraint: "a change names no subscription")
        }
        record.plan = change.plan
        record.activeUntil = change.activeUntil
        record.nextPeriod = change.nextPeriod
        record.endedAt = change.endedAt
        subscriptions[key] = record
        try demand(
            change.activeUntil >= record.row.period.start, "subscription_does_not_end_before_it_starts")
    }

    mutating func insert(_ term: GroupWrites.Term) throws(Violation) {
        let key = TenantKey(tenant: term.tenant, name: term.subscription)
        guard let count = subscriptions[key]?.terms.count else {
            throw Violation(constraint: "a term belongs to no subscription")
        }
        try demand(Int(term.index) == count, "one_charge_per_subscription_and_period")
        try demand(term.period.end > term.period.start, "term_ends_after_it_starts")
        try demand(term.amount >= 0, "term_amount_must_not_be_negative")
        subscriptions[key]!.terms.append(term)
    }

    mutating func insert(_ cut: GroupWrites.TermCut) throws(Violation) {
        let key = TenantKey(tenant: cut.tenant, name: cut.subscription)
        guard let term = subscriptions[key]?.terms.first(where: { $0.index == cut.index }) else {
            throw Violation(constraint: "a cut names no term")
        }
        try demand(
            cut.at >= term.period.start && cut.at < term.period.end, "a_term_is_cut_within_itself")
        let earlier = subscriptions[key]!.cuts.updateValue(cut.at, forKey: cut.index)
        try demand(earlier == nil, "a term was cut twice")
    }
}
