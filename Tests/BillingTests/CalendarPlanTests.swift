import Billing
import Catalog
import Primitives
import TestSupport
import Testing

@Suite("Calendar plans", .database)
struct CalendarPlanTests {
    /// The last of each month from February 2026 on, two years of them, at midnight UTC.
    private static let monthEnds: [String] = (1...24).map { month in
        let date = CivilDate(year: 2026, month: 1, day: 31)!
        let (years, rest) = (month / 12, month % 12 + 1)
        let day = CivilDate.daysInMonth(rest, of: date.year + years)
        return CivilDate(year: date.year + years, month: rest, day: day)!.start.rfc3339(fractionDigits: 0)
    }

    /// polarsource/polar#10664: an anchor on the 31st drifted to the 29th.
    @Test func `two years of months from 31 January end on the last of each month`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let plans = try await market.sell(months: 1)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                let oneByOne = try await buy(plans.alba, market, engine)
                #expect(oneByOne.period.end.rfc3339(fractionDigits: 0) == "2026-02-28T00:00:00Z")
                for _ in 1..<24 { try await renew(oneByOne.id, plans.alba, market, engine) }
                let atOnce = try await buy(plans.alba, market, engine, repeatCount: 24)
                let inTwo = try await buy(plans.alba, market, engine, repeatCount: 13)
                try await renew(inTwo.id, plans.alba, market, engine, repeatCount: 11)

