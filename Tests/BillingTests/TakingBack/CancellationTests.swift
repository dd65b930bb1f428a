import Billing
import Catalog
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Cancellations", .database)
struct CancellationTests {
    /// `nl` is 12.00 for 30 days.
    @Test(
        arguments: [
            (0, 12_00), (1, 11_99), (10 * Market.day, 8_00), (15 * Market.day, 6_00),
            (30 * Market.day - 1, 0),
        ] as [(Int64, Int64)])
    func `at once: what was not served is given back, rounded down, and the port returns`(
        elapsed: Int64, refund: Int64
    ) async throws {
        try await withMarket { market, shop, engine in
            let bought = try #require(try await engine.submit(market.purchase(shop)).bought)
            let id = bought.subscriptions[0].id
            market.clock.advance(milliseconds: elapsed)
            let results = await market.inTurn(
                [
                    market.cancellation(shop, of: id), market.cancellation(shop, of: id),
                    market.renewal(shop, of: id), market.cancellation(shop, of: id, way: .atEnd),
                ], on: engine)
            let receipt = try #require(results[0].cancelled)
            #expect(receipt.refund == shop.money(refund) && receipt.activeUntil == market.now)
            #expect(receipt.refunds.map(\.order) == (refund > 0 ? [bought.order] : []))
            #expect(receipt.balance == shop.money(100_00 - 12_00 + refund))
            #expect(
                results.dropFirst().map(\.refusal) == [
                    .subscriptionEnded, .subscriptionNotRenewable, .subscriptionEnded,
                ])
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 12_00 + refund)
            let days = Double(elapsed) / Double(Market.day)
            #expect(try await market.terms(of: id, in: shop) == [.init(0, 30, cut: days)])
            #expect(try await market.slots("draining", of: shop) == 1)
            #expect(try await market.events("subscription.cancelled", in: shop) == 1)
            #expect(try await market.events("subscription.ended", in: shop) == 1)
            #expect(try await market.events("order.refunded", in: shop) == (refund > 0 ? 1 : 0))
            #expect(try await market.count("journal_entries", of: market.brio) == 1)
        }
    }

    @Test func `what several orders have paid for goes back order by order, each by a reversal of its own`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let bought = try #require(
                try await engine.submit(market.purchase(shop, plan: shop.resoldPlan, repeatCount: 2)).bought)
            let id = bought.subscriptions[0].id
            let week = try #require(
                try await engine.submit(market.renewal(shop, of: id, plan: shop.weekPlan, repeatCount: 3))
                    .renewed)
            market.clock.advance(days: 10)
            let receipt = try #require(try await engine.submit(market.cancellation(shop, of: id)).cancelled)
            // Two thirds of the first period and all of the second, of 20.00; and all of 12.00.
            #expect(receipt.refunds.map(\.order) == [bought.order, week.order])
            #expect(receipt.refunds.map(\.amount.minor) == [6_66 + 10_00, 12_00])
            #expect(receipt.refund == shop.money(28_66))
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 32_00 + 28_66)
            // Wholesale was 14.00: in the proportion of 16.66 to 20.00, rounded down.
            #expect(try await market.ledgerBalance("float", in: shop) == 50_00 - 14_00 + 11_66)
            #expect(
                try await market.terms(of: id, in: shop) == [
                    .init(0, 30, cut: 10), .init(30, 60, cut: 30), .init(60, 67, cut: 60),
                    .init(67, 74, cut: 67), .init(74, 81, cut: 74),
                ])
            #expect(try await market.events("order.refunded", in: shop) == 2)
            let rest = await market.inTurn(
                [market.refund(week.order, of: shop), market.refund(bought.order, of: shop, minor: 3_35)],
                on: engine)
            #expect(
                rest.map(\.refusal) == [
                    .refundExceedsPayment(refundable: shop.money(0)),
                    .refundExceedsPayment(refundable: shop.money(3_34)),
                ])
        }
    }

    @Test func `with its paid time: nothing goes back, nobody renews it by itself, and it can be undone`()
        async throws
    {
        try await withMarket { market, shop, engine in
            try await market.letPlansRenew()
            let issued = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0]
            let receipt = try #require(
                try await engine.submit(market.cancellation(shop, of: issued.id, way: .atEnd)).cancelled)
            #expect(receipt.refund.isZero && receipt.refunds.isEmpty)
            #expect(receipt.activeUntil == issued.period.end)
            var standing = try await market.standing(of: issued.id, in: shop)
            #expect(standing.renewsAt == nil && standing.endedAt == nil)
            market.clock.set(issued.period.end)
            #expect(try await market.renew().due == 0)
            market.clock.advance(milliseconds: -1)
            _ = try await market.operatorWork.change(issued.id, of: "alba", .on)
            #expect(try await market.renew().renewed == 1)
            standing = try await market.standing(of: issued.id, in: shop)
            #expect(standing.nextPeriod == 2 && standing.renewsAt != nil)
            #expect(try await market.events("subscription.cancelled", in: shop) == 1)
        }
    }

    @Test func `what could not be delivered is given back whole, of this subscription alone`() async throws {
        try await withMarket { market, shop, engine in
            try await market.coupon("SOME", percent: 10_01, renewals: 2, in: shop)
            // 36.00 less 3.60: 32.40, of which each has 10.80.
            let bought = try #require(
                try await engine.submit(market.purchase(shop, quantity: 3, coupon: "SOME")).bought)
            let ids = bought.subscriptions.map(\.id)
            market.clock.advance(days: 7)
            var given: [Int64] = []
            for id in ids {
                #expect(try await market.redemptions(in: shop) == ["committed"])
                let receipt = try #require(
                    try await engine.submit(market.cancellation(shop, of: id, way: .undeliverable)).cancelled)
                given.append(receipt.refund.minor)
            }
            #expect(given == [10_80, 10_80, 10_80])
            #expect(try await market.redemptions(in: shop) == ["undeliverable"])
            #expect(
                try await market.promiseEnds(in: shop) == [
                    "subscription_ended", "subscription_ended", "order_refunded",
                ])
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00)
            #expect(try await market.slots("draining", of: shop) == 3)
        }
    }

    @Test func `undeliverable gives back what a renewal paid too, and what was served; even after the end`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let id = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0].id
            _ = try await engine.submit(market.renewal(shop, of: id, plan: shop.weekPlan))
            market.clock.advance(days: 37)
            let results = await market.inTurn(
                [
                    market.cancellation(shop, of: id),
                    market.cancellation(shop, of: id, way: .undeliverable),
                    market.cancellation(shop, of: id, way: .undeliverable),
                ], on: engine)
            #expect(results.map(\.refusal) == [.subscriptionEnded, nil, .subscriptionEnded])
            #expect(results[1].cancelled?.refund == shop.money(16_00))
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00)
        }
    }

    @Test func `a trial ends with nothing, and stays used`() async throws {
        try await withMarket { market, shop, engine in
            let trial = market.submission(
                .trial(Trial(customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl])), by: shop)
            let id = try #require(try await engine.submit(trial).bought).subscriptions[0].id
            market.clock.advance(milliseconds: 1)
            let receipt = try #require(try await engine.submit(market.cancellation(shop, of: id)).cancelled)
            #expect(receipt.refund.isZero && receipt.refunds.isEmpty)
            let again = market.submission(
                .trial(Trial(customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl])), by: shop)
            #expect(await market.inTurn([again], on: engine)[0].refusal == .trialUsed)
        }
    }

    @Test func `what was given back before is not given back again`() async throws {
        try await withMarket { market, shop, engine in
            let bought = try #require(try await engine.submit(market.purchase(shop)).bought)
            _ = try await engine.submit(market.refund(bought.order, of: shop, minor: 7_00))
            market.clock.advance(days: 15)
            let receipt = try #require(
                try await engine.submit(market.cancellation(shop, of: bought.subscriptions[0].id)).cancelled)
            #expect(receipt.refund == shop.money(5_00))
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00)
        }
    }

    @Test func `the tenant may keep the money; what is shown must be what is given`() async throws {
        try await withMarket { market, shop, engine in
            let bought = try #require(try await engine.submit(market.purchase(shop, quantity: 2)).bought)
            let ids = bought.subscriptions.map(\.id)
            market.clock.advance(days: 15)
            let results = await market.inTurn(
                [
                    market.cancellation(shop, of: ids[0], keepsMoney: true, expecting: 6_00),
                    market.cancellation(shop, of: ids[0], keepsMoney: true, expecting: 0),
                    market.cancellation(shop, of: ids[1], expecting: 6_01),
                    market.cancellation(shop, of: ids[1], expecting: 6_00),
                ], on: engine)
            #expect(
                results.map(\.refusal) == [
                    .refundChanged(shop.money(0)), nil, .refundChanged(shop.money(6_00)), nil,
                ])
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 24_00 + 6_00)
        }
    }

    @Test func `nobody ends what another customer, tenant or dialect has sold; an operator ends any`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let id = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0].id
            let mine = Cancellation(customer: shop.ann, subscription: id, way: .now)
            let elsewhere = Submission(
                id: market.ids.next(at: market.now), tenant: shop.tenant, principal: shop.annKey,
                dialect: DialectName(rawValue: "gate"), command: .cancellation(mine))
            let results = await market.inTurn(
                [
                    market.cancellation(shop, of: id, by: shop.ben),
                    market.cancellation(market.brio, of: id),
                    elsewhere, market.unasked(.cancellation(mine), of: shop),
                ], on: engine)
            #expect(
                results.map(\.refusal) == [
                    .subscriptionUnknown, .subscriptionUnknown, .subscriptionUnknown, nil,
                ])
        }
    }

    @Test func `an order wholly given back frees its coupon, one that has served does not`() async throws {
        try await withMarket { market, shop, engine in
            try await market.coupon("HALF", percent: 50_00, in: shop)
            try await market.coupon("FREE", percent: 100_00, in: shop)
            var ids: [SubscriptionID] = []
            for coupon in ["HALF", "FREE", "HALF", "FREE"] {
                let bought = try await engine.submit(market.purchase(shop, coupon: coupon)).bought
                ids.append(try #require(bought).subscriptions[0].id)
            }
            for id in ids.prefix(2) { _ = try await engine.submit(market.cancellation(shop, of: id)) }
            market.clock.advance(milliseconds: 1)
            for id in ids.suffix(2) { _ = try await engine.submit(market.cancellation(shop, of: id)) }
            #expect(
                try await market.redemptions(in: shop) == ["refunded", "cancelled", "committed", "committed"])
            // A free order of two subscriptions is given back as an order, not one by one.
            let pair = try #require(
                try await engine.submit(market.purchase(shop, quantity: 2, coupon: "FREE")).bought)
            _ = try await engine.submit(
                market.cancellation(shop, of: pair.subscriptions[0].id, way: .undeliverable))
            #expect(try await market.redemptions(in: shop).last == "committed")
            _ = try await engine.submit(market.refund(pair.order, of: shop))
            #expect(try await market.redemptions(in: shop).last == "cancelled")
        }
    }

    @Test func `renewed and cancelled in one group: the renewal goes back whole, with its promised discount`()
        async throws
    {
        try await withMarket { market, shop, engine in
            try await market.coupon("AGAIN", percent: 25_00, renewals: 3, in: shop)
            let bought = try #require(try await engine.submit(market.purchase(shop, coupon: "AGAIN")).bought)
            let id = bought.subscriptions[0].id
            market.clock.advance(days: 10)
            let results = try await market.group([
                market.renewal(shop, of: id), market.cancellation(shop, of: id),
                market.renewal(shop, of: id),
            ])
            guard case .success(.done(.renewed(let renewed))) = results[0],
                case .success(.done(.cancelled(let cancelled))) = results[1]
            else { throw Surprise("\(results)") }
            #expect(renewed.promise == .kept)
            #expect(cancelled.refunds.map(\.order) == [bought.order, renewed.order])
            #expect(cancelled.refund == shop.money(6_00 + 9_00))
            guard case .failure(.subscriptionNotRenewable) = results[2] else { throw Surprise("\(results)") }
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 3_00)
            #expect(try await market.redemptions(in: shop) == ["committed", "refunded"])
            #expect(try await market.promiseEnds(in: shop) == ["subscription_ended"])
        }
    }

    @Test func `asked again under its key, a cancellation gives the same answer and nothing more`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let id = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0].id
            let results = await market.inTurn(
                [
                    market.cancellation(shop, of: id, key: "c"), market.cancellation(shop, of: id, key: "c"),
                    market.cancellation(shop, of: id, way: .atEnd, key: "c", fingerprint: 2),
                ], on: engine)
            #expect(results[0].isCarriedOut)
            guard case .success(.replayed) = results[1] else { throw Surprise("it was not remembered") }
            #expect(results[2].refusal == .idempotencyKeyReused)
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00)
        }
    }

    /// Both shops have a hundred on Ann's wallet, and Alba fifty on its float.
    private func withMarket(_ body: (Market, Shop, Engine) async throws -> Void) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                }
                let float = FloatTopUp(amount: market.alba.money(50_00), reference: "float")
                _ = try await engine.submit(market.submission(.floatTopUp(float), by: market.alba))
                try await body(market, market.alba, engine)
            }
        }
    }
}
