import Billing
import Catalog
import Logging
import Postgres
import Primitives
import TestSupport

@testable import Server

extension Market {
    /// Whoever takes the money, with this engine.
    func desk(_ engine: Engine) -> PendingOrderDesk {
        PendingOrderDesk(
            engine: engine, pool: database.pool(.door, threads: 1), ids: ids, clock: clock)
    }

    /// Lets Ann's order for `nl` wait.
    func place(
        _ shop: Shop, plan: PlanID? = nil, by customer: CustomerID? = nil, quantity: Int64 = 1,
        coupon: String? = nil, exit: ExitChoice? = nil, on engine: Engine
    ) async throws -> PlacementReceipt {
        try await desk(engine).place(
            Purchase(
                customer: customer ?? shop.ann, plan: plan ?? shop.nlPlan, networks: [], exit: exit,
                quantity: Quantity(quantity)!, coupon: coupon.flatMap { CouponCode($0) }),
            in: .storefront, of: shop.tenant)
    }

    /// Money for an order; the reference is new each time.
    @discardableResult
    func settle(
        _ order: OrderID, _ minor: Int64, in shop: Shop, reference: String? = nil, on engine: Engine
    ) async throws -> SettlementReceipt {
        try await desk(engine).settle(
            order, of: shop.tenant, amount: shop.money(minor),
            reference: reference ?? "money-\(ids.next(at: now, of: CommandSubject.self))")
    }

    @discardableResult
    func cancel(_ order: OrderID, in shop: Shop, on engine: Engine) async throws -> ClosingReceipt {
        try await desk(engine).cancel(order, of: shop.tenant, reason: "changed my \"mind\"")
    }

    func pending(_ order: OrderID, in shop: Shop) async throws -> PendingOrder {
        let found = try await database.owner.run { connection in
            try PendingOrderStore.orders(connection.query(PendingOrderStore.order(order, of: shop.tenant)))
        }
        guard let order = found.first else { throw Surprise("there is no order \(order)") }
        return order
    }

    /// The job, on its own rights, with this engine.
    func pendingExpiries(
        _ engine: Engine, batch: Int = 512,
        onStep: @escaping @Sendable (PendingExpiryStep) throws -> Void = { _ in }
    ) -> PendingExpiries {
        PendingExpiries(
            engine: engine, pool: database.pool(.job, threads: 1), ids: ids, clock: clock, batch: batch,
            logger: .quiet, onStep: onStep)
    }

    /// One run that is not disturbed.
    @discardableResult
    func expirePending(of shop: Shop? = nil) async throws -> PendingExpiryCounts {
        let engine = engine(seed: ids.next(at: now, of: CommandSubject.self).bits.low)
        do {
            let counts = try await pendingExpiries(engine).run(of: shop?.tenant)
            await engine.stop()
            return counts
        } catch {
            await engine.stop()
            throw error
        }
    }

    /// Uses of a coupon that stand, and what they come to.
    func standing(_ code: String, in shop: Shop) async throws -> [Int64] {
        try await database.owner.run { connection in
            let row = try connection.query(
                """
                SELECT redeemed_count::bigint, discounted_minor FROM coupons
                WHERE tenant_id = \(shop.tenant) AND code = \(code)
                """)[0]
            return [try row.get(0), try row.get(1)]
        }
    }
}

extension SettlementReceipt {
    var bought: PurchaseReceipt? {
        if case .bought(let receipt) = result { receipt } else { nil }
    }

    /// Why the order was not bought, in a word.
    var word: String {
        switch result {
        case .bought: "bought"
        case .waits(let refusal): "waits: \(refusal.reason)"
        case .notFulfilled(let reason): reason
        case .late(let state): "late: \(state.rawValue)"
        }
    }
}

/// What an engine refuses, as an error.
func refusal<T>(_ body: () async throws -> T) async throws -> Refusal? {
    do {
        _ = try await body()
        return nil
    } catch EngineError.refused(let refusal) {
        return refusal
    }
}
