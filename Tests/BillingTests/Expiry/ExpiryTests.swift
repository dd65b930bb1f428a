import Billing
import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

@Suite("The end of what nobody paid any further", .database)
struct ExpiryTests {
    @Test func `end, event and returned slots come together when the grace is over, once`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let (alba, brio) = (market.alba, market.brio)
            let bought = try await market.bought(in: alba, leaving: 12_00, quantity: 3)
            _ = try await market.bought(in: brio, leaving: 0, quantity: 2)
            let kept = bought[1].id
            market.pass(bought[0].period.end, by: -1)
            #expect(try await market.expire().numbers == [0, 0, 0, 0, 0], "a grace is whole")
            try await market.withEngine { engine in
                _ = try await engine.submit(market.renewal(alba, of: kept))
                market.clock.advance(milliseconds: 1)

                #expect(try await market.expire().numbers == [4, 4, 4, 0, 0])
                for shop in [alba, brio] {
                    let ended = try await market.ended(in: shop)
                    #expect(ended.count == 2 && ended.values.allSatisfy { $0 == market.now })
                    #expect(ended[kept] == nil)
                    #expect(try await market.events("subscription.ended", in: shop) == 2)
                    #expect(try await market.slots("draining", of: shop) == 2)
                }
                #expect(try await market.slots("assigned", of: alba) == 1)
                market.clock.advance(milliseconds: 1)
                #expect(try await market.expire().numbers == [0, 0, 0, 0, 0])
                #expect(try await market.ended(in: brio).values.allSatisfy { $0 < market.now })

                try await market.topUp(alba.ann, 12_00, in: alba, with: engine)
                let late = await market.race([market.renewal(alba, of: bought[0].id)], on: engine)[0]
                #expect(late.refusal == .subscriptionNotRenewable)
            }
            #expect(try await market.balance(of: alba.ann, in: alba) == 12_00)
        }
    }

    @Test func `late by a week is the same as in time`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let bought = try await market.bought(in: market.alba, plan: market.alba.weekPlan, leaving: 0)
            _ = try await market.bought(in: market.brio, plan: market.brio.weekPlan, leaving: 0)
            market.pass(bought[0].period.end, by: 7 * 86_400_000)
            #expect(try await market.expire().numbers == [2, 2, 2, 0, 0])
            #expect(try await market.ended(in: market.alba) == [bought[0].id: market.now])
            #expect(try await market.events("subscription.ended", in: market.alba) == 1)
        }
    }

    @Test(arguments: [true, false])
    func `what renews itself ends once, whichever job comes first`(renewalsFirst: Bool) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.letPlansRenew()
            let end = try await market.bought(in: market.alba, leaving: 0, quantity: 2)[0].period.end
            _ = try await market.bought(in: market.brio, leaving: 0)
            market.pass(end)
            if renewalsFirst {
                #expect(try await market.renew().ended == 3)
                #expect(try await market.expire().numbers == [3, 0, 3, 0, 0])
            } else {
                #expect(try await market.expire().numbers == [3, 3, 3, 0, 0])
                #expect(try await market.renew().due == 0)
            }
            #expect(try await market.events("subscription.ended", in: market.alba) == 2)
            #expect(try await market.events("subscription.ended", in: market.brio) == 1)
            #expect(try await market.ended(in: market.alba).count == 2)
        }
    }

    @Test func `a parked one is served to the end of its grace, and then is on nobody's list`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let issued = try await market.bought(in: shop, leaving: 0)[0]
            _ = try await market.bought(in: market.brio, leaving: 0)
            try await database.execute(
                "UPDATE subscriptions SET parked_at = started_at, parked_reason = 'fault' WHERE tenant_id = 1"
            )
            market.pass(issued.period.end, by: -1)
            #expect(try await market.expire().due == 0)
            #expect(try await market.operatorWork.parked(of: "alba").map(\.id) == [issued.id])
            market.clock.advance(milliseconds: 1)
            #expect(try await market.expire().ended == 2)
            #expect(try await market.operatorWork.parked(of: "alba").isEmpty)
        }
    }

    @Test func `a run is for one tenant where it says so, and for those that are switched off too`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let end = try await market.bought(in: market.alba, leaving: 0)[0].period.end
            _ = try await market.bought(in: market.brio, leaving: 0)
            try await database.execute("UPDATE tenants SET active = false")
            market.pass(end)
            #expect(try await market.expire(of: market.brio).numbers == [1, 1, 1, 0, 0])
            #expect(try await market.ended(in: market.alba).isEmpty)
            #expect(try await market.expire().numbers == [1, 1, 1, 0, 0])
        }
    }

    @Test func `a sandbox ends what its own clock says is over`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let end = try await market.bought(in: market.alba, leaving: 0)[0].period.end
            let issued = try await market.bought(in: market.brio, leaving: 0)[0]
            try await market.moveClock(ofBrioTo: Market.month + Market.grace)
            #expect(try await market.expire().numbers == [1, 1, 1, 0, 0])
            #expect(
                try await market.ended(in: market.brio)
                    == [issued.id: Instant(milliseconds: end.milliseconds + Market.grace)])
            #expect(try await market.ended(in: market.alba).isEmpty)
        }
    }

    @Test func `the job takes the time that it is given, and says what it did`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let end = try await market.bought(in: market.alba, leaving: 0)[0].period.end
            _ = try await market.bought(in: market.brio, leaving: 0)
            let job = ExpiryJob(pool: database.pool(.worker, threads: 1), ids: market.ids, logger: .quiet)
            let progress = JobProgress()
            let over = Instant(milliseconds: end.milliseconds + Market.grace)
            let alba = JobTenant(id: market.alba.tenant, slug: "alba")
            try await job.run(JobOrder(tenant: alba, clock: StoppedClock(instant: over)), progress)
            #expect(progress.counts.line == "due 1, ended 1, slots 1")
            #expect(try await market.ended(in: market.alba).values.first == over)
            // The invariants take the latest that a tenant's rows know for its time.
            market.clock.set(over)
        }
    }

    /// Everything ends at one moment: only the cursor's second half tells one from the next.
    @Test(arguments: [1, 2, 7])
    func `any size of batch finds each once, with all of its slots`(batch: Int) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let trio = try await Trio.open(market, in: market.alba, slots: [4, 4, 4])
            let end = try await market.bought(in: market.alba, leaving: 3 * Trio.price, quantity: 5)[0].period
                .end
            try await market.withEngine {
                _ = try await $0.submit(market.purchase(trio, quantity: 3))
            }
            _ = try await market.bought(in: market.brio, leaving: 0, quantity: 2)
            market.pass(end)
            #expect(try await market.expire(batch: batch).ended == 10)
            #expect(try await market.slots("draining", of: trio) == [3, 3, 3])
            #expect(try await market.slots("assigned", of: market.alba) == 0)
            #expect(try await market.events("subscription.ended", in: market.alba) == 8)
        }
    }

    /// One cannot be ended and the slot of another cannot drain: each stands for whatever may be wrong with a row.
    @Test func `poisoned rows stop nobody, are said, and end once they are repaired`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let bought = try await market.bought(in: market.alba, leaving: 0, quantity: 11)
            _ = try await market.bought(in: market.brio, leaving: 0, quantity: 2)
            let bad = bought[4].id
            try await database.execute(
                """
                ALTER TABLE subscriptions ADD CONSTRAINT poison CHECK (id <> '\(bad)' OR ended_at IS NULL);
                ALTER TABLE slots ADD CONSTRAINT poison CHECK (tenant_id = 2 OR port <> 12009 OR state = 'assigned') NOT VALID
                """)
            market.pass(bought[0].period.end)
            let counts = try await market.expire(batch: 8)
            #expect(counts.numbers == [13, 11, 11, 0, 2])
            #expect(counts.problems.count == 2 && counts.problems.contains { $0.contains("\(bad)") })
            #expect(try await market.slots("assigned", of: market.alba) == 2, "all or nothing")
            #expect(try await market.events("subscription.ended", in: market.alba) == 9)
            #expect(try await market.expire().numbers == [2, 0, 0, 0, 2])

            try await database.execute(
                "ALTER TABLE subscriptions DROP CONSTRAINT poison; ALTER TABLE slots DROP CONSTRAINT poison")
            #expect(try await market.expire().numbers == [2, 2, 2, 0, 0])
            #expect(try await market.events("subscription.ended", in: market.alba) == 11)
        }
    }
}
