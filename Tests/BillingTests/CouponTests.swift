import Billing
import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@Suite("Coupons", .database)
struct CouponTests {
    @Test func `an order that would pass the budget is refused whole, and a refund makes room again`()
        async throws
    {
        try await withCoupon {
            try await $0.coupon("POT", percent: 50_00, budget: 12_00, on: $1, id: $2, at: $3)
        } body: { market, shop, engine in
            let first = try #require(try await engine.submit(market.purchase(shop, coupon: "POT")).bought)
            #expect(first.discount == shop.money(6_00))
            // 6.00 are left: 8.00 would be too much, 6.00 is not.
            let orders = await market.inTurn(
                [
                    market.purchase(shop, plan: shop.weekPlan, quantity: 4, coupon: "POT"),
                    market.purchase(shop, coupon: "POT"),
                    market.purchase(shop, plan: shop.weekPlan, coupon: "POT"),
                ], on: engine)
            #expect(orders[0].refusal == .coupon(.budgetExhausted))
            #expect(orders[1].bought?.discount == shop.money(6_00))
            #expect(orders[2].refusal == .coupon(.budgetExhausted))
            #expect(try await discounted("POT", shop, market) == 12_00)

            // Part of the money back leaves the discount given; the last part frees all of it.
            _ = try await engine.submit(market.refund(first.order, of: shop, minor: 5_99))
            #expect(try await discounted("POT", shop, market) == 12_00)
            _ = try await engine.submit(market.refund(first.order, of: shop, minor: 1))
            #expect(try await discounted("POT", shop, market) == 6_00)
            let again = await market.inTurn(
                [market.purchase(shop, plan: shop.weekPlan, quantity: 3, coupon: "POT")], on: engine)
            #expect(again[0].bought?.discount == shop.money(6_00))
        }
    }

    @Test func `a coupon for some customers is for them, by their address`() async throws {
        try await withCoupon {
            try await $0.coupon(
                "VIP", amount: 1_00, customers: ["ann@example.com", "who@example.com"], on: $1, id: $2, at: $3
            )
        } body: { market, shop, engine in
            try await market.topUp(shop.ben, 50_00, in: shop, with: engine)
            let results = await market.race(
                [
                    market.purchase(shop, coupon: "VIP"), market.purchase(shop, by: shop.ben, coupon: "VIP"),
                ], on: engine)
            #expect(results[0].bought?.discount == shop.money(1_00))
            #expect(results[1].refusal == .coupon(.customerNotCovered))
        }
    }

