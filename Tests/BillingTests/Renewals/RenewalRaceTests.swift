import Billing
import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Automatic renewals, killed and raced", .database)
struct RenewalRaceTests {
    struct Killed: Error {}

    /// Three that can be renewed and two that cannot, in each of two tenants; all of them due.
    private func due(_ market: Market) async throws {
        try await market.letPlansRenew()
        var end = market.now
        for shop in [market.alba, market.brio] {
            end = try await market.bought(in: shop, leaving: 3 * 12_00, quantity: 3)[0].period.end
            _ = try await market.bought(in: shop, leaving: 11_00, by: shop.ben, quantity: 2)
        }
        market.clock.set(end)
    }

    /// However it came about: each was charged once or told of once, and nothing is due any more.
    private func check(_ market: Market) async throws {
        #expect(try await market.renew().due == 0)
        for shop in [market.alba, market.brio] {
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
            #expect(try await market.balance(of: shop.ben, in: shop) == 11_00)
            #expect(try await market.count("terms", of: shop) == 5 + 3)
            #expect(try await market.events("order.renewed", in: shop) == 3)
            #expect(try await market.events("renewal.failed", in: shop) == 2)
        }
    }

    @Test(arguments: EngineStep.allCases, [1, 3])
    func `an engine killed between any two steps, and the run again: each is charged once`(
        step: EngineStep, nth: Int
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await due(market)
            let reached = Noted(0)
            let doomed = market.engine { passed in
                guard passed == step else { return }
                reached.note { $0 += 1 }
                if reached.current >= nth { throw Killed() }
            }
            let counts = try await market.renewals(doomed, batch: 2).run()
            await doomed.stop()
            #expect(counts.undecided > 0 || counts.due == 10)
            try await market.renew()
            try await check(market)
        }
    }

    @Test(arguments: RenewalStep.allCases, [1, 2, 4])
    func `a run killed between any two steps, and the run again: each is charged once and told once`(
        step: RenewalStep, nth: Int
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await due(market)
            let reached = Noted(0)
            try await market.withEngine { engine in
                let doomed = market.renewals(engine, batch: 2) { passed in
                    guard passed == step else { return }
                    reached.note { $0 += 1 }
                    if reached.current >= nth { throw Killed() }
                }
                await #expect(throws: Killed.self) { try await doomed.run() }
            }
            try await market.renew()
            try await check(market)
        }
    }

    @Test func `eight runs at once, over four engines: each is charged once and told once`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await due(market)
            let engines = (0..<4).map { market.engine(seed: UInt64(100 + $0)) }
            let counts = try await withThrowingTaskGroup(of: RenewalCounts.self) { group in
                for number in 0..<8 {
                    let renewals = market.renewals(engines[number % 4], batch: 1 + number % 3)
                    group.addTask { try await renewals.run() }
                }
                return try await group.reduce(into: (renewed: 0, failed: 0)) {
                    $0.renewed += $1.renewed
                    $0.failed += $1.failed
                }
            }
            for engine in engines { await engine.stop() }
            #expect(counts == (renewed: 6, failed: 4))
            try await check(market)
        }
    }

    /// Money for one more period: whoever comes first takes it.
    @Test func `fifty times a renewal by hand and the job at once: the end moves by exactly one period`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.letPlansRenew()
            let id = try await market.bought(in: shop, leaving: 0)[0].id
            let byHand = market.engine(seed: 21)
            let byJob = market.engine(seed: 22)
            let renewals = market.renewals(byJob)
            var wins = 0
            for round in 0..<50 {
                let before = try await market.standing(of: id, in: shop)
                market.clock.set(before.activeUntil)
                try await market.topUp(shop.ann, 12_00, in: shop, with: byHand)
                async let run = renewals.run()
                async let asked = market.race([market.renewal(shop, of: id)], on: byHand)
                let (counts, results) = (try await run, await asked)
                wins += counts.renewed
                #expect(counts.renewed + results.filter(\.isCarriedOut).count == 1, "round \(round)")
                let after = try await market.standing(of: id, in: shop)
                #expect(after.nextPeriod == before.nextPeriod + 1, "round \(round)")
                #expect(
                    after.activeUntil.milliseconds == before.activeUntil.milliseconds + Market.month,
                    "round \(round)")
                #expect(after.renewsAt?.milliseconds == after.activeUntil.milliseconds - Market.hour)
                #expect(try await market.balance(of: shop.ann, in: shop) == 0)
            }
            await byHand.stop()
            await byJob.stop()
            #expect(try await market.count("terms", of: shop) == 51)
        }
    }

    @Test func `an automatic renewal of what stands elsewhere by now is refused`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.letPlansRenew()
            let issued = try await market.bought(in: shop, leaving: 50_00)[0]
            let end = issued.period.end
            let earlier = Instant(milliseconds: end.milliseconds - 1)
            try await market.withEngine { engine in
                func refusal(_ period: Int32, _ until: Instant, _ plan: PlanID) async -> Refusal? {
                    let renewal = Renewal(
                        customer: shop.ann, subscription: issued.id, plan: plan,
                        automatic: AutomaticRenewal(nextPeriod: period, activeUntil: until))
                    return await market.race([market.submission(.renewal(renewal), by: shop)], on: engine)[0]
                        .refusal
                }
                #expect(await refusal(0, end, shop.nlPlan) == .renewalOutOfDate)
                #expect(await refusal(2, end, shop.nlPlan) == .renewalOutOfDate)
                #expect(await refusal(1, earlier, shop.nlPlan) == .renewalOutOfDate)
                #expect(await refusal(1, end, shop.weekPlan) == .renewalOutOfDate)
                _ = try await market.operatorWork.change(issued.id, of: "alba", .off)
                #expect(await refusal(1, end, shop.nlPlan) == .renewalOutOfDate)
                _ = try await market.operatorWork.change(issued.id, of: "alba", .on)
                #expect(await refusal(1, end, shop.nlPlan) == nil)
                #expect(await refusal(1, end, shop.nlPlan) == .renewalOutOfDate)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 50_00 - 12_00)
        }
    }

    @Test func `a refund that ends it while the run has seen it due: it is not renewed`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.letPlansRenew()
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 24_00, in: shop, with: engine)
                let receipt = try #require(try await engine.submit(market.purchase(shop)).bought)
                market.clock.set(receipt.subscriptions[0].period.end)
                _ = try await engine.submit(
                    market.submission(.refund(Refund(customer: shop.ann, order: receipt.order)), by: shop))
                let standing = try await market.standing(of: receipt.subscriptions[0].id, in: shop)
                #expect(standing.endedAt != nil && standing.renewsAt == nil)
            }
            #expect(try await market.renew().due == 0)
            #expect(try await market.balance(of: shop.ann, in: shop) == 24_00)
        }
    }
}