                for id in [oneByOne.id, atOnce.id, inTwo.id] {
                    let paid = try await market.paid(id, in: shop)
                    #expect(paid.texts == Self.monthEnds)
                    #expect(paid.anchoredAt == ManualClock.start && paid.anchoredMonths == 24)
                    #expect(paid.starts == [ManualClock.start] + paid.ends.dropLast())
                }
                #expect(atOnce.period.end.rfc3339(fractionDigits: 0) == "2028-01-31T00:00:00Z")
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 1_000_00 - 3 * 24 * 10_00)
            #expect(try await market.count("terms", of: shop) == 72)
        }
    }

    @Test func `repeatCount of a quarter is as many quarters, each with its share`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let plans = try await market.sell(months: 3)
            try await market.withEngine { engine in
                try await market.topUp(market.alba.ann, 1_000_00, in: market.alba, with: engine)
                let issued = try await buy(plans.alba, market, engine, repeatCount: 4)
                let paid = try await market.paid(issued.id, in: market.alba)
                #expect(
                    paid.texts == [
                        "2026-04-30T00:00:00Z", "2026-07-31T00:00:00Z", "2026-10-31T00:00:00Z",
                        "2027-01-31T00:00:00Z",
                    ])
                #expect(paid.anchoredMonths == 12)
            }
            #expect(try await market.balance(of: market.alba.ann, in: market.alba) == 1_000_00 - 120_00)
        }
    }

    @Test func `a renewal on the very end goes on from the anchor, one a moment later begins anew`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let plans = try await market.sell(months: 1)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                let punctual = try await buy(plans.alba, market, engine)
                let late = try await buy(plans.alba, market, engine)
                market.clock.set(punctual.period.end)
                try await renew(punctual.id, plans.alba, market, engine)
                market.clock.advance(milliseconds: 1)
                try await renew(late.id, plans.alba, market, engine)

                let kept = try await market.paid(punctual.id, in: shop)
                #expect(kept.until.rfc3339() == "2026-03-31T00:00:00.000Z")
                #expect(kept.anchoredAt == ManualClock.start && kept.anchoredMonths == 2)
                let anew = try await market.paid(late.id, in: shop)
                #expect(anew.until.rfc3339() == "2026-03-28T00:00:00.001Z")
                #expect(anew.starts.last == market.now)
                #expect(anew.anchoredAt == market.now && anew.anchoredMonths == 1)
            }
        }
    }

    @Test func `a fixed plan drops the anchor, and a calendar plan after it sets its own`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let monthly = try await market.sell(months: 1)
            let yearly = try await market.sell(months: 12)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                let id = try await buy(monthly.alba, market, engine).id
                // Another calendar plan goes on from the same anchor: 28 February is not what it counts from.
                try await renew(id, yearly.alba, market, engine)
                var paid = try await market.paid(id, in: shop)
                #expect(paid.texts == ["2026-02-28T00:00:00Z", "2027-02-28T00:00:00Z"])
                #expect(paid.anchoredAt == ManualClock.start && paid.anchoredMonths == 13)
                try await renew(id, monthly.alba, market, engine)
                #expect(try await market.paid(id, in: shop).texts.last == "2027-03-31T00:00:00Z")

                try await renew(id, shop.weekPlan, market, engine)
                paid = try await market.paid(id, in: shop)
                #expect(paid.texts.last == "2027-04-07T00:00:00Z")
                #expect(paid.anchoredAt == nil && paid.anchoredMonths == nil)

                try await renew(id, monthly.alba, market, engine, repeatCount: 2)
                paid = try await market.paid(id, in: shop)
                #expect(paid.texts.suffix(2) == ["2027-05-07T00:00:00Z", "2027-06-07T00:00:00Z"])
                #expect(paid.anchoredAt == paid.ends[3] && paid.anchoredMonths == 2)

                // The other way round: what was bought for a fixed time is anchored where its months begin.
                let week = try await buy(shop.weekPlan, market, engine)
                try await renew(week.id, monthly.alba, market, engine)
                paid = try await market.paid(week.id, in: shop)
                #expect(paid.texts == ["2026-02-07T00:00:00Z", "2026-03-07T00:00:00Z"])
                #expect(paid.anchoredAt == week.period.end)
            }
        }
    }

    @Test func `two tenants who renew at the same instant each do so in their own zone`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let plans = try await market.sell(months: 1)
            try await market.move(market.alba, to: "Pacific/Kiritimati")
            try await market.move(market.brio, to: "Pacific/Pago_Pago")
            // 31 January in the one, 30 January in the other.
            market.clock.set(Instant(rfc3339: "2026-01-31T10:30:00Z")!)
            try await market.withEngine { engine in
                var ids: [SubscriptionID] = []
                for (shop, plan) in [(market.alba, plans.alba), (market.brio, plans.brio)] {
                    try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                    let bought = try await engine.submit(
                        market.purchase(shop, plan: plan, network: shop.nl)
                    ).bought
                    ids.append(try #require(bought).subscriptions[0].id)
                }
                let renewals = await market.race(
                    (0..<6).flatMap { _ in
                        [
                            market.renewal(market.alba, of: ids[0], plan: plans.alba),
                            market.renewal(market.brio, of: ids[1], plan: plans.brio),
                        ]
                    }, on: engine)
                #expect(renewals.filter(\.isCarriedOut).count == 12)
                // 1 February at 00:30, fourteen hours ahead of UTC; 30 January at 23:30, eleven hours behind it.
                #expect(
                    try await market.paid(ids[0], in: market.alba).texts == [
                        "2026-02-28T10:30:00Z", "2026-03-31T10:30:00Z", "2026-04-30T10:30:00Z",
                        "2026-05-31T10:30:00Z", "2026-06-30T10:30:00Z", "2026-07-31T10:30:00Z",
                        "2026-08-31T10:30:00Z",
                    ])
                #expect(
                    try await market.paid(ids[1], in: market.brio).texts == [
                        "2026-03-01T10:30:00Z", "2026-03-31T10:30:00Z", "2026-05-01T10:30:00Z",
                        "2026-05-31T10:30:00Z", "2026-07-01T10:30:00Z", "2026-07-31T10:30:00Z",
                        "2026-08-31T10:30:00Z",
                    ])
            }
        }
    }

    @Test func `a tenant that moves to another zone leaves no gap and no overlap`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let plans = try await market.sell(months: 1)
            let shop = market.alba
            try await market.move(shop, to: "Europe/Amsterdam")
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                let id = try await buy(plans.alba, market, engine, repeatCount: 2).id
                try await market.move(shop, to: "America/New_York")
                try await renew(id, plans.alba, market, engine)
                try await market.move(shop, to: "Pacific/Apia")
                try await renew(id, plans.alba, market, engine)

                let paid = try await market.paid(id, in: shop)
                // The anchor is 31 January at 01:00 in Amsterdam, 30 January at 19:00 in New York, 13:00 in Apia.
                #expect(
                    paid.texts == [
                        "2026-02-28T00:00:00Z", "2026-03-30T23:00:00Z", "2026-04-30T23:00:00Z",
                        "2026-05-31T00:00:00Z",
                    ])
                #expect(paid.starts == [ManualClock.start] + paid.ends.dropLast())
                #expect(paid.anchoredAt == ManualClock.start && paid.anchoredMonths == 4)
            }
        }
    }

    @Test func `a plan that changes from months to days and back is renewed by what it is at the time`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let plans = try await market.sell(months: 1)
            let shop = market.alba
            func become(days: Int64?, months: Int32?, version: Int32) async throws {
                try await database.owner.run { connection in
                    let milliseconds = days.map { $0 * 86_400_000 }
                    _ = try connection.query(
                        """
                        UPDATE plans SET duration_ms = \(milliseconds), duration_months = \(months), version = \(version)
                        WHERE tenant_id = \(shop.tenant) AND id = \(plans.alba)
                        """)
                    _ = try connection.query(
                        """
                        INSERT INTO plan_versions
                            (tenant_id, plan_id, version, duration_ms, duration_months, currency, price_minor, recorded_at)
                        SELECT tenant_id, id, version, duration_ms, duration_months, currency, price_minor, created_at
                        FROM plans WHERE tenant_id = \(shop.tenant) AND id = \(plans.alba)
                        """)
                }
            }
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                let id = try await buy(plans.alba, market, engine).id
                try await become(days: 30, months: nil, version: 2)
                try await renew(id, plans.alba, market, engine)
                try await become(days: nil, months: 2, version: 3)
                try await renew(id, plans.alba, market, engine)
                #expect(
                    try await market.paid(id, in: shop).texts == [
                        "2026-02-28T00:00:00Z", "2026-03-30T00:00:00Z", "2026-05-30T00:00:00Z",
                    ])
            }
        }
    }

    @Test func `a trial of a calendar plan is of a fixed length, and its months are counted from its end`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let plans = try await market.sell(months: 1)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                let trial = try await engine.submit(
                    market.submission(
                        .trial(Trial(customer: shop.ann, plan: plans.alba, networks: [shop.nl])), by: shop))
                let id = try #require(trial.bought).subscriptions[0].id
                #expect(try await market.paid(id, in: shop).anchoredAt == nil)
                try await renew(id, plans.alba, market, engine)
                let paid = try await market.paid(id, in: shop)
                #expect(paid.texts == ["2026-01-31T01:00:00Z", "2026-02-28T01:00:00Z"])
            }
        }
    }

    /// Nobody can say when such a month ends, so nobody pays for it; who buys beside it is served.
    @Test func `a zone that this machine does not know stops its calendar plans and nothing else`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let plans = try await market.sell(months: 1)
            try await market.move(market.alba, to: "Atlantis/Poseidonis")
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                }
                let results = await market.race(
                    [
                        market.purchase(market.alba, plan: plans.alba),
                        market.purchase(market.alba),
                        market.purchase(market.brio, plan: plans.brio),
                    ], on: engine)
                guard case .failure(.unavailable(let fault)) = results[0] else {
                    Issue.record("a month of no zone was sold: \(results[0])")
                    return
                }
                #expect(!fault.isTransient)
                #expect(results[1].isCarriedOut && results[2].isCarriedOut)
            }
            #expect(try await market.balance(of: market.alba.ann, in: market.alba) == 1_000_00 - 12_00)
        }
    }

    @Test func `a month past the year 9999 is refused`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let plans = try await market.sell(months: 1_200)
            try await market.withEngine { engine in
                try await market.topUp(market.alba.ann, 9_000_000_00, in: market.alba, with: engine)
                let result = await market.race(
                    [market.purchase(market.alba, plan: plans.alba, repeatCount: 80)], on: engine)
                #expect(result[0].refusal == .amountTooLarge)
            }
        }
    }

    /// Buys for Ann at Alba's.
    private func buy(
        _ plan: PlanID, _ market: Market, _ engine: Engine, repeatCount: Int64 = 1
    ) async throws -> IssuedSubscription {
        let answer = try await engine.submit(
            market.purchase(market.alba, plan: plan, repeatCount: repeatCount))
        return try #require(answer.bought).subscriptions[0]
    }

    private func renew(
        _ subscription: SubscriptionID, _ plan: PlanID, _ market: Market, _ engine: Engine,
        repeatCount: Int64 = 1
    ) async throws {
        let answer = try await engine.submit(
            market.renewal(market.alba, of: subscription, plan: plan, repeatCount: repeatCount))
        #expect(answer.renewed != nil)
    }
}
