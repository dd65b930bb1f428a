import Billing
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Retention", .database)
struct RetentionTests {
    @Test func `a key answers for thirty days, to the millisecond, and is free again after`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                    let first = try await engine.submit(market.purchase(shop, key: "a"))
                    #expect(first.bought != nil)
                }
                market.clock.advance(days: 30)
                #expect(try await market.forget().keys == 0)
                _ = try await engine.submit(market.purchase(market.alba, key: "a"))
                #expect(try await market.balance(of: market.alba.ann, in: market.alba) == 88_00, "told again")

                market.clock.advance(milliseconds: 1)
                _ = try await engine.submit(market.purchase(market.brio, key: "young"))
                #expect(try await market.forget().keys == 2)
                #expect(try await market.forget().keys == 0)
                #expect(try await market.count("idempotency_keys", of: market.alba) == 0)
                #expect(try await market.count("idempotency_keys", of: market.brio) == 1)
                _ = try await engine.submit(market.purchase(market.alba, key: "a"))
                #expect(try await market.balance(of: market.alba.ann, in: market.alba) == 76_00)
            }
        }
    }

    @Test func `a sandbox forgets by its own clock, a run for one tenant leaves the others`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.remember(3)
            try await market.moveClock(ofBrioTo: OldKey.keptMilliseconds + 1)
            #expect(try await market.forget(of: market.alba).keys == 0)
            #expect(try await market.forget().keys == 3)
            #expect(try await market.count("idempotency_keys", of: market.alba) == 3)
            market.clock.advance(days: 37)
            try await market.remember(2, as: "later", of: market.brio)
            #expect(try await market.forget(of: market.brio).keys == 2)
            try await database.execute("UPDATE tenants SET active = false")
            #expect(try await market.forget().keys == 3, "of tenants that are switched off too")
        }
    }

    @Test func `runs and days of the request log go too, in runs for all tenants alone`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let old: [JobRunID] = (0..<5).map { _ in market.ids.next(at: market.now) }
            let start = market.now
            try await database.owner.run { connection in
                for id in old {
                    _ = try connection.query(JobRunStore.start(id, "renewals", nil, nil, at: start))
                    guard id != old[0] else { continue }
                    _ = try connection.query(JobRunStore.end(id, .done, [:], [], at: start))
                }
            }
            try await database.execute(
                "SELECT make_request_log_day('2026-01-30'), make_request_log_day('2026-02-01')")
            market.clock.advance(days: 30)
            let job = RetentionJob(
                pool: database.pool(.job, threads: 1), worker: database.pool(.worker, threads: 1),
                requestLogDays: 30, logger: .quiet)
            let progress = JobProgress()
            let alba = JobTenant(id: market.alba.tenant, slug: "alba")
            market.clock.advance(milliseconds: 1)
            try await job.run(JobOrder(tenant: alba, clock: market.clock), progress)
            #expect(progress.counts.line == "nothing to do")
            try await job.run(JobOrder(tenant: nil, clock: market.clock), progress)
            #expect(progress.counts.line == "request_days 1, runs 4", "one is under way")
            try await job.run(JobOrder(tenant: nil, clock: market.clock), progress)
            #expect(progress.counts.line == "nothing to do")
        }
    }

    /// All of one moment: only the rest of the cursor tells one from the next.
    @Test(arguments: [1, 2, 7, 100])
    func `any size of batch finds each once`(batch: Int) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.remember(14)
            market.clock.advance(days: 31)
            #expect(try await market.retention(batch: batch).run().keys == 28)
            #expect(try await market.count("idempotency_keys", of: market.alba) == 0)
        }
    }

    @Test(arguments: RetentionStep.allCases, [1, 3])
    func `a run killed between any two steps, and the run again: all is forgotten`(
        step: RetentionStep, nth: Int
    ) async throws {
        struct Killed: Error {}
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.remember(5)
            market.clock.advance(days: 31)
            let reached = Noted(0)
            let doomed = market.retention(batch: 2) { passed in
                guard passed == step else { return }
                reached.note { $0 += 1 }
                if reached.current >= nth { throw Killed() }
            }
            await #expect(throws: Killed.self) { try await doomed.run() }
            let left =
                try await market.count("idempotency_keys", of: market.alba)
                + market.count("idempotency_keys", of: market.brio)
            #expect(left > 0)
            #expect(try await market.forget().keys == left)
        }
    }

    @Test func `eight runs at once forget each once`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.remember(60)
            market.clock.advance(days: 31)
            let keys = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    let retention = market.retention(batch: 3 + number)
                    group.addTask {
                        let counts = try await retention.run()
                        #expect(counts.failed == 0, "\(counts.problems)")
                        return counts.keys
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(keys == 120)
            #expect(try await market.forget().keys == 0)
        }
    }

    /// A row that something else holds on to stands for whatever may be wrong with one.
    @Test func `a poisoned key stops no other, is said, and goes once it is repaired`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.remember(9)
            try await database.execute(
                """
                CREATE TABLE poison (tenant_id bigint, principal_id uuid, key text,
                    FOREIGN KEY (tenant_id, principal_id, key) REFERENCES idempotency_keys);
                INSERT INTO poison SELECT tenant_id, principal_id, key FROM idempotency_keys
                    WHERE tenant_id = 1 AND key = 'old 4'
                """)
            market.clock.advance(days: 31)
            let counts = try await market.retention(batch: 4).run()
            #expect(counts.keys == 17 && counts.failed == 1 && counts.problems.count == 1)
            #expect(try await market.forget().failed == 1)
            try await database.execute("DROP TABLE poison")
            let last = try await market.forget()
            #expect(last.keys == 1 && last.failed == 0)
        }
    }
}

