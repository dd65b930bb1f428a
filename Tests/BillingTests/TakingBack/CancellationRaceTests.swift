import Billing
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

@Suite("Cancellations, killed and raced", .database)
struct CancellationRaceTests {
    struct Killed: Error {}

    @Test(arguments: EngineStep.allCases, Cancellation.Way.allCases)
    func `an engine killed between any two steps ends a subscription whole or not at all`(
        step: EngineStep, way: Cancellation.Way
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let id = try await market.withEngine { engine in
                try await market.topUp(shop.ann, 24_00, in: shop, with: engine)
                let id = try await engine.submit(market.purchase(shop)).bought!.subscriptions[0].id
                _ = try await engine.submit(market.renewal(shop, of: id))
                return id
            }
            market.clock.advance(days: 15)
            let doomed = market.engine(seed: 3) { if $0 == step { throw Killed() } }
            let cut = await market.race([market.cancellation(shop, of: id, way: way, key: "c")], on: doomed)
            guard case .failure(.outcomeUnknown) = cut[0] else { throw Surprise("a killed engine answered") }
            await doomed.stop()
            let engine = market.engine(seed: 4)
            let again = await market.race(
                [market.cancellation(shop, of: id, way: way, key: "c")], on: engine)
            await engine.stop()
            if step == .committed {
                guard case .success(.replayed) = again[0] else { throw Surprise("\(again[0])") }
            } else {
                #expect(again[0].cancelled != nil)
            }
            let back: [Cancellation.Way: Int64] = [.now: 18_00, .atEnd: 0, .undeliverable: 24_00]
            #expect(try await market.balance(of: shop.ann, in: shop) == back[way])
            #expect(try await market.events("subscription.cancelled", in: shop) == 1)
            #expect(try await market.events("order.refunded", in: shop) == (way == .atEnd ? 0 : 2))
        }
    }

    @Test(arguments: EngineStep.allCases)
    func `an engine killed between any two steps changes a plan whole or not at all`(
        step: EngineStep
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let id = try await market.withEngine { engine in
                try await market.topUp(shop.ann, 20_00, in: shop, with: engine)
                return try await engine.submit(market.purchase(shop)).bought!.subscriptions[0].id
            }
            market.clock.advance(days: 15)
            let doomed = market.engine(seed: 3) { if $0 == step { throw Killed() } }
            let cut = await market.race(
                [market.planChange(shop, of: id, to: shop.dePlan, key: "c")], on: doomed)
            guard case .failure(.outcomeUnknown) = cut[0] else { throw Surprise("a killed engine answered") }
            await doomed.stop()
            let engine = market.engine(seed: 4)
            let again = await market.race(
                [market.planChange(shop, of: id, to: shop.dePlan, key: "c")], on: engine)
            await engine.stop()
            if step == .committed {
                guard case .success(.replayed) = again[0] else { throw Surprise("\(again[0])") }
            } else {
                #expect(again[0].changed != nil)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 20_00 - 12_00 + 6_00 - 14_00)
            #expect(try await market.count("orders", of: shop) == 2)
            #expect(try await market.sequences(of: id, in: shop) == [1, 2])
        }
    }

    /// Each sees what those before it have left: whoever changes last has the plan, and every credit was paid for.
    @Test func `thirty-two changes of one subscription at once, at two processes, with one that ends it`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let (one, other) = (market.engine(seed: 3), market.engine(seed: 4))
            try await market.topUp(shop.ann, 100_00, in: shop, with: one)
            let id = try #require(try await one.submit(market.purchase(shop)).bought).subscriptions[0].id
            market.clock.advance(days: 10)
            let plans = [shop.weekPlan, shop.nlPlan, shop.dePlan]
            let changes = (0..<32).map { market.planChange(shop, of: id, to: plans[$0 % 3]) }
            let cancel = market.cancellation(shop, of: id)
            async let left = market.race(Array(changes[..<16]), on: one)
            async let right = market.race(Array(changes[16...]) + [cancel], on: other)
            let results = await left + right
            await one.stop()
            await other.stop()
            #expect(results.compactMap(\.cancelled).count == 1)
            let allowed: [Refusal?] = [nil, .planNotEligible, .subscriptionEnded, .soldOut]
            #expect(
                results.allSatisfy { allowed.contains($0.refusal) && ($0.isCarriedOut || $0.refusal != nil) })
            // Ten of the first thirty days are paid for; all that came after it was of no length.
            #expect(try await market.balance(of: shop.ann, in: shop) == 96_00)
        }
    }

    @Test func `sixty-four cancellations of one subscription at once, at two processes: one refund`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let (one, other) = (market.engine(seed: 3), market.engine(seed: 4))
            try await market.topUp(shop.ann, 12_00, in: shop, with: one)
            let id = try #require(try await one.submit(market.purchase(shop)).bought).subscriptions[0].id
            market.clock.advance(days: 10)
            func asked(_ ways: [Cancellation.Way]) -> [Submission] {
                (0..<32).map { market.cancellation(shop, of: id, way: ways[$0 % ways.count]) }
            }
            async let left = market.race(asked([.now]), on: one)
            async let right = market.race(asked([.now, .atEnd]), on: other)
            let results = await left + right
            await one.stop()
            await other.stop()
            let refunds = results.compactMap(\.cancelled).filter { $0.way == .now }
            #expect(refunds.count == 1 && refunds[0].refund == shop.money(8_00))
            #expect(results.allSatisfy { $0.cancelled != nil || $0.refusal == .subscriptionEnded })
            #expect(try await market.balance(of: shop.ann, in: shop) == 8_00)
            #expect(try await market.count("allocations", of: shop) == 1)
        }
    }

    /// Money for one renewal. Whoever comes first: what is paid for is served, or given back.
    @Test
    func `cancelled while it is renewed, by hand and by itself, thirty times: no money is lost or made`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 40)
            let shop = market.alba
            try await market.letPlansRenew()
            let (byHand, byJob) = (market.engine(seed: 21), market.engine(seed: 22))
            for round in 0..<30 {
                let issued = try await market.bought(in: shop, leaving: 12_00)[0]
                market.clock.set(Instant(milliseconds: issued.period.end.milliseconds - Market.hour))
                let renewals = market.renewals(byJob)
                async let run = renewals.run()
                async let asked = market.race(
                    [market.renewal(shop, of: issued.id), market.cancellation(shop, of: issued.id)],
                    on: byHand)
                let (counts, results) = (try await run, await asked)
                let cancelled = try #require(results[1].cancelled, "round \(round)")
                let renewed = counts.renewed + (results[0].renewed == nil ? 0 : 1)
                #expect(renewed <= 1, "round \(round)")
                // An hour of thirty days is worth one minor unit; a renewal that had not begun goes back whole.
                #expect(cancelled.refund.minor == 1 + Int64(renewed) * 12_00, "round \(round)")
                #expect(try await market.balance(of: shop.ann, in: shop) == 12_01, "round \(round)")
                #expect(try await market.standing(of: issued.id, in: shop).renewsAt == nil)
                _ = try await byHand.submit(
                    market.submission(
                        .adjustment(
                            Adjustment(
                                customer: shop.ann, amount: shop.money(-12_01), memo: "next", actor: "test")),
                        by: shop))
            }
            await byHand.stop()
            await byJob.stop()
        }
    }

    @Test
    func `cancelled as undeliverable while its grace runs out: it ends once, and its port returns once`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 40)
            let shop = market.alba
            let engine = market.engine(seed: 21)
            var given: Int64 = 0
            for round in 0..<20 {
                let issued = try await market.bought(in: shop, leaving: 0)[0]
                market.pass(issued.period.end)
                let expiries = market.expiries()
                async let run = expiries.run()
                async let asked = market.race(
                    [market.cancellation(shop, of: issued.id, way: .undeliverable)], on: engine)
                let (counts, results) = (try await run, await asked)
                if let cancelled = results[0].cancelled {
                    given += cancelled.refund.minor
                    #expect(cancelled.refund == shop.money(12_00) && counts.ended == 0, "round \(round)")
                } else {
                    #expect(results[0].refusal == .subscriptionEnded && counts.ended == 1, "round \(round)")
                }
            }
            await engine.stop()
            #expect(try await market.balance(of: shop.ann, in: shop) == given)
            #expect(try await market.events("subscription.ended", in: shop) == 20)
            #expect(try await market.slots("draining", of: shop) == 20)
        }
    }
}
