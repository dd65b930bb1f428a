internal import Postgres

/// The whole database in a few numbers, so that a row which belongs to no command is seen.
struct Totals {
    let keys: Int
    let orders: Int
    let entries: Int
    let moneyEvents: Int
    let changeEvents: Int
    let subscriptions: Int
    let subscriptionsOrdered: Int
    let terms: Int
    let termsOrdered: Int
    let slotsLentTwice: Int
    let idsOfTwo: Int
    let slotsAssigned: Int
    let allocationsLive: Int

    init(_ connection: Connection) throws {
        let row = try connection.query(Self.all)[0]
        keys = try row.get("keys")
        orders = try row.get("orders")
        entries = try row.get("entries")
        moneyEvents = try row.get("money_events")
        changeEvents = try row.get("change_events")
        subscriptions = try row.get("subscriptions")
        subscriptionsOrdered = try row.get("subscriptions_ordered")
        terms = try row.get("terms")
        termsOrdered = try row.get("terms_ordered")
        slotsLentTwice = try row.get("lent_twice")
        idsOfTwo = try row.get("ids_of_two")
        slotsAssigned = try row.get("assigned")
        allocationsLive = try row.get("live")
    }

    /// What does not fit with so many commands done, of which so many moved money.
    func problems(done: Int, ofMoney money: Int) -> [String] {
        let pairs = [
            ("remembered answers", keys, done), ("orders", orders, money),
            ("entries of orders", entries, money),
            ("events of orders", moneyEvents, money),
            ("events of changed connections", changeEvents, done - money),
            ("subscriptions", subscriptions, subscriptionsOrdered), ("periods", terms, termsOrdered),
            ("slots lent twice", slotsLentTwice, 0), ("ids of two subscriptions", idsOfTwo, 0),
            ("slots assigned", slotsAssigned, allocationsLive),
        ]
        return pairs.compactMap { what, found, wanted in
            found == wanted ? nil : "\(found) \(what) where there should be \(wanted)"
        }
    }

    private static let all: Statement = """
        SELECT (SELECT count(*) FROM idempotency_keys) AS keys,
               (SELECT count(*) FROM orders) AS orders,
               (SELECT count(*) FROM journal_entries WHERE order_id IS NOT NULL) AS entries,
               (SELECT count(*) FROM outbox_events
                WHERE kind IN ('order.purchased', 'order.renewed', 'trial.started')) AS money_events,
               (SELECT count(*) FROM outbox_events
                WHERE kind IN ('credentials.rotated', 'rotation.changed', 'network.switched', 'allowlist.replaced',
                              'exit.country_changed', 'exit.rotation_changed')) AS change_events,
               (SELECT count(*) FROM subscriptions) AS subscriptions,
               (SELECT count(*) - count(DISTINCT id) FROM subscriptions) AS ids_of_two,
               (SELECT COALESCE(sum(quantity), 0) FROM orders WHERE kind IN ('purchase', 'trial'))
                   AS subscriptions_ordered,
               (SELECT count(*) FROM terms) AS terms,
               (SELECT COALESCE(sum(quantity::bigint * repeat_count), 0)::bigint FROM orders) AS terms_ordered,
               (SELECT count(*) FROM (SELECT 1 FROM allocations WHERE released_at IS NULL
                                      GROUP BY tenant_id, slot_id HAVING count(*) > 1) AS twice) AS lent_twice,
               (SELECT count(*) FROM slots WHERE state = 'assigned') AS assigned,
               (SELECT count(*) FROM allocations WHERE released_at IS NULL) AS live
        """
}
