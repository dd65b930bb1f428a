import Billing
import Primitives
import TestSupport
import Testing

@Suite("Renewals and trials", .database)
struct RenewalTests {
    private let month: Int64 = 30 * 86_400_000

    @Test func `a renewal extends from the paid end, not from now`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let bought = try #require(try await engine.submit(market.purchase(shop)).bought)
                let issued = bought.subscriptions[0]
                market.clock.advance(days: 10)
                let renewed = try #require(
                    try await engine.submit(market.renewal(shop, of: issued.id, repeatCount: 3)).renewed)
                #expect(renewed.activeUntil.milliseconds == issued.period.end.milliseconds + 3 * month)
                #expect(renewed.total == shop.money(36_00))
            }
            #expect(try await market.count("terms", of: shop) == 4)
        }
    }

    @Test func `after the end but within grace a renewal starts now, and unserved time is not charged`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let bought = try #require(try await engine.submit(market.purchase(shop)).bought)
                market.clock.advance(milliseconds: month + 1_000)
                let renewed = try #require(
                    try await engine.submit(market.renewal(shop, of: bought.subscriptions[0].id)).renewed)
                #expect(renewed.activeUntil.milliseconds == market.now.milliseconds + month)
            }
        }
    }

    @Test func `a plan of another network cannot renew, a plan of another length can`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let id = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0]
                    .id
                let elsewhere = await Market.result { () throws(EngineError) in
                    try await engine.submit(market.renewal(shop, of: id, plan: shop.dePlan))
                }
                #expect(elsewhere.refusal == .planNotEligible)
                #expect(
                    try await engine.submit(market.renewal(shop, of: id, plan: shop.weekPlan)).renewed != nil)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 12_00 - 4_00)
        }
    }

    @Test func `nobody renews another customer's or another tenant's subscription`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                }
                let id = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0]
                    .id
                let attempts = await market.race(
                    [
                        market.renewal(shop, of: id, by: shop.ben),
                        market.renewal(market.brio, of: id),
                        market.renewal(market.brio, of: id, plan: shop.nlPlan),
                        market.renewal(shop, of: market.ids.next(at: market.now)),
                    ], on: engine)
                #expect(attempts.compactMap(\.refusal) == Array(repeating: .subscriptionUnknown, count: 4))
                let theirPlan = await market.race(
                    [market.purchase(market.brio, plan: shop.nlPlan, network: shop.nl)], on: engine)
                #expect(theirPlan.compactMap(\.refusal) == [.planUnknown])
            }
            #expect(try await market.balance(of: market.brio.ann, in: market.brio) == 100_00)
        }
    }

    @Test func `a trial is free, once per customer and plan, and can be renewed into a paid term`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            func trial(_ customer: CustomerID, _ plan: PlanID) -> Submission {
                market.submission(
                    .trial(Trial(customer: customer, plan: plan, networks: [shop.nl])), by: shop)
            }
            try await market.withEngine { engine in
                let results = await market.race((0..<5).map { _ in trial(shop.ann, shop.nlPlan) }, on: engine)
                #expect(results.filter(\.isCarriedOut).count == 1)
                #expect(results.filter { $0.refusal == .trialUsed }.count == 4)
                let none = await market.race([trial(shop.ann, shop.weekPlan)], on: engine)
                #expect(none[0].refusal == .trialNotOffered)

                let issued = try #require(results.compactMap(\.bought).first).subscriptions[0]
                #expect(issued.period.end.milliseconds == market.now.milliseconds + 3_600_000)
                try await market.topUp(shop.ann, 12_00, in: shop, with: engine)
                let renewed = try #require(
                    try await engine.submit(market.renewal(shop, of: issued.id)).renewed)
                #expect(renewed.activeUntil.milliseconds == issued.period.end.milliseconds + month)
            }
            #expect(try await market.count("trial_grants", of: shop) == 1)
        }
    }

    @Test(arguments: [true, false])
    func `a clock that stands still or jumps back makes no id twice and loses no period`(
        jumpsBack: Bool
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 60)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                let before = await market.race((0..<25).map { _ in market.purchase(shop) }, on: engine)
                if jumpsBack { market.clock.advance(milliseconds: -3_600_000) }
                let after = await market.race((0..<25).map { _ in market.purchase(shop) }, on: engine)
                let issued = (before + after).compactMap(\.bought).flatMap(\.subscriptions)
                #expect(issued.count == 50)
                #expect(Set(issued.map(\.id)).count == 50)
                for one in after.compactMap(\.bought).flatMap(\.subscriptions) {
                    #expect(one.period.start == market.now)
                }
                let renewed = try #require(
                    try await engine.submit(market.renewal(shop, of: issued[0].id)).renewed)
                #expect(renewed.activeUntil.milliseconds == issued[0].period.end.milliseconds + month)
            }
        }
    }
}
