import Billing
import Catalog
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Deferred revenue", .database)
struct DeferredRevenueTests {
    /// 30.00 for three calendar months from 31 January: 28, 31 and 30 days, so 0.36 of the first on its first day.
    @Test func `a three-month order is recognised over its term, month by month`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let plans = try await market.sell(months: 1)
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                _ = try await engine.submit(market.purchase(shop, plan: plans.alba, repeatCount: 3))
            }
            let schedule = try await market.export(.deferredRevenue, of: shop).records
            #expect(schedule.map { $0["month"] } == ["2026-01", "2026-02", "2026-03", "2026-04"])
            #expect(schedule.map { $0["billed"] } == ["30.00", "0.00", "0.00", "0.00"])
            #expect(schedule.map { $0["recognised"] } == ["0.36", "9.97", "10.01", "9.66"])
            #expect(schedule.map { $0["opening"] } == ["0.00", "29.64", "19.67", "9.66"])
            #expect(schedule.map { $0["closing"] } == ["29.64", "19.67", "9.66", "0.00"])
        }
    }

    @Test func `every month's columns add up, and billed less refunded is what the revenue account moved`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { try await market.trade(in: shop, with: $0) }
            try await market.move(shop, to: "Europe/Amsterdam")
            let exports = market.exports
            var (recognised, closing): (Int64, Int64) = (0, 0)
            let months = [
                "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08",
            ]
            for (from, to) in zip(months, months.dropFirst()) {
                let month = try await market.export(
                    .deferredRevenue, of: shop, from: from, to: to, with: exports)
                let opening = month.sum("opening") ?? 0
                let (billed, refunded) = (month.sum("billed") ?? 0, month.sum("refunded") ?? 0)
                #expect(opening == closing, "\(from) begins with what the month before ended with")
                closing = month.sum("closing") ?? 0
                #expect(opening + billed - refunded - (month.sum("recognised") ?? 0) == closing)
                recognised += month.sum("recognised") ?? 0
                let moved = try await market.export(
                    .wholesaleMargin, of: shop, from: from, to: to, with: exports)
                #expect(billed - refunded == moved.sum("retail") ?? 0, "\(from)")
            }
            #expect(closing == 0)
            #expect(recognised == (try await market.ledgerBalance("revenue", in: shop)) && recognised > 0)
        }
    }

    @Test func `what a cancellation keeps is recognised when it is cancelled`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let bought = try await engine.submit(
                    market.purchase(shop, plan: shop.weekPlan, repeatCount: 9)
                ).bought
                market.clock.advance(days: 10)
                _ = try await engine.submit(
                    market.cancellation(shop, of: bought!.subscriptions[0].id, keepsMoney: true))
            }
            let schedule = try await market.export(.deferredRevenue, of: shop).records
            #expect(schedule.map { $0["month"] } == ["2026-01", "2026-02"])
            #expect(schedule.map { $0["recognised"] } == ["0.58", "35.42"])
            // Seen from the end of January, when nobody knew of it, it is a plan of nine weeks.
            let planned = try await market.export(
                .deferredRevenue, of: shop, recordedBefore: "2026-02-01"
            ).records
            #expect(planned.map { $0["recognised"] } == ["0.58", "16.00", "17.71", "1.71"])
        }
    }
}

/// The rule by itself, over random orders.
@Suite("Recognition")
struct RecognitionPropertyTests {
    @Test(arguments: UInt64(1)...40)
    func
        `parts sum to the whole, nothing is recognised that went back, and what is deferred is what would be given back`(
            seed: UInt64
        ) throws
    {
        var random = SplitMix64(seed: seed)
        for _ in 0..<250 {
            let order = Self.order(&random)
            let end = order.terms.map(\.period.end).max() ?? order.placedAt
            let last = order.standing(before: end.adding(milliseconds: 1)!)
            #expect(last.deferred == 0 && last.billed == order.total)
            #expect(last.recognised == order.total - order.refunds.reduce(0) { $0 + $1.amount })
            // However the time is divided, the parts are differences of one sum.
            var (moment, recognised) = (order.placedAt, Int64(0))
            var before = order.standing(before: moment)
            while moment <= end {
                moment = moment.adding(milliseconds: .random(in: 1...40 * Market.day, using: &random))!
                let after = order.standing(before: moment)
                #expect(after.deferred >= 0 && after.deferred <= after.billed - after.refunded)
                #expect(after.recognised >= 0)
                recognised += after.recognised - before.recognised
                before = after
            }
            #expect(recognised == last.recognised)
        }
    }

    @Test(arguments: UInt64(1)...20)
    func `what is deferred of a period is what a cancellation at that moment would give back`(
        seed: UInt64
    ) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<500 {
            var order = Self.order(&random)
            order.refunds = []
            order.terms = order.terms.map { RecognisedOrder.Term(period: $0.period, amount: $0.amount) }
            let moment = order.placedAt.adding(
                milliseconds: .random(in: 1...200 * Market.day, using: &random))!
            var worth: Int64 = 0
            for (index, term) in order.terms.enumerated() {
                var paid = PaidTerm(
                    index: Int32(index), order: OrderID(bits: .zero), plan: PlanID(bits: .zero),
                    period: term.period, amount: term.amount, anchor: nil)
                worth += paid.cut(from: moment) ?? 0
            }
            #expect(order.standing(before: moment).deferred == worth)
        }
    }

    /// Of up to six periods without gap, some of it cut and given back as the engine would.
    private static func order(_ random: inout SplitMix64) -> RecognisedOrder {
        let placed = Instant(
            milliseconds: ManualClock.start.milliseconds + .random(in: 0...Market.day, using: &random))
        let count = Int.random(in: 1...6, using: &random)
        let total = Int64.random(in: 0...100_000, using: &random)
        var order = RecognisedOrder(placedAt: placed, total: total)
        var start = placed
        for part in Money(minor: total, currency: .usd).split(into: count) {
            let end = start.adding(milliseconds: .random(in: 1...60 * Market.day, using: &random))!
            order.terms.append(
                RecognisedOrder.Term(period: ServicePeriod(start: start, end: end)!, amount: part.minor))
            start = end
        }
        guard Bool.random(using: &random) else { return order }
        let span = start.milliseconds(since: placed)
        let decided = placed.adding(milliseconds: .random(in: 0..<span, using: &random))!
        let keepsMoney = Bool.random(using: &random)
        var given: Int64 = 0
        order.terms = order.terms.enumerated().map { place, term in
            var paid = PaidTerm(
                index: Int32(place), order: OrderID(bits: .zero), plan: PlanID(bits: .zero),
                period: term.period, amount: term.amount, anchor: nil)
            guard let worth = paid.cut(from: decided), let from = paid.cutAt else { return term }
            given += worth
            return RecognisedOrder.Term(
                period: term.period, amount: term.amount,
                cut: RecognisedOrder.Cut(from: from, decidedAt: decided))
        }
        if !keepsMoney, given > 0 { order.refunds.append(RecognisedOrder.Refund(at: decided, amount: given)) }
        return order
    }
}
