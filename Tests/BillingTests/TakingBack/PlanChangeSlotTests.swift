import Billing
import Primitives
import TestSupport
import Testing

@testable import Server

/// Changes of plan that need other ports, and what becomes of them within one group.
@Suite("Changes of plan and ports", .database)
struct PlanChangeSlotTests {
    @Test func `on another network it is lent a new port, and the old one returns in the same transaction`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let issued = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0]
            market.clock.advance(days: 15)
            let receipt = try #require(
                try await engine.submit(market.planChange(shop, of: issued.id, to: shop.dePlan)).changed)
            #expect(receipt.net == shop.money(8_00))
            #expect(receipt.units.map(\.network) == [shop.de])
            #expect(receipt.units[0].slot != issued.units[0].slot)
            #expect(try await market.slots("draining", of: shop) == 1)
            #expect(try await market.slots("assigned", of: shop) == 1)
            // And back again: numbers of loans are never used twice.
            market.clock.advance(days: 1)
            let back = try #require(
                try await engine.submit(market.planChange(shop, of: issued.id, to: shop.nlPlan)).changed)
            #expect(back.units.map(\.network) == [shop.nl])
            #expect(try await market.sequences(of: issued.id, in: shop) == [1, 2, 3])
            _ = try await engine.submit(market.renewal(shop, of: issued.id))
        }
    }

    /// Paymenter/Paymenter#932: an upgrade ignored the stock.
    @Test
    func `lesson 14: a change to a network that is sold out is refused, and the old service is untouched`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 1)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                try await market.topUp(shop.ben, 100_00, in: shop, with: engine)
                let mine = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[
                    0]
                _ = try await engine.submit(
                    market.purchase(shop, plan: shop.dePlan, network: shop.de, by: shop.ben))
                let result = await market.inTurn(
                    [market.planChange(shop, of: mine.id, to: shop.dePlan)], on: engine)[0]
                #expect(result.refusal == .soldOut)
                #expect(try await market.balance(of: shop.ann, in: shop) == 88_00)
                #expect(try await market.terms(of: mine.id, in: shop) == [.init(0, 30)])
                #expect(try await market.slots("assigned", of: shop) == 2)
                #expect(try await market.count("orders", of: shop) == 2)
                // What is refused takes nothing from those who come after it in the same group.
                let group = try await market.group([
                    market.planChange(shop, of: mine.id, to: shop.dePlan, expecting: 1),
                    market.cancellation(shop, of: mine.id),
                ])
                guard case .success(.done(.cancelled)) = group[1] else { throw Surprise("\(group)") }
            }
        }
    }

    @Test func `from one port to three and back, all or none, under one login`() async throws {
        try await withMarket { market, shop, engine in
            let trio = try await Trio.open(market, in: shop, slots: [3, 3, 2])
            let id = try #require(try await engine.submit(market.single(1, of: trio)).bought).subscriptions[0]
                .id
            let three = try #require(
                try await engine.submit(market.planChange(shop, of: id, to: trio.plan)).changed)
            #expect(three.units.map(\.network) == trio.networks)
            #expect(Set(three.units.map(\.username)).count == 1)
            #expect(try await market.sequences(of: id, in: shop) == [1, 2, 3, 4])
            let one = try #require(
                try await engine.submit(market.planChange(shop, of: id, to: trio.singlePlans[0])).changed)
            #expect(one.units.map(\.network) == [trio.networks[0]])
            // On the second network the last port is taken: none of three is taken away.
            _ = try await engine.submit(market.single(1, of: trio))
            let refused = await market.inTurn([market.planChange(shop, of: id, to: trio.plan)], on: engine)[0]
            #expect(refused.refusal == .soldOut)
            #expect(try await market.slots("ready", of: trio) == [1, 0, 1])
        }
    }

    @Test func `changed, renewed, changed and cancelled in one group: as one after the other`() async throws {
        try await withMarket { market, shop, engine in
            var bought: [SubscriptionID] = []
            for _ in 0..<4 {
                let receipt = try await engine.submit(market.purchase(shop, plan: shop.weekPlan)).bought
                bought.append(try #require(receipt).subscriptions[0].id)
            }
            let balance = try await market.balance(of: shop.ann, in: shop)
            let results = try await market.group([
                // There and renewed; there and back; there and ended; there, renewed and ended.
                market.planChange(shop, of: bought[0], to: shop.dePlan),
                market.renewal(shop, of: bought[0], plan: shop.dePlan),
                market.planChange(shop, of: bought[1], to: shop.dePlan),
                market.planChange(shop, of: bought[1], to: shop.nlPlan),
                market.planChange(shop, of: bought[2], to: shop.dePlan),
                market.cancellation(shop, of: bought[2]),
                market.planChange(shop, of: bought[3], to: shop.nlPlan),
                market.renewal(shop, of: bought[3]),
                market.cancellation(shop, of: bought[3]),
            ])
            for result in results { _ = try result.get() }
            #expect(
                try await market.balance(of: shop.ann, in: shop)
                    == balance + 4 * 4_00 - 14_00 - 14_00 - 12_00)
            #expect(try await market.sequences(of: bought[1], in: shop).count == 2)
            // What was lent and given up within the group was never lent.
            #expect(try await market.sequences(of: bought[2], in: shop) == [1])
            #expect(try await market.slots("assigned", of: shop) == 2)
        }
    }

    private func withMarket(_ body: (Market, Shop, Engine) async throws -> Void) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.withEngine { engine in
                try await market.topUp(market.alba.ann, 200_00, in: market.alba, with: engine)
                try await body(market, market.alba, engine)
            }
        }
    }
}
