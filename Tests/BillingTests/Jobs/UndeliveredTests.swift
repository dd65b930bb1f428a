import Billing
import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

@Suite("What no gateway has opened in time is given back", .database)
struct UndeliveredTests {
    private struct Killed: Error {}

    @Test func `it ends with its money, once its deadline is over, and only where it was never delivered`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let (alba, brio) = (market.alba, market.brio)
            let early = try await market.bought(in: alba, leaving: 3_00)[0]
            try await market.agree()
            let late = try await market.bought(in: alba, leaving: 0, quantity: 2)
            _ = try await market.bought(in: brio, leaving: 0)
            try await market.agree(brio)
            #expect(try await market.balance(of: alba.ann, in: alba) == 3_00)

            market.clock.advance(milliseconds: Market.deadline - 1)
            #expect(try await market.giveBackUndelivered().named.line == "nothing to do")
            // What has been delivered stays so, although its gateway knows nothing of the renewal.
            try await market.withEngine { engine in
                try await market.topUp(alba.ann, 12_00, in: alba, with: engine)
                _ = try await engine.submit(market.renewal(alba, of: early.id))
            }
            market.clock.advance(milliseconds: 1)
            #expect(try await market.giveBackUndelivered().named.line == "due 2, refunded 2")
            #expect(try await market.balance(of: alba.ann, in: alba) == 27_00)
            for issued in late {
                #expect(try await market.standing(of: issued.id, in: alba).endedAt == market.now)
            }
            #expect(try await market.standing(of: early.id, in: alba).endedAt == nil)
            #expect(try await market.slots("draining", of: alba) == 2)
            #expect(try await market.events("subscription.cancelled", in: alba) == 2)
            #expect(try await market.slots("assigned", of: brio) == 1)
            #expect(try await market.giveBackUndelivered().named.line == "nothing to do")
        }
    }

    @Test func `late by a week, of one tenant, and of tenants that are switched off`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            _ = try await market.bought(in: market.alba, leaving: 0)
            _ = try await market.bought(in: market.brio, leaving: 0)
            try await database.execute("UPDATE tenants SET active = false")
            market.clock.advance(days: 7)
            #expect(try await market.giveBackUndelivered(of: market.brio).refunded == 1)
            #expect(try await market.balance(of: market.alba.ann, in: market.alba) == 0)
            #expect(try await market.giveBackUndelivered().refunded == 1)
            #expect(try await market.balance(of: market.alba.ann, in: market.alba) == 12_00)
        }
    }

    @Test func `a sandbox's deadline is over by its own clock`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            _ = try await market.bought(in: market.alba, leaving: 0)
            _ = try await market.bought(in: market.brio, leaving: 0)
            try await market.moveClock(ofBrioTo: Market.hour)
            #expect(try await market.giveBackUndelivered().named.line == "due 1, refunded 1")
            #expect(try await market.slots("assigned", of: market.alba) == 1)
        }
    }

    @Test func `a port that came later, by a move, gives nothing back of what was served before`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            _ = try await market.bought(in: market.alba, leaving: 0)
            _ = try await market.bought(in: market.brio, leaving: 0)
            try await database.execute(
                "UPDATE allocations SET allocated_at = allocated_at + interval '1 minute' WHERE tenant_id = 1"
            )
            market.clock.advance(days: 1)
            #expect(try await market.giveBackUndelivered().named.line == "due 1, refunded 1")
            #expect(try await market.slots("assigned", of: market.alba) == 1)
        }
    }

    @Test func `eight runs at once over four engines give back once`() async throws {
        try await withDatabase { database in
            let market = try await overdue(database)
            let engines = (0..<4).map { market.engine(seed: UInt64(100 + $0)) }
            let refunded = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    let refunds = market.undelivered(engines[number % 4], batch: 1 + number % 3)
                    group.addTask { try await refunds.run().refunded }
                }
                return try await group.reduce(0, +)
            }
            for engine in engines { await engine.stop() }
            #expect(refunded == 6)
            try await check(market)
        }
    }

    @Test(arguments: UndeliveredStep.allCases, [1, 2])
    func `a run that is killed after any step, and one after it: the same`(
        step: UndeliveredStep, nth: Int
    ) async throws {
        try await withDatabase { database in
            let market = try await overdue(database)
            let reached = Noted(0)
            try await market.withEngine { engine in
                let doomed = market.undelivered(engine, batch: 2) { passed in
                    guard passed == step else { return }
                    reached.note { $0 += 1 }
                    if reached.current == nth { throw Killed() }
                }
                await #expect(throws: Killed.self) { try await doomed.run() }
            }
            try await market.giveBackUndelivered()
            try await check(market)
        }
    }

    @Test(arguments: EngineStep.allCases)
    func `an engine that is killed at any step, and a run after it: the same`(step: EngineStep) async throws {
        try await withDatabase { database in
            let market = try await overdue(database)
            let doomed = market.engine(seed: 77) { reached in if reached == step { throw Killed() } }
            let counts = try await market.undelivered(doomed).run()
            #expect(counts.undecided > 0 && counts.allProblems.count == 1)
            await doomed.stop()
            try await market.giveBackUndelivered()
            try await check(market)
        }
    }

    @Test func `a poisoned row stops nobody, is said, and is given back once it is repaired`() async throws {
        try await withDatabase { database in
            let market = try await overdue(database)
            try await database.execute(
                """
                ALTER TABLE slots ADD CONSTRAINT poison
                    CHECK (NOT (tenant_id = 2 AND state = 'draining')) NOT VALID
                """)
            let counts = try await market.giveBackUndelivered()
            #expect(counts.named.line == "due 6, refunded 4, failed 2" && counts.problems.count == 2)
            try await database.execute("ALTER TABLE slots DROP CONSTRAINT poison")
            #expect(try await market.giveBackUndelivered().named.line == "due 2, refunded 2")
            try await check(market)
        }
    }

    /// Four of Alba's and two of Brio's whose deadline is over.
    private func overdue(_ database: TestDatabase) async throws -> Market {
        let market = try await Market.open(database)
        _ = try await market.bought(in: market.alba, leaving: 5_00, quantity: 4)
        _ = try await market.bought(in: market.brio, leaving: 0, quantity: 2)
        market.clock.advance(milliseconds: Market.deadline)
        return market
    }

    private func check(_ market: Market) async throws {
        #expect(try await market.giveBackUndelivered().named.line == "nothing to do")
        for (shop, count, balance) in [(market.alba, 4, 53_00), (market.brio, 2, 24_00)]
            as [(Shop, Int, Int64)]
        {
            #expect(try await market.balance(of: shop.ann, in: shop) == balance)
            #expect(try await market.events("subscription.cancelled", in: shop) == count)
            #expect(try await market.slots("draining", of: shop) == count)
            #expect(try await market.ended(in: shop).count == count)
        }
    }
}

