import Billing
import Catalog
import Primitives
import TestSupport
import Testing

/// How others paid out more than was paid in, each as a test (numbers of the lessons in their trackers).
@Suite("Credit that is not money from nothing", .database)
struct PlanChangeLessonTests {
    /// v2board #145, SSPanel-Metron #80: the list price was credited for what had been bought with a discount.
    @Test func `lesson 12: the credit of a discounted purchase is what was paid for it`() async throws {
        try await withMarket { market, shop, engine in
            try await market.coupon("CHEAP", percent: 75_00, in: shop)
            let id = try await bought(market, shop, engine, coupon: "CHEAP")
            let receipt = try #require(
                try await engine.submit(market.planChange(shop, of: id, to: shop.weekPlan)).changed)
            #expect(receipt.credit == shop.money(3_00) && receipt.net == shop.money(1_00))
        }
    }

    /// Paymenter #933: a downgrade subtracted the credit.
    @Test func `lesson 17: a downgrade's credit is neither negative nor more than what was paid`()
        async throws
    {
        try await withMarket { market, shop, engine in
            for days in [0, 1, 7, 29] as [Int64] {
                let id = try await bought(market, shop, engine)
                market.clock.advance(days: days)
                let receipt = try #require(
                    try await engine.submit(market.planChange(shop, of: id, to: shop.weekPlan)).changed)
                #expect(receipt.credit.minor >= 0 && receipt.credit.minor <= 12_00)
                #expect(receipt.net.minor == 4_00 - receipt.credit.minor)
            }
        }
    }

    /// Paymenter #797: an upgrade to a dearer plan paid money out.
    @Test
    func `lesson 18: an upgrade of what was bought cheaply or dearly never pays out more than was paid in`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let id = try await bought(market, shop, engine, plan: shop.weekPlan)
            // The price of what runs rises afterwards: nothing of that was paid.
            try await market.database.execute("UPDATE plans SET price_minor = 9900 WHERE code = 'week'")
            let receipt = try #require(
                try await engine.submit(market.planChange(shop, of: id, to: shop.nlPlan)).changed)
            #expect(receipt.credit == shop.money(4_00) && receipt.net == shop.money(8_00))
        }
    }

    /// v2board #145: thirty days were reckoned a month, at the list price.
    @Test func `lesson 21: two minutes after a purchase at 20 percent off, the credit is less than was paid`()
        async throws
    {
        try await withMarket { market, shop, engine in
            try await market.coupon("OFF20", percent: 20_00, in: shop)
            let months = try await market.sell(months: 1)
            let id = try await bought(market, shop, engine, plan: months.alba, coupon: "OFF20")
            market.clock.advance(milliseconds: 120_000)
            let receipt = try #require(
                try await engine.submit(market.planChange(shop, of: id, to: shop.weekPlan)).changed)
            // 8.00 for 28 days, of which 40 318 of 40 320 minutes are left.
            #expect(receipt.credit == shop.money(7_99))
        }
    }

    /// v2board #93: a trial was credited as if it had been paid.
    @Test func `lesson 23: a trial is worth nothing`() async throws {
        try await withMarket { market, shop, engine in
            let trial = try await engine.submit(
                market.submission(
                    .trial(Trial(customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl])), by: shop))
            let id = try #require(trial.bought).subscriptions[0].id
            let receipt = try #require(
                try await engine.submit(market.planChange(shop, of: id, to: shop.weekPlan)).changed)
            #expect(receipt.credit.isZero && receipt.net == shop.money(4_00))
            let cancelled = try #require(try await engine.submit(market.cancellation(shop, of: id)).cancelled)
            #expect(cancelled.refund == shop.money(4_00))
        }
    }

    /// SSPanel-Metron #80: bought with a coupon, credited at list price, again and again: an endless balance.
    @Test
    func `lesson 24: bought with a coupon and changed a hundred times, no more is credited than was paid`()
        async throws
    {
        try await withMarket { market, shop, engine in
            try await market.coupon("HALF", percent: 50_00, in: shop)
            var id = try await bought(market, shop, engine, coupon: "HALF")
            var balance: Int64 = 1_000_00
            for round in 0..<100 {
                market.clock.advance(milliseconds: Int64(round % 7) * Market.hour)
                let plans = [shop.weekPlan, shop.nlPlan, shop.resoldPlan, shop.dePlan]
                _ = try await engine.submit(
                    market.planChange(shop, of: id, to: plans[round % 4]))
                if round % 10 == 9 {
                    _ = try await engine.submit(market.cancellation(shop, of: id))
                    let after = try await market.balance(of: shop.ann, in: shop)
                    #expect(after <= balance, "round \(round)")
                    balance = after
                    id = try await bought(market, shop, engine, coupon: "HALF")
                }
                let sold = try await market.sold(in: shop)
                #expect(sold.refunded <= sold.paid)
                #expect(
                    try await market.balance(of: shop.ann, in: shop)
                        == 1_000_00 - sold.paid + sold.refunded)
            }
        }
    }

    /// sub2api #5191: a refund was asked for, the balance spent, and the refund paid in full.
    @Test func `lesson 28: money that was given back and spent is not given back again`() async throws {
        try await withMarket { market, shop, engine in
            let receipt = try #require(try await engine.submit(market.purchase(shop)).bought)
            let id = receipt.subscriptions[0].id
            let results = await market.race(
                [
                    market.refund(receipt.order, of: shop), market.cancellation(shop, of: id),
                    market.planChange(shop, of: id, to: shop.weekPlan),
                    market.refund(receipt.order, of: shop, keepsService: true),
                ], on: engine)
            let sold = try await market.sold(in: shop)
            let given = results.compactMap(\.refunded).reduce(0) { $0 + $1.amount.minor }
            let cut = results.compactMap(\.cancelled).reduce(0) { $0 + $1.refund.minor }
            let credited = results.compactMap(\.changed).reduce(0) { $0 + $1.credit.minor }
            #expect(given + cut + credited == sold.refunded && sold.refunded <= sold.paid)
        }
    }

    /// polarsource/polar #8530, #13394: a full refund frees the coupon's use, a chargeback does not.
    @Test func `lesson 34: whole refunds, by whichever way, free the one use; a chargeback keeps it`()
        async throws
    {
        try await withMarket { market, shop, engine in
            try await market.coupon("ONCE", percent: 50_00, limit: 1, in: shop)
            func receipt() async throws -> PurchaseReceipt {
                try #require(try await engine.submit(market.purchase(shop, coupon: "ONCE")).bought)
            }
            var bought = try await receipt()
            _ = try await engine.submit(market.refund(bought.order, of: shop))
            bought = try await receipt()
            _ = try await engine.submit(market.cancellation(shop, of: bought.subscriptions[0].id))
            bought = try await receipt()
            _ = try await engine.submit(
                market.planChange(shop, of: bought.subscriptions[0].id, to: shop.weekPlan))
            bought = try await receipt()
            _ = try await engine.submit(
                market.cancellation(shop, of: bought.subscriptions[0].id, way: .undeliverable))
            bought = try await receipt()
            _ = try await engine.submit(market.refund(bought.order, of: shop, reason: .chargeback))
            let refused = await market.inTurn([market.purchase(shop, coupon: "ONCE")], on: engine)[0]
            #expect(refused.refusal == .coupon(.exhausted))
            #expect(
                try await market.redemptions(in: shop) == [
                    "refunded", "refunded", "refunded", "undeliverable", "committed",
                ])
        }
    }

    @Test func `a promise stays with the subscription that is changed, and no coupon discounts the change`()
        async throws
    {
        try await withMarket { market, shop, engine in
            try await market.coupon("AGAIN", percent: 25_00, renewals: 2, in: shop)
            let id = try await bought(market, shop, engine, coupon: "AGAIN")
            market.clock.advance(days: 1)
            let changed = try #require(
                try await engine.submit(market.planChange(shop, of: id, to: shop.weekPlan)).changed)
            #expect(changed.charge == shop.money(4_00))
            let renewed = try #require(
                try await engine.submit(market.renewal(shop, of: id, plan: shop.weekPlan)).renewed)
            #expect(renewed.promise == .kept && renewed.total == shop.money(3_00))
            // At the very moment of a purchase all of that is given back, and with it what it promised.
            let second = try await bought(market, shop, engine, coupon: "AGAIN")
            _ = try await engine.submit(market.planChange(shop, of: second, to: shop.weekPlan))
            #expect(try await market.promiseEnds(in: shop) == ["stands", "order_refunded"])
        }
    }

    @Test func `a change of plan is an order like a renewal: who made one is no newcomer`() async throws {
        try await withMarket { market, shop, engine in
            try await market.coupon("FIRST", percent: 50_00, firstOrder: true, in: shop)
            let trial = try await engine.submit(
                market.submission(
                    .trial(Trial(customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl])), by: shop))
            let id = try #require(trial.bought).subscriptions[0].id
            let changed = try #require(
                try await engine.submit(market.planChange(shop, of: id, to: shop.weekPlan)).changed)
            var refused = await market.inTurn([market.purchase(shop, coupon: "FIRST")], on: engine)[0]
            #expect(refused.refusal == .coupon(.notFirstOrder))
            _ = try await engine.submit(market.refund(changed.order, of: shop))
            #expect(try await engine.submit(market.purchase(shop, coupon: "FIRST")).bought != nil)
            refused = await market.inTurn([market.purchase(shop, coupon: "FIRST")], on: engine)[0]
            #expect(refused.refusal == .coupon(.notFirstOrder))
        }
    }

    private func bought(
        _ market: Market, _ shop: Shop, _ engine: Engine, plan: PlanID? = nil, coupon: String? = nil
    ) async throws -> SubscriptionID {
        let receipt = try await engine.submit(market.purchase(shop, plan: plan, coupon: coupon)).bought
        return try #require(receipt).subscriptions[0].id
    }

    private func withMarket(_ body: (Market, Shop, Engine) async throws -> Void) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 60)
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                }
                let float = FloatTopUp(amount: market.alba.money(500_00), reference: "float")
                _ = try await engine.submit(market.submission(.floatTopUp(float), by: market.alba))
                try await body(market, market.alba, engine)
            }
        }
    }
}