    @Test func `a first order is one while none stands: a trial does not count, a whole refund undoes one`()
        async throws
    {
        try await withCoupon {
            try await $0.coupon("NEW", amount: 2_00, firstOrder: true, on: $1, id: $2, at: $3)
        } body: { market, shop, engine in
            let trial = Trial(customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl])
            _ = try await engine.submit(market.submission(.trial(trial), by: shop))
            let first = try #require(try await engine.submit(market.purchase(shop, coupon: "NEW")).bought)
            #expect(await refusal(market.purchase(shop, coupon: "NEW"), engine) == .coupon(.notFirstOrder))

            _ = try await engine.submit(market.refund(first.order, of: shop, minor: 9_99))
            #expect(await refusal(market.purchase(shop, coupon: "NEW"), engine) == .coupon(.notFirstOrder))
            _ = try await engine.submit(market.refund(first.order, of: shop))
            let second = try #require(try await engine.submit(market.purchase(shop, coupon: "NEW")).bought)
            #expect(second.discount == shop.money(2_00))

            // Neither is an order at the full price, nor a renewal that followed one that was given back.
            _ = try await engine.submit(market.refund(second.order, of: shop))
            let third = try #require(try await engine.submit(market.purchase(shop)).bought)
            _ = try await engine.submit(market.renewal(shop, of: third.subscriptions[0].id))
            _ = try await engine.submit(market.refund(third.order, of: shop, keepsService: true))
            #expect(await refusal(market.purchase(shop, coupon: "NEW"), engine) == .coupon(.notFirstOrder))
            // The neighbour's Ann has another history, and no such coupon.
            #expect(
                await refusal(market.purchase(market.brio, coupon: "NEW"), engine) == .couponUnknown)
        }
    }

    /// Lessons row 34 (Polar #13394): what the bank takes back is no return of the coupon.
    @Test func `a chargeback keeps the coupon used, another whole refund gives it back with its reason`()
        async throws
    {
        try await withCoupon {
            try await $0.coupon("ONE", amount: 2_00, perCustomer: 1, budget: 9_00, on: $1, id: $2, at: $3)
        } body: { market, shop, engine in
            for (reason, released) in [
                (RefundReason.requested, "refunded"), (.undeliverable, "undeliverable"), (.chargeback, nil),
            ] {
                let bought = try #require(
                    try await engine.submit(market.purchase(shop, coupon: "ONE")).bought)
                _ = try await engine.submit(market.refund(bought.order, of: shop, reason: reason))
                #expect(try await releasedReason(bought.order, shop, market) == released)
            }
            #expect(
                await refusal(market.purchase(shop, coupon: "ONE"), engine) == .coupon(.customerLimitReached))
            #expect(try await discounted("ONE", shop, market) == 2_00)
        }
    }

    @Test func `a first order that the bank took back stays one`() async throws {
        try await withCoupon {
            try await $0.coupon("NEW", amount: 2_00, firstOrder: true, on: $1, id: $2, at: $3)
        } body: { market, shop, engine in
            let bought = try #require(try await engine.submit(market.purchase(shop, coupon: "NEW")).bought)
            _ = try await engine.submit(market.refund(bought.order, of: shop, reason: .chargeback))
            #expect(await refusal(market.purchase(shop, coupon: "NEW"), engine) == .coupon(.notFirstOrder))
        }
    }

    @Test func `an order that cost nothing is cancelled, and says so of its coupon`() async throws {
        try await withCoupon {
            try await $0.coupon("FREE", percent: 100_00, limit: 1, on: $1, id: $2, at: $3)
        } body: { market, shop, engine in
            let bought = try #require(try await engine.submit(market.purchase(shop, coupon: "FREE")).bought)
            _ = try await engine.submit(market.refund(bought.order, of: shop))
            #expect(try await releasedReason(bought.order, shop, market) == "cancelled")
            #expect(try await discounted("FREE", shop, market) == 0)
        }
    }

    /// Lessons row 24: an endless balance out of list-price refunds of coupon orders.
    @Test
    func `a hundred purchases with a coupon, given back in parts and whole, never pay out more than paid`()
        async throws
    {
        try await withCoupon {
            try await $0.coupon(
                "LOOP", percent: 33_33, perCustomer: 2, most: 3_00, budget: 9_00, on: $1, id: $2, at: $3)
        } body: { market, shop, engine in
            let start = try await market.balance(of: shop.ann, in: shop)
            var random = SplitMix64(seed: 24)
            for _ in 0..<100 {
                let plan = Bool.random(using: &random) ? shop.nlPlan : shop.weekPlan
                let bought = try #require(
                    try await engine.submit(market.purchase(shop, plan: plan, coupon: "LOOP")).bought)
                let part = Int64.random(in: 1..<bought.total.minor, using: &random)
                _ = try await engine.submit(market.refund(bought.order, of: shop, minor: part))
                #expect(
                    await refusal(market.refund(bought.order, of: shop, minor: bought.total.minor), engine)
                        != nil)
                _ = try await engine.submit(market.refund(bought.order, of: shop))
                #expect(try await market.balance(of: shop.ann, in: shop) == start)
                #expect(try await discounted("LOOP", shop, market) == 0)
                market.clock.advance(milliseconds: 1)
            }
        }
    }

    private func withCoupon(
        _ make: @Sendable (Shop, PostgresPool, CouponID, Instant) async throws -> Void,
        body: (Market, Shop, Engine) async throws -> Void
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 150)
            try await make(market.alba, database.owner, market.ids.next(at: market.now), market.now)
            try await market.withEngine { engine in
                try await market.topUp(market.alba.ann, 1_000_00, in: market.alba, with: engine)
                try await market.topUp(market.brio.ann, 1_000_00, in: market.brio, with: engine)
                try await body(market, market.alba, engine)
            }
        }
    }

    private func refusal(_ submission: Submission, _ engine: Engine) async -> Refusal? {
        await Market.result { () throws(EngineError) in try await engine.submit(submission) }.refusal
    }

    private func discounted(_ code: String, _ shop: Shop, _ market: Market) async throws -> Int64 {
        try await market.database.owner.run { connection in
            try connection.query(
                "SELECT discounted_minor FROM coupons WHERE tenant_id = \(shop.tenant) AND code = \(code)")[0]
                .get(0)
        }
    }

    private func releasedReason(_ order: OrderID, _ shop: Shop, _ market: Market) async throws -> String? {
        try await market.database.owner.run { connection in
            try connection.query(
                """
                SELECT released_reason FROM coupon_redemptions
                WHERE tenant_id = \(shop.tenant) AND order_id = \(order)
                """)[0].get(0)
        }
    }
}
