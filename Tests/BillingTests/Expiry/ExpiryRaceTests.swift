import Billing
import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

@Suite("The expiry, killed and raced", .database)
struct ExpiryRaceTests {
    struct Killed: Error {}

    /// Five in each of two tenants, two of them on three networks; all are over.
    private func over(_ market: Market) async throws {
        var end = market.now
        for shop in [market.alba, market.brio] {
            let trio = try await Trio.open(market, in: shop, slots: [2, 2, 2])
            end = try await market.bought(in: shop, leaving: 2 * Trio.price, quantity: 3)[0].period.end
            let engine = market.engine(seed: UInt64(500 + shop.tenant.number))
            _ = try await engine.submit(market.purchase(trio, quantity: 2))
            await engine.stop()
        }
        market.pass(end)
    }

    /// However it came about: each has ended once, was told of once and has nothing any more.
    private func check(_ market: Market) async throws {
        #expect(try await market.expire().numbers == [0, 0, 0, 0, 0])
        for shop in [market.alba, market.brio] {
            #expect(try await market.ended(in: shop).count == 5)
            #expect(try await market.events("subscription.ended", in: shop) == 5)
            #expect(try await market.slots("assigned", of: shop) == 0)
            #expect(try await market.slots("draining", of: shop) == 9)
        }
    }

    @Test(arguments: ExpiryStep.allCases, [1, 2, 5])
    func `a run killed between any two steps, and the run again: each ends once`(
        step: ExpiryStep, nth: Int
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await over(market)
            let reached = Noted(0)
            let doomed = market.expiries(batch: 2) { passed in
                guard passed == step else { return }
                reached.note { $0 += 1 }
                if reached.current >= nth { throw Killed() }
            }
            await #expect(throws: Killed.self) { try await doomed.run() }
            try await market.expire()
            try await check(market)
        }
    }

    @Test func `eight runs at once and a worker beside them: each ends once`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await over(market)
            // The worker has nothing to stock.
            try await database.execute("UPDATE gateways SET last_port = 12001")
            let worker = ProvisioningWorker(
                pool: database.pool(.worker), fleet: SimulatedFleet(), ending: BilledEnding(ids: market.ids),
                seal: .market, clock: market.clock, random: SeededRandom(seed: 4), identifiers: market.ids,
                logger: .quiet)
            let (ended, slots) = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
                for number in 0..<8 {
                    let expiries = market.expiries(batch: 1 + number % 3)
                    group.addTask {
                        let counts = try await expiries.run()
                        #expect(counts.failed == 0, "\(counts.problems)")
                        return (counts.ended, counts.slots)
                    }
                }
                group.addTask { (0, try await worker.cycle(now: market.now).released) }
                return try await group.reduce(into: (0, 0)) {
                    $0.0 += $1.0
                    $0.1 += $1.1
                }
            }
            #expect(ended <= 10 && slots <= 18)
            try await market.expire()
            for shop in [market.alba, market.brio] {
                #expect(try await market.ended(in: shop).count == 5)
                #expect(try await market.events("subscription.ended", in: shop) == 5)
                #expect(try await market.slots("assigned", of: shop) == 0)
            }
        }
    }

    /// There is money for all of them: who is renewed is charged and goes on, who has ended is charged nothing.
    @Test func `a hundred renewals and two runs at the same moment: exactly one of both wins each`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 100)
            var renewed = 0
            let engine = market.engine(seed: 31)
            for round in 0..<5 {
                let bought = try await market.bought(in: market.alba, leaving: 20 * 12_00, quantity: 20)
                market.pass(bought[0].period.end)
                let before = try await market.balance(of: market.alba.ann, in: market.alba)
                let runs = [market.expiries(batch: 3), market.expiries(batch: 7)]
                async let first = runs[0].run()
                async let second = runs[1].run()
                let results = await market.race(
                    bought.map { market.renewal(market.alba, of: $0.id) }.shuffledByRound(round), on: engine)
                let counts = (try await first, try await second)
                #expect(counts.0.failed + counts.1.failed == 0, "\(counts.0.problems) \(counts.1.problems)")
                let last = try await market.expire()
                let wins = results.filter(\.isCarriedOut).count
                #expect(
                    results.allSatisfy {
                        $0.isCarriedOut || $0.refusal == .subscriptionNotRenewable
                    }, "round \(round)")
                #expect(counts.0.ended + counts.1.ended + last.ended + wins == 20, "round \(round)")
                #expect(
                    try await market.balance(of: market.alba.ann, in: market.alba)
                        == before - Int64(wins) * 12_00)
                let ended = try await market.ended(in: market.alba)
                #expect(bought.filter { ended[$0.id] == nil }.count == wins)
                #expect(try await market.slots("assigned", of: market.alba) == wins)
                renewed += wins
                // What was renewed is over before the next round, which needs its shelf.
                market.clock.advance(milliseconds: Market.month + Market.grace)
                try await market.expire()
            }
            await engine.stop()
            #expect(try await market.count("terms", of: market.alba) == 100 + renewed)
            #expect(try await market.events("subscription.ended", in: market.alba) == 100)
        }
    }

    /// Whoever holds a row is neither waited for nor taken from; its neighbours do not wait either.
    @Test(arguments: ["subscriptions", "allocations"])
    func `one that somebody holds is passed over, and ends with the next run`(table: String) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let trio = try await Trio.open(market, in: market.alba, slots: [2, 2, 2])
            let end = try await market.bought(in: market.alba, leaving: 2 * Trio.price)[0].period.end
            _ = try await market.bought(in: market.brio, leaving: 0)
            let held = try await market.withEngine { engine in
                try #require(try await engine.submit(market.purchase(trio, quantity: 2)).bought)
                    .subscriptions[0].id
            }
            market.pass(end)
            let (locked, goOn) = (Noted(false), StepGate(.committed))
            goOn.close()
            let key = table == "subscriptions" ? "id" : "sequence = 2 AND subscription_id"
            async let holding: Void = database.owner.transaction(tenant: nil) { transaction in
                _ = try transaction.query(
                    Statement(
                        "SELECT 1 FROM \(table) WHERE tenant_id = 1 AND \(key) = $1 FOR UPDATE", [held]))
                locked.note { $0 = true }
                try goOn.pass(.committed)
            }
            try await eventually("a lock") { locked.current }
            let counts = try await market.expire()
            goOn.open()
            try await holding
            #expect(counts.numbers == [4, 3, 5, 1, 0])
            #expect(try await market.slots("assigned", of: trio) == [1, 1, 1], "all of it or nothing")
            #expect(try await market.expire().numbers == [1, 1, 3, 0, 0])
        }
    }
}

extension Array {
    /// Another order for each round.
    fileprivate func shuffledByRound(_ round: Int) -> [Element] {
        var random = SplitMix64(seed: UInt64(77 + round))
        return shuffled(using: &random)
    }
}
