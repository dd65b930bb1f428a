import Billing
import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Automatic renewals", .database)
struct AutomaticRenewalTests {
    private let month = Market.month
    private let hour = Market.hour

    @Test func `what is due is renewed from its end, once, in every tenant`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.letPlansRenew()
            var ids: [SubscriptionID] = []
            for shop in [market.alba, market.brio] {
                ids.append(try await market.bought(in: shop, leaving: 20_00)[0].id)
            }
            let end = try await market.standing(of: ids[0], in: market.alba).activeUntil
            market.clock.advance(milliseconds: month - hour - 1)
            #expect(try await market.renew().due == 0)

            market.clock.advance(milliseconds: 1)
            let counts = try await market.renew()
            #expect((counts.due, counts.renewed) == (2, 2))
            for (id, shop) in zip(ids, [market.alba, market.brio]) {
                let standing = try await market.standing(of: id, in: shop)
                #expect(standing.activeUntil.milliseconds == end.milliseconds + month)
                #expect(standing.renewsAt?.milliseconds == end.milliseconds + month - hour)
                #expect(standing.nextPeriod == 2)
                #expect(try await market.balance(of: shop.ann, in: shop) == 8_00)
            }
            #expect(try await market.renew().due == 0)
        }
    }

    /// Brio is Alba's sandbox here, and its clock was moved to an hour before the end.
    @Test func `a sandbox renews by its own clock, and the live tenant by the real one`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.letPlansRenew()
            let live = try await market.bought(in: market.alba, leaving: 20_00)[0]
            let tried = try await market.bought(in: market.brio, leaving: 20_00)[0]
            try await market.moveClock(ofBrioTo: month - hour)

            let counts = try await market.renew()
            #expect((counts.due, counts.renewed) == (1, 1))
            let standing = try await market.standing(of: tried.id, in: market.brio)
            #expect(standing.activeUntil.milliseconds == tried.period.end.milliseconds + month)
            #expect(
                try await market.standing(of: live.id, in: market.alba).activeUntil == live.period.end)
            #expect(try await market.renew().due == 0)

            // Past its grace by the sandbox's clock it ends, and nothing is charged.
            try await market.moveClock(ofBrioTo: 12 * month)
            #expect(try await market.renew().ended == 1)
            #expect(try await market.balance(of: market.brio.ann, in: market.brio) == 8_00)
            #expect(try await market.balance(of: market.alba.ann, in: market.alba) == 20_00)
        }
    }

    @Test func `a trial, and a plan that does not say so, are renewed by nobody`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let plain = try await market.bought(in: shop, leaving: 50_00)[0]
            try await market.letPlansRenew()
            try await market.withEngine { engine in
                let trial = try await engine.submit(
                    market.submission(
                        .trial(Trial(customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl])), by: shop))
                let issued = try #require(trial.bought).subscriptions[0]
                #expect(try await market.standing(of: issued.id, in: shop).renewsAt == nil)
                // A renewal by hand does not begin it either.
                _ = try await engine.submit(market.renewal(shop, of: plain.id))
            }
            #expect(try await market.standing(of: plain.id, in: shop).renewsAt == nil)
            market.clock.advance(milliseconds: 2 * month)
            #expect(try await market.renew().due == 0)
        }
    }

    @Test func `a renewal by hand moves the automatic one along`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.letPlansRenew()
            let issued = try await market.bought(in: shop, leaving: 50_00)[0]
            try await market.withEngine {
                _ = try await $0.submit(market.renewal(shop, of: issued.id, plan: shop.weekPlan))
            }
            let standing = try await market.standing(of: issued.id, in: shop)
            #expect(standing.renewsAt?.milliseconds == standing.activeUntil.milliseconds - hour)
            market.clock.advance(milliseconds: month)
            #expect(try await market.renew().due == 0)
            // It goes on with the plan that it has now.
            market.clock.set(standing.activeUntil)
            #expect(try await market.renew().renewed == 1)
            #expect(try await market.balance(of: shop.ann, in: shop) == 50_00 - 4_00 - 4_00)
        }
    }

    @Test
    func `too little balance: told once, tried while the grace lasts, then over, and nothing below zero`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.letPlansRenew()
            let issued = try await market.bought(in: shop, leaving: 11_99)[0]
            let neighbour = try await market.bought(in: market.brio, leaving: 12_00)[0]
            var failed = 0
            // A run every quarter of an hour, from two hours before the end until a day after the grace.
            market.clock.advance(milliseconds: month - 2 * hour)
            for _ in 0..<(50 * 4) {
                failed += try await market.renew(of: shop).failed
                market.clock.advance(milliseconds: hour / 4)
            }
            // An hour before the end, at the end, and six hours after it.
            #expect(failed == 3)
            let attempts = try #require(try await market.attempts(at: 1, of: issued.id, in: shop))
            #expect(attempts == (count: 3, reason: "insufficient_balance"))
            #expect(try await market.events("renewal.failed", in: shop) == 1)
            #expect(try await market.events("subscription.ended", in: shop) == 1)
            let standing = try await market.standing(of: issued.id, in: shop)
            #expect(standing.endedAt?.milliseconds == issued.period.end.milliseconds + 24 * hour)
            #expect(standing.renewsAt == nil)
            #expect(try await market.balance(of: shop.ann, in: shop) == 11_99)
            #expect(try await market.count("terms", of: shop) == 1)
            #expect(try await market.events("renewal.failed", in: market.brio) == 0)
            #expect(try await market.standing(of: neighbour.id, in: market.brio).nextPeriod == 1)
        }
    }

    @Test func `a hundred runs on one day tell of a failure once`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.letPlansRenew()
            let issued = try await market.bought(in: shop, leaving: 0)[0]
            market.clock.set(issued.period.end)
            try await market.withEngine { engine in
                let renewals = market.renewals(engine)
                for _ in 0..<100 { _ = try await renewals.run() }
            }
            #expect(try await market.events("renewal.failed", in: shop) == 1)
            #expect(try await market.attempts(at: 1, of: issued.id, in: shop)?.count == 1)
        }
    }

    @Test func `money that comes within the grace renews at the next try`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.letPlansRenew()
            let issued = try await market.bought(in: shop, leaving: 0)[0]
            market.clock.advance(milliseconds: month - hour)
            #expect(try await market.renew().failed == 1)
            try await market.withEngine { try await market.topUp(shop.ann, 12_00, in: shop, with: $0) }
            market.clock.set(issued.period.end)
            #expect(try await market.renew().renewed == 1)
            let standing = try await market.standing(of: issued.id, in: shop)
            #expect(standing.activeUntil.milliseconds == issued.period.end.milliseconds + month)
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
        }
    }

    @Test func `a run that is late by a week charges no time that was not served`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.letPlansRenew()
            // Alba's grace is ten days, Brio's one.
            try await database.execute("UPDATE tenants SET grace_ms = 864000000 WHERE slug = 'alba'")
            let patient = try await market.bought(in: market.alba, leaving: 50_00)[0]
            let strict = try await market.bought(in: market.brio, leaving: 50_00)[0]
            market.clock.advance(milliseconds: month + 7 * 24 * hour)

            let counts = try await market.renew()
            #expect((counts.renewed, counts.ended) == (1, 1))
            let renewed = try await market.standing(of: patient.id, in: market.alba)
            #expect(renewed.activeUntil.milliseconds == market.now.milliseconds + month)
            #expect(try await market.balance(of: market.alba.ann, in: market.alba) == 38_00)
            let ended = try await market.standing(of: strict.id, in: market.brio)
            #expect(ended.endedAt == market.now)
            #expect(try await market.balance(of: market.brio.ann, in: market.brio) == 50_00)
            #expect(try await market.renew().due == 0)
        }
    }

    /// What is wrong, and what it is called.
    @Test(arguments: [
        ("UPDATE plans SET active = false WHERE tenant_id = 1", "plan_inactive"),
        ("UPDATE plans SET price_minor = NULL WHERE tenant_id = 1", "plan_not_priced"),
        ("UPDATE plans SET sells_in = '{}' WHERE tenant_id = 1", "plan_unknown"),
        ("UPDATE plans SET currency = 'EUR' WHERE tenant_id = 1", "plan_unknown"),
        ("UPDATE networks SET active = false WHERE tenant_id = 1", "network_inactive"),
        ("UPDATE customers SET active = false WHERE tenant_id = 1", "customer_inactive"),
        ("UPDATE plans SET wholesale_minor = 100 WHERE tenant_id = 1", "float_exhausted"),
    ])
    func `whatever stands against it is tried again by the same schedule, with its reason`(
        change: String, reason: String
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.letPlansRenew()
            let issued = try await market.bought(in: shop, leaving: 50_00)[0]
            let neighbour = try await market.bought(in: market.brio, leaving: 50_00)[0]
            try await database.execute(change)
            market.clock.set(issued.period.end)
            let counts = try await market.renew()
            #expect((counts.failed, counts.renewed) == (1, 1))
            #expect(try await market.attempts(at: 1, of: issued.id, in: shop)?.reason == reason)
            #expect(try await market.balance(of: shop.ann, in: shop) == 50_00)
            #expect(
                try await market.standing(of: issued.id, in: shop).renewsAt?.milliseconds
                    == market.now.milliseconds + 6 * hour)
            #expect(try await market.standing(of: neighbour.id, in: market.brio).nextPeriod == 2)
        }
    }

    @Test func `a run for one tenant leaves the others, and a tenant that is switched off is left by all`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.letPlansRenew()
            let mine = try await market.bought(in: market.alba, leaving: 50_00)[0]
            let theirs = try await market.bought(in: market.brio, leaving: 50_00)[0]
            market.clock.set(mine.period.end)
            #expect(try await market.renew(of: market.alba).renewed == 1)
            #expect(try await market.standing(of: theirs.id, in: market.brio).nextPeriod == 1)
            try await database.execute("UPDATE tenants SET active = false WHERE slug = 'brio'")
            #expect(try await market.renew().due == 0)
        }
    }

    @Test func `more than one batch: every one is renewed once, with batches of three`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.letPlansRenew()
            let issued = try await market.bought(in: shop, leaving: 20 * 12_00, quantity: 20)
            market.clock.set(issued[0].period.end)
            let told = Noted(0)
            let counts = try await market.withEngine { engine in
                try await market.renewals(engine, batch: 3).run { _ in told.note { $0 += 1 } }
            }
            #expect((counts.due, counts.renewed) == (20, 20))
            #expect(told.current == 7)
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
            #expect(try await market.count("terms", of: shop) == 40)
        }
    }

    @Test func `an operator switches it on and off`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let issued = try await market.bought(in: shop, leaving: 50_00)[0]
            let work = market.operatorWork
            let on = try await work.change(issued.id, of: "alba", .on)
            #expect(on.automatic.renewsAt?.milliseconds == issued.period.end.milliseconds - hour)
            await #expect(throws: OperatorWork.Refusal.subscriptionUnknown(issued.id)) {
                try await work.change(issued.id, of: "brio", .off)
            }
            await #expect(throws: OperatorWork.Refusal.subscriptionNotParked(issued.id)) {
                try await work.change(issued.id, of: "alba", .unpark)
            }
            _ = try await work.change(issued.id, of: "alba", .off)
            market.clock.set(issued.period.end)
            #expect(try await market.renew().due == 0)
            // Switched on again within the grace it is tried at once.
            _ = try await work.change(issued.id, of: "alba", .on)
            #expect(try await market.renew().renewed == 1)
        }
    }
}
