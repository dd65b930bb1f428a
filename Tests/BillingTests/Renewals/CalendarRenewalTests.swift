import Billing
import Catalog
import Primitives
import TestSupport
import Testing

@Suite("Automatic renewals of calendar plans", .database)
struct CalendarRenewalTests {
    /// A month in both shops that renews itself, bought by each one's Ann at this moment, with money for a year.
    private func bought(
        _ market: Market, at moment: String
    ) async throws -> [(shop: Shop, id: SubscriptionID)] {
        let plans = try await market.sell(months: 1)
        try await market.letPlansRenew()
        market.clock.set(Instant(rfc3339: moment)!)
        return try await market.withEngine { engine in
            var bought: [(shop: Shop, id: SubscriptionID)] = []
            for (shop, plan) in [(market.alba, plans.alba), (market.brio, plans.brio)] {
                try await market.topUp(shop.ann, 13 * 10_00, in: shop, with: engine)
                let receipt = try await engine.submit(market.purchase(shop, plan: plan)).bought
                bought.append((shop, try #require(receipt).subscriptions[0].id))
            }
            return bought
        }
    }

    /// Runs the job twice every hour of the second half of a day (UTC).
    private func renew(_ market: Market, through day: String) async throws {
        market.clock.set(Instant(rfc3339: "\(day)T12:30:00Z")!)
        for _ in 0..<12 {
            try await market.renew()
            #expect(try await market.renew().due == 0)
            market.clock.advance(milliseconds: Market.hour)
        }
    }

    @Test func `by the job alone a month from 31 January ends on 28 February, 31 March and 30 April`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let bought = try await bought(market, at: "2026-01-31T10:30:00Z")
            let months = ["2026-02-28T10:30:00Z", "2026-03-31T10:30:00Z", "2026-04-30T10:30:00Z"]
            for (paid, end) in months.enumerated() {
                // Due an hour before its end; a moment earlier nothing is.
                let due = Instant(rfc3339: end)!.milliseconds - Market.hour
                market.clock.set(Instant(milliseconds: due - 1))
                #expect(try await market.renew().due == 0)
                market.clock.set(Instant(milliseconds: due))
                let counts = try await market.renew()
                #expect((counts.due, counts.renewed) == (2, 2))
                #expect(try await market.renew().due == 0)
                for (shop, id) in bought {
                    let texts = try await market.paid(id, in: shop).texts
                    #expect(texts.prefix(paid + 1) == months.prefix(paid + 1), "\(shop.slug)")
                    #expect(
                        try await market.balance(of: shop.ann, in: shop) == Int64(11 - paid) * 10_00)
                }
            }
            for (shop, id) in bought {
                let paid = try await market.paid(id, in: shop)
                #expect(paid.texts.last == "2026-05-31T10:30:00Z" && paid.anchoredMonths == 4)
                #expect(paid.starts.dropFirst() == paid.ends.dropLast())
            }
        }
    }

    /// Clocks go forward on 29 March in Amsterdam and back on 5 April in Lord Howe, by half an hour.
    @Test func `where clocks change the job is an hour before the end by its zone, in two zones at once`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.move(market.alba, to: "Europe/Amsterdam")
            try await market.move(market.brio, to: "Australia/Lord_Howe")
            let bought = try await bought(market, at: "2026-01-30T23:30:00Z")
            for day in ["2026-02-27", "2026-03-30", "2026-04-29"] { try await renew(market, through: day) }
            // 31 January at 00:30 in Amsterdam, at 10:30 in Lord Howe.
            let alba = try await market.paid(bought[0].id, in: market.alba)
            #expect(
                alba.texts == [
                    "2026-02-27T23:30:00Z", "2026-03-30T22:30:00Z", "2026-04-29T22:30:00Z",
                    "2026-05-30T22:30:00Z",
                ])
            let brio = try await market.paid(bought[1].id, in: market.brio)
            #expect(
                brio.texts == [
                    "2026-02-27T23:30:00Z", "2026-03-30T23:30:00Z", "2026-04-30T00:00:00Z",
                    "2026-05-31T00:00:00Z",
                ])
            for (paid, shop) in [(alba, market.alba), (brio, market.brio)] {
                #expect(paid.starts.dropFirst() == paid.ends.dropLast())
                #expect(try await market.balance(of: shop.ann, in: shop) == 9 * 10_00)
            }
        }
    }

    @Test
    func `a job that comes on the very end keeps the anchor, a late one begins anew, a later one ends it`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.move(market.brio, to: "Pacific/Kiritimati")
            let bought = try await bought(market, at: "2026-01-31T00:00:00Z")
            market.clock.set(Instant(rfc3339: "2026-02-28T00:00:00Z")!)
            #expect(try await market.renew(of: market.alba).renewed == 1)
            market.clock.advance(milliseconds: 7 * Market.hour)
            #expect(try await market.renew().renewed == 1)
            #expect(
                try await market.paid(bought[0].id, in: market.alba).texts
                    == ["2026-02-28T00:00:00Z", "2026-03-31T00:00:00Z"])
            let late = try await market.paid(bought[1].id, in: market.brio)
            #expect(late.texts == ["2026-02-28T00:00:00Z", "2026-03-28T07:00:00Z"])
            #expect(late.anchoredAt == market.now && late.anchoredMonths == 1)
            #expect(
                try await market.standing(of: bought[1].id, in: market.brio).renewsAt?.rfc3339()
                    == "2026-03-28T06:00:00.000Z")

            // Past the grace of a day nothing is charged any more.
            market.clock.set(Instant(rfc3339: "2026-04-07T00:00:00Z")!)
            let counts = try await market.renew()
            #expect((counts.renewed, counts.ended) == (0, 2))
            for shop in [market.alba, market.brio] {
                #expect(try await market.balance(of: shop.ann, in: shop) == 11 * 10_00)
            }
        }
    }
}
