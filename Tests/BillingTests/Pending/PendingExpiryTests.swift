import Billing
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Orders that nobody pays for", .database)
struct PendingExpiryTests {
    struct Killed: Error {}
    private static let day = PendingOrder.lifeMilliseconds

    @Test func `an order ends when its time is over by its tenant's clock, once, and not before`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await waiting(market, 2)
            market.clock.advance(milliseconds: Self.day - 1)
            #expect(try await market.expirePending().due == 0)
            try await market.moveClock(ofBrioTo: 1)
            var counts = try await market.expirePending()
            #expect(counts.due == 2 && counts.expired == 2, "its own clock")
            market.clock.advance(milliseconds: 1)
            #expect(try await market.expirePending(of: market.brio).due == 0)
            counts = try await market.expirePending()
            #expect(counts.named.line == "due 2, expired 2")
            #expect(try await market.expirePending().named.line == "nothing to do")
            try await check(market, 2)
        }
    }

    @Test func `late by a week, and of a tenant that is switched off, the result is the same`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await waiting(market, 3)
            market.clock.advance(days: 8)
            try await database.execute("UPDATE tenants SET active = false WHERE id = 2")
            #expect(try await market.expirePending().expired == 6)
            try await check(market, 3)
        }
    }

    @Test(arguments: [1, 2, 100])
    func `eight runs at once end each once, whatever the size of their batches`(batch: Int) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await waiting(market, 5)
            market.clock.advance(milliseconds: Self.day)
            let (left, right) = (market.engine(seed: 3), market.engine(seed: 4))
            let expired = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    let expiries = market.pendingExpiries(number % 2 == 0 ? left : right, batch: batch)
                    group.addTask {
                        let counts = try await expiries.run()
                        #expect(counts.problems == [] && counts.expired + counts.skipped == counts.due)
                        return counts.expired
                    }
                }
                return try await group.reduce(0, +)
            }
            await left.stop()
            await right.stop()
            #expect(expired == 10)
            try await check(market, 5)
        }
    }

    @Test(arguments: PendingExpiryStep.allCases, [1, 3])
    func `a run killed between any two steps, and the run again: each has ended once`(
        step: PendingExpiryStep, nth: Int
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await waiting(market, 5)
            market.clock.advance(milliseconds: Self.day)
            let reached = Noted(0)
            let engine = market.engine(seed: 3)
            let doomed = market.pendingExpiries(engine, batch: 2) { passed in
                guard passed == step else { return }
                reached.note { $0 += 1 }
                if reached.current >= nth { throw Killed() }
            }
            await #expect(throws: Killed.self) { try await doomed.run() }
            await engine.stop()
            #expect(try await market.expirePending().failed == 0)
            try await check(market, 5)
        }
    }

    @Test(arguments: EngineStep.allCases, [1, 3])
    func `an engine killed between any two steps, and the run again: each has ended once`(
        step: EngineStep, nth: Int
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await waiting(market, 5)
            market.clock.advance(milliseconds: Self.day)
            let reached = Noted(0)
            let doomed = market.engine(seed: 3) { passed in
                guard passed == step else { return }
                reached.note { $0 += 1 }
                if reached.current >= nth { throw Killed() }
            }
            let counts = try await market.pendingExpiries(doomed, batch: 2).run()
            await doomed.stop()
            #expect(counts.undecided > 0 && !counts.problems.isEmpty, "the run says that it is not done")
            #expect(try await market.expirePending().problems == [])
            try await check(market, 5)
        }
    }

    @Test func `a poisoned order stops no other, and ends once it is repaired`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await waiting(market, 4)
            let poisoned = try await market.database.owner.run { connection in
                try connection.query(
                    "SELECT id FROM pending_orders WHERE tenant_id = 1 ORDER BY id OFFSET 1 LIMIT 1")[0].get(
                        0, as: OrderID.self)
            }
            try await database.execute(
                "ALTER TABLE pending_orders ADD CONSTRAINT poison CHECK (state = 'pending' OR id <> '\(poisoned)')"
            )
            market.clock.advance(milliseconds: Self.day)
            let counts = try await market.expirePending()
            #expect(counts.due == 8 && counts.expired == 7 && counts.failed == 1)
            #expect(counts.problems.count == 1 && counts.problems[0].contains("\(poisoned)"))
            #expect(try await market.expirePending().named.line == "due 1, failed 1")
            try await database.execute("ALTER TABLE pending_orders DROP CONSTRAINT poison")
            #expect(try await market.expirePending().expired == 1)
            try await check(market, 4)
        }
    }

    /// So many orders of each shop, each with a coupon's use of its own.
    private func waiting(_ market: Market, _ count: Int) async throws {
        for shop in [market.alba, market.brio] {
            try await market.put("MANY", in: shop, limit: Int32(count))
            try await market.withEngine { engine in
                for number in 0..<count {
                    _ = try await market.place(
                        shop, by: number % 2 == 0 ? shop.ann : shop.ben, coupon: "MANY", on: engine)
                }
            }
        }
    }

    /// However it came about: each has expired and was told of once, and their uses are free.
    private func check(_ market: Market, _ count: Int) async throws {
        #expect(try await market.expirePending().due == 0)
        for shop in [market.alba, market.brio] {
            #expect(try await market.events("order.expired", in: shop) == count)
            #expect(try await market.standing("MANY", in: shop) == [0, 0])
            #expect(try await market.count("journal_entries", of: shop) == 0)
        }
    }
}
