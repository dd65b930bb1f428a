import Billing
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Coupons that are over", .database)
struct CouponClosingTests {
    @Test func `a window that is past is told once, by the tenant's clock, and a later one again`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            for shop in [market.alba, market.brio] {
                try await market.put("SPRING", in: shop)
                try await market.put("ALWAYS", in: shop)
            }
            try await database.execute(
                "UPDATE coupons SET ends_at = timestamptz '2026-02-10Z' WHERE code = 'SPRING'")
            let end = try #require(Instant(rfc3339: "2026-02-10T00:00:00Z"))
            market.clock.set(try #require(end.adding(milliseconds: -1)))
            #expect(try await market.close().closed == 0)
            try await market.moveClock(ofBrioTo: 1)
            var counts = try await market.close()
            #expect(counts.closed == 1 && counts.told == 1, "its own clock")
            #expect(try await market.events("coupon.ended", in: market.brio) == 1)
            market.clock.advance(milliseconds: 1)
            #expect(try await market.close(of: market.brio).told == 0)
            counts = try await market.close()
            #expect(counts.closed == 2 && counts.told == 1)
            #expect(try await market.close().named.line == "closed 2")

            try await database.execute(
                "UPDATE coupons SET ends_at = timestamptz '2026-02-12Z' WHERE tenant_id = 1 AND code = 'SPRING'"
            )
            #expect(try await market.close().closed == 1)
            market.clock.advance(days: 9)
            #expect(try await market.close().told == 1, "late by a week")
            #expect(try await market.events("coupon.ended", in: market.alba) == 2)
        }
    }

    @Test func `a coupon that is used up is told once, and again when its limit was raised and reached`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            for shop in [market.alba, market.brio] { try await market.put("TWO", in: shop, limit: 2) }
            try await market.withEngine { engine in
                try await market.topUp(market.alba.ann, 100_00, in: market.alba, with: engine)
                for (used, told) in [(1, 0), (2, 1), (2, 0)] {
                    if told == 1 || used == 1 {
                        _ = try await engine.submit(market.purchase(market.alba, coupon: "TWO"))
                    }
                    #expect(try await market.close().told == told)
                }
                try await database.execute("UPDATE coupons SET max_redemptions = 3 WHERE tenant_id = 1")
                #expect(try await market.close().closed == 0)
                _ = try await engine.submit(market.purchase(market.alba, coupon: "TWO"))
                #expect(try await market.close().told == 1)
            }
            #expect(try await market.events("coupon.exhausted", in: market.alba) == 2)
            #expect(try await market.events("coupon.exhausted", in: market.brio) == 0)
            try await database.execute("UPDATE coupons SET active = false")
            #expect(try await market.close().closed == 0, "somebody knows")
        }
    }

    @Test
    func
        `a budget that covers no order's discount any more is told once, and again when it was raised and used`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            for shop in [market.alba, market.brio] {
                try await shop.coupon(
                    "POT", percent: 50_00, budget: 13_00, plans: [shop.nlPlan, shop.weekPlan],
                    on: database.owner, id: market.ids.next(at: market.now), at: market.now)
            }
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                for (spent, plan, told) in [
                    // The week costs 4.00, so 2.00 is the least that it takes off.
                    (6_00, shop.nlPlan, 0), (8_00, shop.weekPlan, 0), (10_00, shop.weekPlan, 0),
                    (12_00, shop.weekPlan, 1),
                ] {
                    let purchase = market.purchase(shop, plan: plan, coupon: "POT")
                    #expect(try await engine.submit(purchase).bought != nil)
                    #expect(try await market.standing("POT", in: shop)[1] == Int64(spent))
                    #expect(try await market.close().told == told, "\(spent)")
                }
                #expect(try await market.close().named.line == "closed 1")
                // A cheaper price would bring it back, be it a group's alone, and an end is told of instead.
                let gold = try await market.group("gold", of: shop)
                try await market.price(shop.weekPlan, 2_00, for: gold, in: shop)
                #expect(try await market.close().closed == 0)
                try await database.execute("UPDATE coupons SET budget_minor = 1400")
                _ = try await engine.submit(market.purchase(shop, plan: shop.weekPlan, coupon: "POT"))
                #expect(try await market.close().told == 0, "one more fits")
                _ = try await engine.submit(market.purchase(shop, plan: shop.weekPlan, coupon: "POT"))
                #expect(try await market.close().told == 1, "another budget")
            }
            #expect(try await market.events("coupon.budget_exhausted", in: shop) == 2)
            #expect(try await market.events("coupon.budget_exhausted", in: market.brio) == 0)
        }
    }

    @Test(arguments: CouponClosingStep.allCases, [1, 2, 4])
    func `a run killed between any two steps, and the run again: each is told once`(
        step: CouponClosingStep, nth: Int
    ) async throws {
        struct Killed: Error {}
        try await withDatabase { database in
            let market = try await over(database)
            let reached = Noted(0)
            let doomed = market.closings(batch: 2) { passed in
                guard passed == step else { return }
                reached.note { $0 += 1 }
                if reached.current >= nth { throw Killed() }
            }
            await #expect(throws: Killed.self) { try await doomed.run() }
            let counts = try await market.close()
            #expect(counts.closed == 10 && counts.failed == 0)
            #expect(try await market.close().told == 0)
            for shop in [market.alba, market.brio] {
                #expect(try await market.events("coupon.ended", in: shop) == 5)
            }
        }
    }

    @Test func `eight runs at once tell of each once`() async throws {
        try await withDatabase { database in
            let market = try await over(database)
            let told = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    let closings = market.closings(batch: 1 + number % 4)
                    group.addTask { try await closings.run().told }
                }
                return try await group.reduce(0, +)
            }
            #expect(told == 10)
            #expect(try await market.events("coupon.ended", in: market.alba) == 5)
        }
    }

    @Test func `a poisoned coupon stops no other, and is told once it is repaired`() async throws {
        try await withDatabase { database in
            let market = try await over(database)
            try await database.execute(
                """
                ALTER TABLE outbox_events ADD CONSTRAINT poison
                    CHECK (tenant_id <> 1 OR payload ->> 'code' IS DISTINCT FROM 'C3')
                """)
            let counts = try await market.close()
            #expect(counts.closed == 9 && counts.told == 9 && counts.failed == 1)
            #expect(counts.problems.first?.contains("C3") == true)
            try await database.execute("ALTER TABLE outbox_events DROP CONSTRAINT poison")
            #expect(try await market.close().told == 1)
        }
    }

    /// Five in each shop that are past their window.
    private func over(_ database: TestDatabase) async throws -> Market {
        let market = try await Market.open(database)
        for shop in [market.alba, market.brio] {
            for number in 1...5 { try await market.put("C\(number)", in: shop) }
        }
        try await database.execute("UPDATE coupons SET ends_at = timestamptz '2026-02-10Z'")
        market.clock.advance(days: 17)
        return market
    }
}

extension Market {
    func put(_ code: String, in shop: Shop, limit: Int32? = nil) async throws {
        try await shop.coupon(
            code, percent: 1_000, limit: limit, on: database.owner, id: ids.next(at: now), at: now)
    }

    func closings(
        batch: Int = 500, onStep: @escaping @Sendable (CouponClosingStep) throws -> Void = { _ in }
    ) -> CouponClosings {
        CouponClosings(
            pool: database.pool(.job, threads: 1), ids: ids, clock: clock, batch: batch, logger: .quiet,
            onStep: onStep)
    }

    func close(of shop: Shop? = nil) async throws -> CouponClosingCounts {
        try await closings().run(of: shop?.tenant)
    }
}
