import Billing
import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

/// What coupons cost others, row by row of the table that this was learnt from; rows 24, 29, 30 and 34 stand with
/// `CouponTests` and `CouponRaceTests`.
@Suite("Coupons: what others lost", .database)
struct CouponLessonTests {
    /// v2board #898: a coupon's restriction to a period was ignored. Ours is by plan: as long a time of another plan is
    /// another order.
    @Test
    func `row 20: a coupon for the ninety-day plan is not good for thirty days, nor for three times thirty`()
        async throws
    {
        try await withMarket { market, shop, engine in
            try await market.database.execute(
                "UPDATE plans SET duration_ms = 90 * 86400000::bigint WHERE code = 'de'")
            try await shop.coupon(
                "QUARTER", percent: 10_00, plans: [shop.dePlan], on: market.database.owner,
                id: market.ids.next(at: market.now), at: market.now)
            let quarter = market.purchase(shop, plan: shop.dePlan, network: shop.de, coupon: "QUARTER")
            let results = await market.inTurn(
                [
                    market.purchase(shop, coupon: "QUARTER"),
                    market.purchase(shop, repeatCount: 3, coupon: "QUARTER"), quarter,
                ], on: engine)
            #expect(results[0].refusal == .coupon(.planNotCovered))
            #expect(results[1].refusal == .coupon(.planNotCovered))
            let bought = try #require(results[2].bought)
            #expect(bought.discount == shop.money(1_40))
            // Nor does the subscription take it along to a shorter plan of the same product.
            let renewals = await market.inTurn(
                [
                    market.renewal(
                        shop, of: bought.subscriptions[0].id, plan: shop.nlPlan, coupon: "QUARTER"),
                    market.renewal(
                        shop, of: bought.subscriptions[0].id, plan: shop.dePlan, coupon: "QUARTER"),
                ], on: engine)
            #expect(renewals[0].refusal != nil && renewals[1].isCarriedOut)
            #expect(try await market.count("coupon_redemptions", of: shop) == 2)
        }
    }

    /// eventyay #1398: a limit of three was passed by all who were validated before one of them was counted. Held here
    /// between decision and write, the first group's use is not to be seen yet, and nobody else gets as far as deciding.
    @Test func `row 31: whoever comes between another's validation and commit waits for what it says`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 30)
            let shop = market.alba
            try await shop.coupon(
                "THREE", percent: 50_00, limit: 3, on: database.owner, id: market.ids.next(at: market.now),
                at: market.now)
            let gate = StepGate(.decided)
            let engines = [market.engine(seed: 1, onStep: gate.pass), market.engine(seed: 2)]
            for customer in [shop.ann, shop.ben] {
                try await market.topUp(customer, 200_00, in: shop, with: engines[1])
            }
            gate.close()
            async let early = market.race(
                (0..<2).map { _ in market.purchase(shop, coupon: "THREE") }, on: engines[0])
            try await eventually("a group is decided and not written") { gate.isHolding }
            async let late = market.race(
                (0..<8).map { _ in market.purchase(shop, by: shop.ben, coupon: "THREE") }, on: engines[1])
            try await eventually("the others wait for a lock") {
                try await database.owner.run { connection in
                    try connection.query(
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
                    )[0].get(0, as: Int.self) > 0
                }
            }
            gate.open()
            let (first, second) = (await early, await late)
            for engine in engines { await engine.stop() }
            #expect((first + second).filter(\.isCarriedOut).count == 3)
            #expect((first + second).filter { $0.refusal == .coupon(.exhausted) }.count == 7)
            #expect(try await market.count("coupon_redemptions", of: shop) == 3)
        }
    }

    /// macrozheng/mall #1003: one coupon paid for five orders, and the sum to pay fell below zero.
    @Test func `row 32: a discount larger than the order makes it free, and one claim is one order`()
        async throws
    {
        try await withMarket { market, shop, engine in
            try await shop.coupon(
                "HUGE", amount: 1_000_00, perCustomer: 1, on: market.database.owner,
                id: market.ids.next(at: market.now), at: market.now)
            let before = try await market.balance(of: shop.ann, in: shop)
            let results = await market.race(
                (0..<5).map { _ in market.purchase(shop, quantity: 2, coupon: "HUGE") }, on: engine)
            #expect(results.compactMap(\.bought).map(\.total) == [shop.money(0)])
            #expect(results.compactMap(\.bought).map(\.discount) == [shop.money(24_00)])
            #expect(results.filter { $0.refusal == .coupon(.customerLimitReached) }.count == 4)
            #expect(try await market.balance(of: shop.ann, in: shop) == before)
            #expect(try await market.ledgerBalance("revenue", in: shop) == 0)
        }
    }

    /// Vendure #1466: a cancelled order counted against its customer for ever.
    @Test
    func `row 33: what is cancelled or given back whole is released, and usable again by the same customer`()
        async throws
    {
        try await withMarket { market, shop, engine in
            for (code, percent) in [("FREE", Int32(100_00)), ("HALF", 50_00)] {
                try await shop.coupon(
                    code, percent: percent, limit: 1, perCustomer: 1, on: market.database.owner,
                    id: market.ids.next(at: market.now), at: market.now)
                for _ in 0..<3 {
                    let bought = try #require(
                        try await engine.submit(market.purchase(shop, coupon: code)).bought)
                    let meanwhile = await market.inTurn([market.purchase(shop, coupon: code)], on: engine)
                    #expect(meanwhile[0].refusal == .coupon(.exhausted))
                    _ = try await engine.submit(market.refund(bought.order, of: shop))
                }
            }
            let states: [String] = try await market.database.owner.run { connection in
                try connection.query(
                    """
                    SELECT c.code || ' ' || r.state || ' ' || r.released_reason || ' ' || count(*)
                    FROM coupon_redemptions r JOIN coupons c ON c.tenant_id = r.tenant_id AND c.id = r.coupon_id
                    GROUP BY c.code, r.state, r.released_reason ORDER BY 1
                    """
                ).map { try $0.get(0) }
            }
            #expect(states == ["FREE released cancelled 3", "HALF released refunded 3"])
        }
    }

    private func withMarket(_ body: (Market, Shop, Engine) async throws -> Void) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 30)
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 200_00, in: shop, with: engine)
                }
                try await body(market, market.alba, engine)
            }
        }
    }
}