extension Market {
    static let deadline: Int64 = 900_000

    func undelivered(
        _ engine: Engine, batch: Int = 256,
        onStep: @escaping @Sendable (UndeliveredStep) throws -> Void = { _ in }
    ) -> UndeliveredRefunds {
        UndeliveredRefunds(
            deliveries: Deliveries(
                pool: database.pool(.worker, threads: 1), deadlineMilliseconds: Self.deadline),
            engine: engine, ids: ids, clock: clock, batch: batch, logger: .quiet, onStep: onStep)
    }

    /// One run that is not disturbed.
    @discardableResult
    func giveBackUndelivered(of shop: Shop? = nil) async throws -> UndeliveredCounts {
        let engine = engine(seed: ids.next(at: now, of: CommandSubject.self).bits.low)
        do {
            let counts = try await undelivered(engine).run(of: shop?.tenant)
            await engine.stop()
            return counts
        } catch {
            await engine.stop()
            throw error
        }
    }

    /// Lets the gateways of a shop, or of both, have applied all that there is.
    func agree(_ shop: Shop? = nil) async throws {
        try await database.execute(
            """
            INSERT INTO gateway_states (tenant_id, gateway_id, applied_version, observed_at, healthy)
            SELECT tenant_id, id, desired_version, timestamptz '2026-01-31Z', true FROM gateways
            WHERE \(shop == nil ? "true" : "tenant_id = \(shop!.tenant.number)")
            ON CONFLICT (tenant_id, gateway_id) DO UPDATE SET applied_version = excluded.applied_version
            """)
    }
}
