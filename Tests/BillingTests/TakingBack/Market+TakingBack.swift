import Billing
import Catalog
import Postgres
import Primitives
import Server
import TestSupport

extension Market {
    static let day: Int64 = 86_400_000

    /// A paid period as the table has it: in days from the start of the test's clock.
    struct TermDays: Sendable, Hashable {
        let from: Double
        let to: Double
        let cut: Double?

        init(_ from: Double, _ to: Double, cut: Double? = nil) {
            self.from = from
            self.to = to
            self.cut = cut
        }
    }

    func terms(of subscription: SubscriptionID, in shop: Shop) async throws -> [TermDays] {
        try await database.owner.run { connection in
            try connection.query(
                """
                SELECT starts_at, ends_at, cut_at FROM terms
                WHERE tenant_id = \(shop.tenant) AND subscription_id = \(subscription) ORDER BY period_index
                """
            ).map { row in
                func days(_ instant: Instant) -> Double {
                    Double(instant.milliseconds(since: ManualClock.start)) / Double(Self.day)
                }
                return TermDays(
                    days(try row.get(0)), days(try row.get(1)),
                    cut: try row.get(2, as: Instant?.self).map(days))
            }
        }
    }

    /// What the orders of a shop say was paid and given back, in minor units.
    func sold(in shop: Shop) async throws -> (paid: Int64, refunded: Int64, wholesale: Int64) {
        try await database.owner.run { connection in
            let row = try connection.query(
                """
                SELECT coalesce(sum(total_minor), 0)::bigint, coalesce(sum(refunded_minor), 0)::bigint,
                    coalesce(sum(wholesale_refunded_minor), 0)::bigint
                FROM orders WHERE tenant_id = \(shop.tenant)
                """)[0]
            return (paid: try row.get(0), refunded: try row.get(1), wholesale: try row.get(2))
        }
    }

    /// The state of each coupon's use in a shop, in the order of their orders.
    func redemptions(in shop: Shop) async throws -> [String] {
        try await database.owner.run { connection in
            try connection.query(
                """
                SELECT coalesce(released_reason, state) FROM coupon_redemptions
                WHERE tenant_id = \(shop.tenant) ORDER BY order_id
                """
            ).map { try $0.get(0) }
        }
    }

    /// What became of each promise.
    func promiseEnds(in shop: Shop) async throws -> [String] {
        try await database.owner.run { connection in
            try connection.query(
                """
                SELECT coalesce(ended_reason, 'stands') FROM coupon_promises
                WHERE tenant_id = \(shop.tenant) ORDER BY subscription_id
                """
            ).map { try $0.get(0) }
        }
    }

    /// A coupon of so many percent, in basis points.
    func coupon(
        _ code: String, percent: Int32, limit: Int32? = nil, renewals: Int32? = nil, firstOrder: Bool = false,
        in shop: Shop
    ) async throws {
        try await shop.coupon(
            code, percent: percent, limit: limit, firstOrder: firstOrder, renewals: renewals,
            on: database.owner, id: ids.next(at: now), at: now)
    }

    /// What somebody of the installation asks, without a principal.
    func unasked(_ command: Command, of shop: Shop) -> Submission {
        Submission(
            id: ids.next(at: now), tenant: shop.tenant, principal: nil,
            dialect: DialectName(rawValue: "operator"), command: command)
    }

    /// Carries commands out as one group, in their order.
    func group(_ submissions: [Submission]) async throws -> [Result<Answer, Refusal>] {
        let (seed, now) = (ids.next(at: now, of: CommandSubject.self).bits.low, now)
        return try await database.owner.run { connection in
            try connection.withTransaction { connection in
                var work = LedgerWork(seed: seed, stock: SlotStock(seal: .market))
                return try work.carryOut(submissions, on: connection, at: now)
            }
        }
    }

    /// The numbers of all loans of a subscription, past ones too.
    func sequences(of subscription: SubscriptionID, in shop: Shop) async throws -> [Int32] {
        try await database.owner.run { connection in
            try connection.query(
                """
                SELECT sequence FROM allocations
                WHERE tenant_id = \(shop.tenant) AND subscription_id = \(subscription) ORDER BY sequence
                """
            ).map { try $0.get(0) }
        }
    }

    /// What each live port of a subscription may choose, and how often its exit changes.
    func rotations(of subscription: SubscriptionID, in shop: Shop) async throws -> [String] {
        try await database.owner.run { connection in
            try connection.query(
                """
                SELECT rotation_choices::text || ' ' || rotation_minutes FROM allocations
                WHERE tenant_id = \(shop.tenant) AND subscription_id = \(subscription) AND released_at IS NULL
                ORDER BY sequence
                """
            ).map { try $0.get(0) }
        }
    }

    /// A second plan like the one of this code, with something else about it.
    func copy(_ code: String, as plan: PlanID, setting change: String, in shop: Shop) async throws {
        try await database.owner.run { connection in
            _ = try connection.query(
                """
                INSERT INTO plans
                    (tenant_id, id, code, name, product, connection, network_ids, duration_ms, currency, price_minor,
                     exits, exit_rotations, sells_in, version, sort_order, created_at)
                SELECT tenant_id, \(plan), 'copy', name, product, connection, network_ids, duration_ms, currency,
                    price_minor, exits, exit_rotations, sells_in, 1, 1, created_at
                FROM plans WHERE tenant_id = \(shop.tenant) AND code = \(code)
                """)
            _ = try connection.query(
                """
                INSERT INTO plan_versions (tenant_id, plan_id, version, duration_ms, currency, price_minor, recorded_at)
                SELECT tenant_id, id, 1, duration_ms, currency, price_minor, created_at FROM plans
                WHERE tenant_id = \(shop.tenant) AND id = \(plan)
                """)
            _ = try connection.query(
                "UPDATE plans SET \(unsafeRaw: change) WHERE tenant_id = \(shop.tenant) AND id = \(plan)")
        }
    }
}
