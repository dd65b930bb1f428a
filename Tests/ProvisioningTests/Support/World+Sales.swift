import Postgres
import Primitives
import Provisioning

/// The stock would not do.
struct SoldOut: Error {}

extension World {
    /// Buys `count` free subscriptions in one transaction, as the engine does: claim, check the count, write.
    @discardableResult
    func buy(
        _ count: Int32 = 1, _ network: String = "AMS", for tenant: Tenant, days: Int64 = 1,
        rotationMinutes: Int32 = 0, choices: [Int32] = [0, 5, 10]
    ) async throws -> [SubscriptionID] {
        let demand = SlotDemand(tenant: tenant.id, network: tenant.networks[network]!, count: count)
        return try await engine.transaction(tenant: nil) { [identifiers] transaction in
            let slots = try SlotStore.claimed(try transaction.query(SlotStore.claim([demand])))
            guard slots.count == Int(count) else { throw SoldOut() }
            let until = Instant(milliseconds: transaction.now.milliseconds + days * 86_400_000)
            let order: OrderID = identifiers.next(at: transaction.now)
            var changes = SlotChanges(at: transaction.now)
            var statements = [Sales.order(order, of: tenant, "purchase", count, nil, transaction.now)]
            let subscriptions: [SubscriptionID] = slots.map { slot in
                let subscription: SubscriptionID = identifiers.next(at: transaction.now)
                statements += Sales.subscription(subscription, order, of: tenant, transaction.now, until)
                changes.allocate(
                    NewAllocation(
                        tenant: tenant.id, subscription: subscription, slot: slot.id, gateway: slot.gateway,
                        rotationMinutes: rotationMinutes, rotationChoices: choices, expiresAt: until
                    )
                )
                return subscription
            }
            _ = try transaction.pipeline(statements + SlotStore.write(changes))
            return subscriptions
        }
    }

    /// Buys the plan that takes a slot on each of three networks: the later slots take over the first one's login.
    func buyWide(
        for tenant: Tenant, days: Int64 = 1, rotationMinutes: Int32 = 0
    ) async throws -> SubscriptionID {
        let networks = ["AMS", "BER", "VIE"].map { tenant.networks[$0]! }
        let demands = networks.map { SlotDemand(tenant: tenant.id, network: $0, count: 1) }
        return try await engine.transaction(tenant: nil) { [identifiers, seal] transaction in
            let claimed = try SlotStore.claimed(try transaction.query(SlotStore.claim(demands)))
            let slots = networks.compactMap { network in claimed.first { $0.network == network } }
            guard slots.count == 3 else { throw SoldOut() }
            let secret = try slots[0].secret(openedBy: seal)
            let until = Instant(milliseconds: transaction.now.milliseconds + days * 86_400_000)
            let order: OrderID = identifiers.next(at: transaction.now)
            let subscription: SubscriptionID = identifiers.next(at: transaction.now)
            var changes = SlotChanges(at: transaction.now)
            for (place, slot) in slots.enumerated() {
                let version = slot.secretVersion + 1
                let taken = RenewedCredentials(
                    tenant: tenant.id, slot: slot.id, version: version, username: slots[0].username,
                    sealedSecret: seal.seal(secret, tenant: tenant.id, slot: slot.id, version: version))
                changes.allocate(
                    NewAllocation(
                        tenant: tenant.id, subscription: subscription, sequence: Int32(place + 1),
                        slot: slot.id, gateway: slot.gateway, rotationMinutes: rotationMinutes,
                        rotationChoices: [0, 5, 10], expiresAt: until,
                        credentials: place == 0 ? nil : taken))
            }
            let sale =
                [Sales.order(order, of: tenant, "purchase", 1, nil, transaction.now, plan: tenant.widePlan)]
                + Sales.subscription(
                    subscription, order, of: tenant, transaction.now, until, plan: tenant.widePlan)
            _ = try transaction.pipeline(sale + SlotStore.write(changes))
            return subscription
        }
    }

    /// Renews for so many days from the current end; false where the subscription has no slot any more.
    ///
    /// `holding` runs while the allocation is locked.
    func renew(
        _ subscription: SubscriptionID, of tenant: Tenant, days: Int64 = 1,
        holding: (@Sendable () -> Void)? = nil
    ) async throws -> Bool {
        try await engine.transaction(tenant: nil) { [identifiers] transaction in
            let lock = SlotStore.lockAllocations([(tenant.id, subscription)])
            let all = try SlotStore.liveAllocations(try transaction.query(lock))
            guard let live = all.first else { return false }
            holding?()
            let start = max(live.expiresAt, transaction.now)
            let end = Instant(milliseconds: start.milliseconds + days * 86_400_000)
            let order: OrderID = identifiers.next(at: transaction.now)
            var changes = SlotChanges(at: transaction.now)
            for live in all { changes.extend(live, to: end) }
            _ = try transaction.pipeline(
                [Sales.order(order, of: tenant, "renewal", 1, subscription, transaction.now)]
                    + Sales.term(subscription, order, of: tenant, start, end) + SlotStore.write(changes)
            )
            return true
        }
    }
}

/// The rows of a sale for nothing: no money moves, so no ledger is needed.
enum Sales {
    static func order(
        _ order: OrderID, of tenant: Tenant, _ kind: String, _ quantity: Int32, _ renewed: SubscriptionID?,
        _ now: Instant, plan: PlanID? = nil
    ) -> Statement {
        """
        INSERT INTO orders (tenant_id, id, customer_id, dialect, kind, plan_id, plan_version, subscription_id, quantity,
                            repeat_count, currency, list_minor, discount_minor, total_minor, state, placed_at)
        VALUES (\(tenant.id), \(order), \(tenant.customer), 'gate', \(kind), \(plan ?? tenant.plan), 1, \(renewed), \(quantity),
                1, 'USD', 0, 0, 0, 'paid', \(now))
        """
    }

    static func subscription(
        _ subscription: SubscriptionID, _ order: OrderID, of tenant: Tenant, _ now: Instant, _ until: Instant,
        plan: PlanID? = nil
    ) -> [Statement] {
        [
            """
            INSERT INTO subscriptions (tenant_id, id, customer_id, order_id, plan_id, dialect, trial, started_at,
                                       active_until, next_period)
            VALUES (\(tenant.id), \(subscription), \(tenant.customer), \(order), \(plan ?? tenant.plan), 'gate', false, \(now),
                    \(until), 1)
            """,
            """
            INSERT INTO terms (tenant_id, subscription_id, period_index, order_id, starts_at, ends_at, amount_minor)
            VALUES (\(tenant.id), \(subscription), 0, \(order), \(now), \(until), 0)
            """,
        ]
    }

    static func term(
        _ subscription: SubscriptionID, _ order: OrderID, of tenant: Tenant, _ start: Instant, _ end: Instant
    ) -> [Statement] {
        [
            """
            INSERT INTO terms (tenant_id, subscription_id, period_index, order_id, starts_at, ends_at, amount_minor)
            SELECT \(tenant.id), id, next_period, \(order), \(start), \(end), 0 FROM subscriptions
            WHERE tenant_id = \(tenant.id) AND id = \(subscription)
            """,
            """
            UPDATE subscriptions SET active_until = \(end), next_period = next_period + 1
            WHERE tenant_id = \(tenant.id) AND id = \(subscription)
            """,
        ]
    }
}
