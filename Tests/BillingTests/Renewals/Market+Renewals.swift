import Billing
import Logging
import Postgres
import Primitives
import TestSupport

@testable import Server

extension Market {
    static let month: Int64 = 30 * 86_400_000
    static let hour: Int64 = 3_600_000

    /// How a subscription stands.
    struct Standing: Sendable, Equatable {
        let activeUntil: Instant
        let nextPeriod: Int32
        let renewsAt: Instant?
        let endedAt: Instant?
        let parkedReason: String?
    }

    /// Renewals with this engine, on the job's own rights.
    func renewals(
        _ engine: Engine, batch: Int = 512,
        onStep: @escaping @Sendable (RenewalStep) throws -> Void = { _ in }
    ) -> Renewals {
        var settings = Renewals.Settings()
        settings.batch = batch
        return Renewals(
            engine: engine, pool: database.pool(.job, threads: 1), ids: ids, clock: clock,
            settings: settings, logger: .quiet, onStep: onStep)
    }

    /// One run that is not disturbed.
    @discardableResult
    func renew(of shop: Shop? = nil) async throws -> RenewalCounts {
        try await withNewEngine { try await renewals($0).run(of: shop?.tenant) }
    }

    /// An engine whose ids no other one of the test has made.
    private func withNewEngine<T>(_ body: (Engine) async throws -> T) async throws -> T {
        let engine = engine(seed: ids.next(at: now, of: CommandSubject.self).bits.low)
        do {
            let value = try await body(engine)
            await engine.stop()
            return value
        } catch {
            await engine.stop()
            throw error
        }
    }

    /// Lets what is bought of every plan renew itself from now on.
    func letPlansRenew() async throws {
        try await database.execute("UPDATE plans SET auto_renew = true")
    }

    /// Makes Brio Alba's sandbox and moves its clock so many ms ahead of the real one.
    func moveClock(ofBrioTo ahead: Int64) async throws {
        try await database.execute(
            """
            INSERT INTO clock_moves (tenant_id, ahead_before_ms, ahead_after_ms, actor, moved_at)
                SELECT id, clock_ahead_ms, \(ahead), 'a test', timestamptz '2026-01-31Z' FROM tenants WHERE id = 2;
            UPDATE tenants SET sandbox_of = 1, slug = 'alba-sandbox', clock_ahead_ms = \(ahead) WHERE id = 2
            """)
    }

    /// A customer's subscription to `nl` with what it costs paid and so much left on the wallet.
    func bought(
        in shop: Shop, plan: PlanID? = nil, leaving minor: Int64, by customer: CustomerID? = nil,
        quantity: Int64 = 1
    ) async throws -> [IssuedSubscription] {
        try await withNewEngine { engine in
            let customer = customer ?? shop.ann
            let price = plan == shop.weekPlan ? 4_00 : plan == shop.dePlan ? 14_00 : 12_00
            try await topUp(customer, Int64(price) * quantity + minor, in: shop, with: engine)
            let network = plan == shop.dePlan ? shop.de : shop.nl
            let answer = try await engine.submit(
                purchase(shop, plan: plan, network: network, by: customer, quantity: quantity))
            guard let receipt = answer.bought else { throw Surprise("nothing was bought") }
            return receipt.subscriptions
        }
    }

    func standing(of id: SubscriptionID, in shop: Shop) async throws -> Standing {
        try await database.owner.run { connection in
            let row = try connection.query(
                """
                SELECT active_until, next_period, renews_at, ended_at, parked_reason FROM subscriptions
                WHERE tenant_id = \(shop.tenant) AND id = \(id)
                """)[0]
            return Standing(
                activeUntil: try row.get(0), nextPeriod: try row.get(1), renewsAt: try row.get(2),
                endedAt: try row.get(3), parkedReason: try row.get(4))
        }
    }

    /// How often something has been told of.
    func events(_ kind: String, in shop: Shop) async throws -> Int {
        try await database.owner.run { connection in
            try connection.query(
                "SELECT count(*) FROM outbox_events WHERE tenant_id = \(shop.tenant) AND kind = \(kind)")[0]
                .get(0)
        }
    }

    /// The failed attempts at a period, and why the last one failed.
    func attempts(
        at period: Int32, of id: SubscriptionID, in shop: Shop
    ) async throws -> (count: Int, reason: String)? {
        try await database.owner.run { connection in
            try connection.query(
                """
                SELECT attempts, reason FROM renewal_attempts
                WHERE tenant_id = \(shop.tenant) AND subscription_id = \(id) AND period_index = \(period)
                """
            ).first.map { (count: try $0.get(0), reason: try $0.get(1)) }
        }
    }

    /// What an operator does by hand.
    var operatorWork: OperatorWork {
        OperatorWork(
            pool: database.owner, identifiers: ids, random: SeededRandom(seed: 5), actor: "operator test")
    }
}