extension RetentionTests {
    private static let long = OldAttempt.keptMilliseconds

    @Test func `attempts are kept for four hundred days after the last, by the tenant's clock`() async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.attempt(3)
            market.clock.advance(milliseconds: Self.long)
            #expect(try await market.forget().attempts == 0)
            try await market.attempt(1, at: market.now)
            try await market.moveClock(ofBrioTo: 1)
            #expect(
                try await market.forget().named.line == "attempts 2", "its own clock, and one was tried again"
            )
            market.clock.advance(milliseconds: 1)
            #expect(try await market.forget(of: market.brio).attempts == 0)
            #expect(try await market.forget().attempts == 2)
            market.clock.advance(days: 7)
            #expect(try await market.forget().attempts == 0)
            market.clock.advance(milliseconds: Self.long)
            #expect(try await market.forget().attempts == 2, "late by a week")
            for shop in [market.alba, market.brio] {
                #expect(try await market.count("renewal_attempts", of: shop) == 0)
            }
        }
    }

    @Test(arguments: RetentionStep.allCases, [1, 3])
    func `a run killed between any two steps, and the run again: all attempts are forgotten`(
        step: RetentionStep, nth: Int
    ) async throws {
        struct Killed: Error {}
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.attempt(5)
            market.clock.advance(milliseconds: Self.long + 1)
            let reached = Noted(0)
            let doomed = market.retention(batch: 2) { passed in
                guard passed == step else { return }
                reached.note { $0 += 1 }
                if reached.current >= nth { throw Killed() }
            }
            await #expect(throws: Killed.self) { try await doomed.run() }
            let left =
                try await market.count("renewal_attempts", of: market.alba)
                + market.count("renewal_attempts", of: market.brio)
            #expect(left > 0)
            #expect(try await market.forget().attempts == left)
        }
    }

    @Test func `eight runs at once forget each attempt once, and a poisoned one stops no other`() async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.attempt(30)
            try await database.execute(
                """
                CREATE TABLE poison (tenant_id bigint, subscription_id uuid, period_index integer,
                    FOREIGN KEY (tenant_id, subscription_id, period_index) REFERENCES renewal_attempts);
                INSERT INTO poison SELECT tenant_id, subscription_id, period_index FROM renewal_attempts
                    WHERE tenant_id = 1 AND period_index = 4
                """)
            market.clock.advance(milliseconds: Self.long + 1)
            let attempts = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    let retention = market.retention(batch: 3 + number)
                    group.addTask {
                        let counts = try await retention.run()
                        #expect(counts.failed == 1 && counts.problems.count == 1)
                        return counts.attempts
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(attempts == 59)
            try await database.execute("DROP TABLE poison")
            #expect(try await market.forget().attempts == 1)
        }
    }
}

extension Market {
    func retention(
        batch: Int = 1_000, onStep: @escaping @Sendable (RetentionStep) throws -> Void = { _ in }
    ) -> Retention {
        Retention(
            pool: database.pool(.job, threads: 1), dropRequests: { 0 }, clock: clock, batch: batch,
            logger: .quiet, onStep: onStep)
    }

    func forget(of shop: Shop? = nil) async throws -> RetentionCounts {
        try await retention().run(of: shop?.tenant)
    }

    /// Attempts at the first periods of a subscription of each shop, one at each.
    func attempt(_ count: Int, at instant: Instant = ManualClock.start) async throws {
        for shop in [alba, brio] {
            try await database.owner.run { connection in
                _ = try connection.query(
                    """
                    INSERT INTO renewal_attempts
                        (tenant_id, subscription_id, period_index, attempts, reason, first_at, last_at)
                    SELECT \(shop.tenant), \(shop.ann.bits), number, 1, 'insufficient_balance', \(instant), \(instant)
                    FROM generate_series(1, \(count)) AS number
                    ON CONFLICT ON CONSTRAINT renewal_attempts_pkey DO UPDATE
                    SET attempts = renewal_attempts.attempts + 1, last_at = excluded.last_at
                    """)
            }
        }
    }

    /// Keys of now, in one shop or in both, that the test will see forgotten: nobody has bought with them.
    func remember(_ count: Int, as name: String = "old", of only: Shop? = nil) async throws {
        let start = ManualClock.start
        for shop in only.map({ [$0] }) ?? [alba, brio] {
            try await database.owner.run { connection in
                _ = try connection.query(
                    """
                    INSERT INTO idempotency_keys
                        (tenant_id, principal_id, key, fingerprint, command_id, status, answer, recorded_at)
                    SELECT \(shop.tenant), \(shop.annKey), \(name) || ' ' || number, sha256('x'),
                        \(shop.annKey.bits), 200, 'x', \(start)
                    FROM generate_series(1, \(count)) AS number
                    """)
            }
        }
    }
}
