import Billing
import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

/// Coupons that repeat: a purchase promises the next renewals of what it made a discount of their own.
@Suite("Promised renewals", .database)
struct PromiseTests {
    @Test
    func `each subscription of a purchase gets so many discounted renewals, and then pays the list price`()
        async throws
    {
        try await withMarket { market, shop, engine in
            try await repeating("AGAIN", 2, shop, market)
            let bought = try #require(
                try await engine.submit(market.purchase(shop, quantity: 2, coupon: "AGAIN")).bought)
            for subscription in bought.subscriptions {
                let renewals = try await renew(subscription.id, 3, shop, market, engine)
                #expect(renewals.map(\.discount.minor) == [3_00, 3_00, 0])
                #expect(renewals.map(\.total.minor) == [9_00, 9_00, 12_00])
                #expect(renewals.map(\.promise) == [.kept, .kept, nil])
            }
            // Promised renewals are no uses: one use, five discounts.
            #expect(try await counts("AGAIN", shop, market) == [1, 6_00 + 4 * 3_00])
            #expect(try await promises(shop, market) == ["0 kept", "0 kept"])
        }
    }

    @Test func `a promise outlives the coupon's end, its limits and its being switched off`() async throws {
        try await withMarket { market, shop, engine in
            let end = Instant(milliseconds: market.now.milliseconds + 1)
            try await shop.coupon(
                "LAST", percent: 25_00, limit: 1, perCustomer: 1, kinds: ["purchase"], renewals: 1,
                until: end,
                on: market.database.owner, id: market.ids.next(at: market.now), at: market.now)
            let bought = try #require(try await engine.submit(market.purchase(shop, coupon: "LAST")).bought)
            market.clock.set(end)
            try await market.database.execute("UPDATE coupons SET active = false WHERE code = 'LAST'")
            let renewals = try await renew(bought.subscriptions[0].id, 1, shop, market, engine)
            #expect(renewals.map(\.discount.minor) == [3_00] && renewals.map(\.promise) == [.kept])
        }
    }

    @Test func `a used-up budget ends the promise: the renewal costs its list price and says so`()
        async throws
    {
        try await withMarket { market, shop, engine in
            try await repeating("POT", 5, shop, market, budget: 7_00)
            let bought = try #require(try await engine.submit(market.purchase(shop, coupon: "POT")).bought)
            let renewals = try await renew(bought.subscriptions[0].id, 2, shop, market, engine)
            #expect(renewals.map(\.promise) == [.kept, .budgetExhausted])
            #expect(renewals.map(\.total.minor) == [9_00, 12_00])
            #expect(try await promises(shop, market) == ["4 budget_exhausted"])
            // Money that comes back later brings no promise back, and who asks for a total is not surprised.
            _ = try await engine.submit(market.refund(renewals[0].order, of: shop, keepsService: true))
            let third = try await renew(bought.subscriptions[0].id, 1, shop, market, engine)
            #expect(third.map(\.promise) == [nil] && third.map(\.total.minor) == [12_00])
            #expect(try await counts("POT", shop, market) == [1, 3_00])
        }
    }

    @Test func `a quoted total is the discounted one, or nothing is charged`() async throws {
        try await withMarket { market, shop, engine in
            try await repeating("AGAIN", 1, shop, market)
            let bought = try #require(try await engine.submit(market.purchase(shop, coupon: "AGAIN")).bought)
            func renewal(expecting minor: Int64) -> Submission {
                market.submission(
                    .renewal(
                        Renewal(
                            customer: shop.ann, subscription: bought.subscriptions[0].id, plan: shop.nlPlan,
                            expectedTotal: shop.money(minor))), by: shop)
            }
            let results = await market.inTurn(
                [renewal(expecting: 12_00), renewal(expecting: 9_00)], on: engine)
            #expect(results[0].refusal == .priceChanged(shop.money(9_00)))
            #expect(results[1].isCarriedOut)
        }
    }

    @Test func `a coupon named at a renewal wins, and the promise waits; so it does for another plan`()
        async throws
    {
        try await withMarket { market, shop, engine in
            try await repeating("AGAIN", 1, shop, market, plans: [shop.nlPlan])
            try await shop.coupon(
                "OTHER", amount: 1_00, on: market.database.owner, id: market.ids.next(at: market.now),
                at: market.now)
            let bought = try #require(try await engine.submit(market.purchase(shop, coupon: "AGAIN")).bought)
            let id = bought.subscriptions[0].id
            let results = await market.inTurn(
                [
                    market.renewal(shop, of: id, coupon: "OTHER"),
                    market.renewal(shop, of: id, plan: shop.weekPlan),
                    market.renewal(shop, of: id, coupon: "NONE"), market.renewal(shop, of: id),
                ], on: engine)
            let renewals = results.map { result in try? result.get().renewed }
            #expect(renewals.map { $0?.discount.minor } == [1_00, 0, nil, 3_00])
            #expect(renewals.map { $0?.promise } == [nil, .notCovered, nil, .kept])
            #expect(results[2].refusal == .couponUnknown)
            #expect(try await counts("AGAIN", shop, market) == [1, 6_00])
        }
    }

    @Test func `a whole refund of the purchase ends what it promised, kept service or not`() async throws {
        try await withMarket { market, shop, engine in
            try await repeating("AGAIN", 3, shop, market)
            for reason in [RefundReason.requested, .chargeback] {
                let bought = try #require(
                    try await engine.submit(market.purchase(shop, coupon: "AGAIN")).bought)
                let id = bought.subscriptions[0].id
                _ = try await engine.submit(market.refund(bought.order, of: shop, minor: 1))
                #expect(try await renew(id, 1, shop, market, engine).map(\.promise) == [.kept])
                // In one group: what the refund ends is not there for the renewal after it.
                let results = await market.inTurn(
                    [
                        market.refund(bought.order, of: shop, keepsService: true, reason: reason),
                        market.renewal(shop, of: id),
                    ], on: engine)
                let renewed = try #require(try results[1].get().renewed)
                #expect(renewed.promise == nil && renewed.total == shop.money(12_00))
            }
            #expect(try await promises(shop, market) == ["2 order_refunded", "2 order_refunded"])
        }
    }

    @Test func `a refunded renewal frees the budget, and has been one of those promised`() async throws {
        try await withMarket { market, shop, engine in
            try await repeating("AGAIN", 1, shop, market, budget: 6_00)
            let bought = try #require(try await engine.submit(market.purchase(shop, coupon: "AGAIN")).bought)
            let id = bought.subscriptions[0].id
            let renewed = try await renew(id, 1, shop, market, engine)
            #expect(try await counts("AGAIN", shop, market) == [1, 6_00])
            _ = try await engine.submit(market.refund(renewed[0].order, of: shop, keepsService: true))
            #expect(try await counts("AGAIN", shop, market) == [1, 3_00])
            #expect(try await renew(id, 1, shop, market, engine).map(\.total.minor) == [12_00])
        }
    }

    /// Promised renewals have no number among a customer's uses, and take none.
    @Test(arguments: [Int32?.none, 2])
    func `uses before and after promised renewals are counted as uses alone`(limit: Int32?) async throws {
        try await withMarket { market, shop, engine in
            try await shop.coupon(
                "AGAIN", percent: 25_00, perCustomer: limit, renewals: 2, on: market.database.owner,
                id: market.ids.next(at: market.now), at: market.now)
            let first = try #require(try await engine.submit(market.purchase(shop, coupon: "AGAIN")).bought)
            _ = try await renew(first.subscriptions[0].id, 2, shop, market, engine)
            let second = try #require(try await engine.submit(market.purchase(shop, coupon: "AGAIN")).bought)
            #expect(second.discount == shop.money(3_00))
            let third = await market.inTurn([market.purchase(shop, coupon: "AGAIN")], on: engine)
            #expect(third[0].refusal == (limit == nil ? nil : .coupon(.customerLimitReached)))
            #expect(try await counts("AGAIN", shop, market)[0] == (limit == nil ? 3 : 2))
        }
    }

    @Test func `twelve renewals at once of a subscription that was promised five: five discounts`()
        async throws
    {
        try await withMarket { market, shop, engine in
            try await repeating("FIVE", 5, shop, market)
            let bought = try #require(try await engine.submit(market.purchase(shop, coupon: "FIVE")).bought)
            let rival = market.engine(seed: 2)
            async let left = market.race(
                (0..<6).map { _ in market.renewal(shop, of: bought.subscriptions[0].id) }, on: engine)
            async let right = market.race(
                (0..<6).map { _ in market.renewal(shop, of: bought.subscriptions[0].id) }, on: rival)
            let renewals = try await (left + right).map { try $0.get().renewed }
            await rival.stop()
            #expect(renewals.filter { $0?.discount == shop.money(3_00) }.count == 5)
            #expect(renewals.filter { $0?.discount.isZero == true }.count == 7)
            #expect(try await counts("FIVE", shop, market) == [1, 18_00])
        }
    }

    /// Buys, renews, refunds at random, with a model of what was promised; the invariants are run at the end as well.
    @Test(arguments: [UInt64(1), 2, 3])
    func `whatever is bought, renewed and given back, promises and budget add up`(seed: UInt64) async throws {
        try await withMarket { market, shop, engine in
            try await repeating("AGAIN", 3, shop, market, budget: 60_00)
            var random = SplitMix64(seed: seed)
            // Per subscription what is left; per order what it was discounted by, and of purchases what they made.
            var left: [SubscriptionID: Int] = [:]
            var orders: [(id: OrderID, discount: Int64, made: SubscriptionID?)] = []
            var given: Int64 = 0
            for _ in 0..<60 {
                switch Int.random(in: 0..<10, using: &random) {
                case 0..<2:
                    let result = await Market.result { () throws(EngineError) in
                        try await engine.submit(market.purchase(shop, coupon: "AGAIN"))
                    }
                    guard let bought = result.bought else {
                        #expect(
                            result.refusal == .coupon(.budgetExhausted) && given > 57_00, "\(result)")
                        continue
                    }
                    given += bought.discount.minor
                    left[bought.subscriptions[0].id] = 3
                    orders.append((bought.order, bought.discount.minor, bought.subscriptions[0].id))
                case 2..<8:
                    guard let id = left.keys.sorted().randomElement(using: &random) else { continue }
                    let renewed = try #require(try await engine.submit(market.renewal(shop, of: id)).renewed)
                    let isPromised = left[id]! > 0
                    #expect(renewed.discount.minor == (isPromised && given <= 57_00 ? 3_00 : 0))
                    #expect((renewed.promise != nil) == isPromised)
                    if isPromised { left[id] = renewed.promise == .kept ? left[id]! - 1 : 0 }
                    given += renewed.discount.minor
                    orders.append((renewed.order, renewed.discount.minor, nil))
                default:
                    guard !orders.isEmpty else { continue }
                    let order = orders.remove(at: Int.random(in: 0..<orders.count, using: &random))
                    _ = try await engine.submit(market.refund(order.id, of: shop, keepsService: true))
                    given -= order.discount
                    if let made = order.made { left[made] = 0 }
                }
                #expect(try await counts("AGAIN", shop, market)[1] == given && given <= 60_00)
            }
        }
    }

    /// 25 % off, and so many renewals too.
    private func repeating(
        _ code: String, _ renewals: Int32, _ shop: Shop, _ market: Market, budget: Int64? = nil,
        plans: [PlanID]? = nil
    ) async throws {
        try await shop.coupon(
            code, percent: 25_00, budget: budget, plans: plans, renewals: renewals,
            on: market.database.owner, id: market.ids.next(at: market.now), at: market.now)
    }

    private func withMarket(_ body: (Market, Shop, Engine) async throws -> Void) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 30)
            try await market.withEngine { engine in
                try await market.topUp(market.alba.ann, 2_000_00, in: market.alba, with: engine)
                try await body(market, market.alba, engine)
            }
        }
    }

    private func renew(
        _ id: SubscriptionID, _ count: Int, _ shop: Shop, _ market: Market, _ engine: Engine
    ) async throws -> [RenewalReceipt] {
        var receipts: [RenewalReceipt] = []
        for _ in 0..<count {
            receipts.append(try #require(try await engine.submit(market.renewal(shop, of: id)).renewed))
        }
        return receipts
    }

    /// The coupon's count of uses and the sum of its discounts.
    private func counts(_ code: String, _ shop: Shop, _ market: Market) async throws -> [Int64] {
        try await market.database.owner.run { connection in
            let row = try connection.query(
                """
                SELECT redeemed_count::bigint, discounted_minor FROM coupons
                WHERE tenant_id = \(shop.tenant) AND code = \(code)
                """)[0]
            return [try row.get(0), try row.get(1)]
        }
    }

    /// What is left of each promise, and why it ended.
    private func promises(_ shop: Shop, _ market: Market) async throws -> [String] {
        try await market.database.owner.run { connection in
            try connection.query(
                """
                SELECT renewals_left || ' ' || coalesce(ended_reason, 'stands') FROM coupon_promises
                WHERE tenant_id = \(shop.tenant) ORDER BY 1
                """
            ).map { try $0.get(0) }
        }
    }
}
