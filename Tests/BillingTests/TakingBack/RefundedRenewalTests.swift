import Billing
import Catalog
import Primitives
import TestSupport
import Testing

/// Refunds that take paid time back from a subscription that goes on.
@Suite("Refunded renewals", .database)
struct RefundedRenewalTests {
    @Test func `renewals go back the latest first, the purchase last of all`() async throws {
        try await withMarket { market, shop, engine in
            let bought = try #require(try await engine.submit(market.purchase(shop)).bought)
            let id = bought.subscriptions[0].id
            var orders = [bought.order]
            for _ in 0..<2 {
                let renewed = try await engine.submit(market.renewal(shop, of: id, repeatCount: 2)).renewed
                orders.append(try #require(renewed).order)
            }
            market.clock.advance(days: 10)
            let early = await market.inTurn(
                [market.refund(orders[0], of: shop), market.refund(orders[1], of: shop)], on: engine)
            #expect(early.map(\.refusal) == [.serviceNotReturnable, .serviceNotReturnable])
            let results = await market.inTurn(
                orders.reversed().map { market.refund($0, of: shop) }, on: engine)
            #expect(results.map { $0.refunded?.amount.minor } == [24_00, 24_00, 12_00])
            #expect(results.map { $0.refunded?.subscriptions.map(\.isEnded) } == [[false], [false], [true]])
            let untils = results.map { $0.refunded?.subscriptions[0].activeUntil }
            func day(_ number: Int64) -> Instant {
                Instant(milliseconds: ManualClock.start.milliseconds + number * Market.day)
            }
            #expect(untils == [day(90), day(30), day(10)])
            #expect(
                try await market.terms(of: id, in: shop) == [
                    .init(0, 30, cut: 10), .init(30, 60, cut: 30), .init(60, 90, cut: 60),
                    .init(90, 120, cut: 90), .init(120, 150, cut: 120),
                ])
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00)
            #expect(try await market.events("subscription.ended", in: shop) == 1)
            #expect(try await market.slots("draining", of: shop) == 1)
        }
    }

    @Test func `what was taken back can be bought again: from where the rest ends, under a new number`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let id = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0].id
            let renewed = try #require(try await engine.submit(market.renewal(shop, of: id)).renewed)
            _ = try await engine.submit(market.refund(renewed.order, of: shop))
            _ = try await engine.submit(market.renewal(shop, of: id, plan: shop.weekPlan))
            #expect(
                try await market.terms(of: id, in: shop) == [
                    .init(0, 30), .init(30, 60, cut: 30), .init(30, 37),
                ])
            #expect(try await market.standing(of: id, in: shop).nextPeriod == 3)
            // And the end at which the port closes has moved along: an invariant holds it to the subscription's.
            let back = try #require(try await engine.submit(market.cancellation(shop, of: id)).cancelled)
            #expect(back.refund == shop.money(16_00))
        }
    }

    @Test func `a renewal that is being served ends with its refund, and time that was used stays used`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let id = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0].id
            let renewed = try #require(try await engine.submit(market.renewal(shop, of: id)).renewed)
            market.clock.advance(days: 40)
            let receipt = try #require(
                try await engine.submit(market.refund(renewed.order, of: shop)).refunded)
            #expect(receipt.isWhole && receipt.subscriptions.map(\.isEnded) == [true])
            #expect(try await market.terms(of: id, in: shop) == [.init(0, 30), .init(30, 60, cut: 40)])
            #expect(try await market.standing(of: id, in: shop).activeUntil == market.now)
        }
    }

    @Test func `in parts, or as a courtesy, a refund leaves the service; the last part takes it`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let id = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0].id
            let first = try #require(try await engine.submit(market.renewal(shop, of: id)).renewed)
            let second = try #require(try await engine.submit(market.renewal(shop, of: id)).renewed)
            let results = await market.inTurn(
                [
                    market.refund(second.order, of: shop, minor: 11_99),
                    market.refund(first.order, of: shop, keepsService: true),
                    market.refund(second.order, of: shop, minor: 1),
                ], on: engine)
            #expect(results.map { $0.refunded?.isWhole } == [false, true, true])
            #expect(results.map { $0.refunded?.subscriptions.count } == [0, 0, 1])
            #expect(
                try await market.terms(of: id, in: shop) == [
                    .init(0, 30), .init(30, 60), .init(60, 90, cut: 60),
                ])
        }
    }

    @Test func `another plan's renewal goes back: the subscription is of its former plan again`() async throws
    {
        try await withMarket { market, shop, engine in
            let id = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0].id
            let week = try #require(
                try await engine.submit(market.renewal(shop, of: id, plan: shop.weekPlan)).renewed)
            #expect(try await plan(of: id, market) == "week")
            _ = try await engine.submit(market.refund(week.order, of: shop))
            #expect(try await plan(of: id, market) == "nl")
        }
    }

    @Test func `what renews itself goes on doing so, unless what was given back would be charged at once`()
        async throws
    {
        try await withMarket { market, shop, engine in
            try await market.letPlansRenew()
            let issued = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0]
            let early = try #require(try await engine.submit(market.renewal(shop, of: issued.id)).renewed)
            _ = try await engine.submit(market.refund(early.order, of: shop))
            let due = Instant(milliseconds: issued.period.end.milliseconds - Market.hour)
            #expect(try await market.standing(of: issued.id, in: shop).renewsAt == due)
            market.clock.set(due)
            #expect(try await market.renew().renewed == 1)
            let orders = try await market.orders(in: shop)
            _ = try await engine.submit(market.refund(try #require(orders.last), of: shop))
            #expect(try await market.standing(of: issued.id, in: shop).renewsAt == nil)
            #expect(try await market.renew().due == 0)
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 12_00)
        }
    }

    @Test func `a refunded renewal breaks no promise that its purchase made`() async throws {
        try await withMarket { market, shop, engine in
            try await market.coupon("AGAIN", percent: 25_00, renewals: 2, in: shop)
            let bought = try #require(try await engine.submit(market.purchase(shop, coupon: "AGAIN")).bought)
            let id = bought.subscriptions[0].id
            let first = try #require(try await engine.submit(market.renewal(shop, of: id)).renewed)
            _ = try await engine.submit(market.refund(first.order, of: shop))
            #expect(try await market.promiseEnds(in: shop) == ["stands"])
            let second = try #require(try await engine.submit(market.renewal(shop, of: id)).renewed)
            #expect(second.discount == shop.money(3_00))
            // A chargeback of the purchase ends it, and its use of the coupon stays used.
            _ = try await engine.submit(market.refund(second.order, of: shop))
            _ = try await engine.submit(market.refund(bought.order, of: shop, reason: .chargeback))
            #expect(try await market.redemptions(in: shop) == ["committed", "refunded", "refunded"])
        }
    }

    /// The trap of an anchor that is dropped, or keeps its months: 31 January would go on to 28 March.
    @Test func `a refunded month leaves the next one to be counted from the 31st`() async throws {
        try await withMarket { market, shop, engine in
            let plans = try await market.sell(months: 1)
            let bought = try #require(
                try await engine.submit(market.purchase(shop, plan: plans.alba)).bought)
            let id = bought.subscriptions[0].id
            for plan in [plans.alba, shop.weekPlan] {
                let renewed = try await engine.submit(market.renewal(shop, of: id, plan: plan)).renewed
                _ = try await engine.submit(market.refund(try #require(renewed).order, of: shop))
                let paid = try await market.paid(id, in: shop)
                #expect(paid.anchoredAt == ManualClock.start && paid.anchoredMonths == 1)
            }
            _ = try await engine.submit(market.renewal(shop, of: id, plan: plans.alba))
            #expect(try await market.paid(id, in: shop).texts.last == "2026-03-31T00:00:00Z")
        }
    }

    /// Random renewals and refunds of them; beside it a twin of which is bought only what the first one has kept.
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `whatever was renewed and refunded, the next month ends where it would have without`(
        seed: UInt64
    )
        async throws
    {
        try await withMarket { market, shop, engine in
            let months = try await market.sell(months: 1)
            let quarters = try await market.sell(months: 3)
            try await market.move(shop, to: "Europe/Amsterdam")
            try await market.topUp(shop.ann, 100_000_00, in: shop, with: engine)
            var random = SplitMix64(seed: seed)
            let plans = [months.alba, quarters.alba, months.alba, shop.weekPlan, shop.nlPlan]
            let first = plans[0]
            func buy() async throws -> SubscriptionID {
                let bought = try await engine.submit(market.purchase(shop, plan: first)).bought
                return try #require(bought).subscriptions[0].id
            }
            let (id, twin) = (try await buy(), try await buy())
            var kept: [(order: OrderID, plan: PlanID, count: Int64)] = []
            for _ in 0..<40 {
                if !kept.isEmpty, Int.random(in: 0..<5, using: &random) < 2 {
                    let last = kept.removeLast()
                    let refunded = try await engine.submit(market.refund(last.order, of: shop)).refunded
                    #expect(refunded?.isWhole == true)
                } else {
                    let plan = plans.randomElement(using: &random)!
                    let count = Int64.random(in: 1...3, using: &random)
                    let renewal = market.renewal(shop, of: id, plan: plan, repeatCount: count)
                    let renewed = try #require(try await engine.submit(renewal).renewed)
                    kept.append((renewed.order, plan, count))
                }
            }
            for (_, plan, count) in kept {
                _ = try await engine.submit(
                    market.renewal(shop, of: twin, plan: plan, repeatCount: count))
            }
            let (one, other) = (try await market.paid(id, in: shop), try await market.paid(twin, in: shop))
            #expect(one.until == other.until)
            #expect(one.anchoredAt == other.anchoredAt && one.anchoredMonths == other.anchoredMonths)
            for subscription in [id, twin] {
                _ = try await engine.submit(market.renewal(shop, of: subscription, plan: months.alba))
            }
            #expect(try await market.paid(id, in: shop).until == market.paid(twin, in: shop).until)
        }
    }

    private func plan(of id: SubscriptionID, _ market: Market) async throws -> String {
        try await market.database.owner.run { connection in
            try connection.query(
                """
                SELECT p.code FROM subscriptions s JOIN plans p ON p.tenant_id = s.tenant_id AND p.id = s.plan_id
                WHERE s.tenant_id = \(market.alba.tenant) AND s.id = \(id)
                """)[0].get(0)
        }
    }

    private func withMarket(_ body: (Market, Shop, Engine) async throws -> Void) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                }
                try await body(market, market.alba, engine)
            }
        }
    }
}

extension Market {
    /// A shop's orders, in the order in which they were placed.
    func orders(in shop: Shop) async throws -> [OrderID] {
        try await database.owner.run { connection in
            try connection.query(
                "SELECT id FROM orders WHERE tenant_id = \(shop.tenant) ORDER BY placed_at, id"
            ).map { try $0.get(0) }
        }
    }
}
