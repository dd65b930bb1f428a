import Billing
import Catalog
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Changes of plan", .database)
struct PlanChangeTests {
    /// From `nl` (12.00 of 30 days) to `week` (4.00 of 7 days) and to `resold` (10.00 of 30 days), on the same network.
    @Test(
        arguments: [
            (0, "week", 12_00, 4_00), (15, "week", 6_00, 4_00), (29, "week", 40, 4_00),
            (0, "resold", 12_00, 10_00), (10, "resold", 8_00, 10_00),
        ] as [(Int64, String, Int64, Int64)])
    func `what was paid for time to come is credited, the new price is charged, one figure moves`(
        day: Int64, to code: String, credit: Int64, charge: Int64
    ) async throws {
        try await withMarket { market, shop, engine in
            let bought = try #require(try await engine.submit(market.purchase(shop)).bought)
            let issued = bought.subscriptions[0]
            market.clock.advance(days: day)
            let plan = code == "week" ? shop.weekPlan : shop.resoldPlan
            let results = await market.inTurn(
                [
                    market.planChange(shop, of: issued.id, to: plan, expecting: charge - credit + 1),
                    market.planChange(shop, of: issued.id, to: plan, expecting: charge - credit),
                ], on: engine)
            #expect(results[0].refusal == .priceChanged(shop.money(charge - credit)))
            let receipt = try #require(results[1].changed)
            #expect(receipt.credit == shop.money(credit) && receipt.charge == shop.money(charge))
            #expect(receipt.net == shop.money(charge - credit) && receipt.units.isEmpty)
            #expect(receipt.credits.map(\.order) == [bought.order])
            let length: Int64 = code == "week" ? 7 : 30
            #expect(receipt.period.start == market.now && receipt.period.milliseconds == length * Market.day)
            let balance = 100_00 - 12_00 + credit - charge
            #expect(receipt.balance == shop.money(balance))
            #expect(try await market.balance(of: shop.ann, in: shop) == balance)
            #expect(
                try await market.terms(of: issued.id, in: shop) == [
                    .init(0, 30, cut: Double(day)), .init(Double(day), Double(day + length)),
                ])
            // The port is the one that it was, and closes when the new period ends: an invariant holds it to that.
            #expect(try await market.count("allocations", of: shop) == 1)
            #expect(try await market.events("subscription.plan_changed", in: shop) == 1)
            #expect(try await market.events("order.refunded", in: shop) == 1)
            #expect(try await market.count("orders", of: market.brio) == 0)
        }
    }

    @Test func `a wallet that has only the difference will do, one that lacks a minor unit of it will not`()
        async throws
    {
        try await withMarket(leaving: 1_99) { market, shop, engine in
            let id = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0].id
            market.clock.advance(days: 20)
            // Credit 4.00, price 4.00; then credit 4.00 of the week, price 10.00: 6.00 are missing, 1.99 are there.
            let results = await market.inTurn(
                [
                    market.planChange(shop, of: id, to: shop.weekPlan),
                    market.planChange(shop, of: id, to: shop.resoldPlan),
                ], on: engine)
            #expect(results[0].changed?.net == shop.money(0))
            #expect(
                results[1].refusal
                    == .insufficientBalance(required: shop.money(6_00), available: shop.money(1_99)))
            try await market.topUp(shop.ann, 4_01, in: shop, with: engine)
            #expect(
                try await engine.submit(market.planChange(shop, of: id, to: shop.resoldPlan)).changed != nil)
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
        }
    }

    @Test func `wholesale goes back and is charged with the retail`() async throws {
        try await withMarket { market, shop, engine in
            let bought = try await engine.submit(market.purchase(shop, plan: shop.resoldPlan)).bought
            let id = try #require(bought).subscriptions[0].id
            #expect(try await market.ledgerBalance("float", in: shop) == 43_00)
            market.clock.advance(days: 15)
            _ = try await engine.submit(market.planChange(shop, of: id, to: shop.nlPlan))
            #expect(try await market.ledgerBalance("float", in: shop) == 43_00 + 3_50)
            _ = try await engine.submit(market.planChange(shop, of: id, to: shop.resoldPlan))
            #expect(try await market.ledgerBalance("float", in: shop) == 39_50)
            #expect(try await market.ledgerBalance("platform_revenue", in: shop) == 10_50)
        }
    }

    @Test func `an own float that cannot pay the difference refuses, and nothing has moved`() async throws {
        try await withMarket { market, shop, engine in
            try await market.database.execute("UPDATE plans SET wholesale_minor = 999 WHERE code = 'nl'")
            try await market.database.execute(
                "UPDATE plan_versions SET wholesale_minor = 999 WHERE plan_id IN (SELECT id FROM plans WHERE code = 'nl')"
            )
            for _ in 0..<7 {
                _ = try await engine.submit(market.purchase(shop, plan: shop.resoldPlan))
            }
            let id = try #require(
                try await engine.submit(market.purchase(shop, plan: shop.weekPlan)).bought
            ).subscriptions[0].id
            #expect(try await market.ledgerBalance("float", in: shop) == 1_00)
            let result = await market.inTurn(
                [market.planChange(shop, of: id, to: shop.nlPlan)], on: engine)[0]
            #expect(result.refusal == .floatExhausted)
            #expect(try await market.terms(of: id, in: shop) == [.init(0, 7)])
        }
    }

    @Test func `only another plan of its product, for what lives`() async throws {
        try await withMarket { market, shop, engine in
            try await market.database.execute(
                """
                UPDATE plans SET product = 'bandwidth' WHERE code = 'resold';
                UPDATE plans SET connection = 'shared' WHERE code = 'de'
                """)
            let issued = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0]
            func change(_ plan: PlanID, by customer: CustomerID? = nil) -> Submission {
                market.planChange(shop, of: issued.id, to: plan, by: customer)
            }
            let living = await market.inTurn(
                [
                    change(shop.nlPlan), change(shop.resoldPlan), change(shop.dePlan),
                    change(market.brio.weekPlan), change(shop.weekPlan, by: shop.ben),
                    market.planChange(market.brio, of: issued.id, to: market.brio.weekPlan),
                ], on: engine)
            #expect(
                living.map(\.refusal) == [
                    .planNotEligible, .planNotEligible, .planNotEligible, .planUnknown, .subscriptionUnknown,
                    .subscriptionUnknown,
                ])
            market.clock.set(issued.period.end)
            let over = await market.inTurn([change(shop.weekPlan)], on: engine)
            #expect(over.map(\.refusal) == [.subscriptionEnded])
            #expect(try await market.balance(of: shop.ann, in: shop) == 88_00)
        }
    }

    @Test func `what renews itself goes on under the new plan; a trial begins to, where that renews itself`()
        async throws
    {
        try await withMarket { market, shop, engine in
            try await market.letPlansRenew()
            let id = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0].id
            let trial = try await engine.submit(
                market.submission(
                    .trial(Trial(customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl])), by: shop))
            let tried = try #require(trial.bought).subscriptions[0].id
            let stopped = try #require(try await engine.submit(market.purchase(shop)).bought)
                .subscriptions[0].id
            _ = try await engine.submit(market.cancellation(shop, of: stopped, way: .atEnd))
            for subscription in [id, tried, stopped] {
                _ = try await engine.submit(market.planChange(shop, of: subscription, to: shop.weekPlan))
            }
            let due = Instant(milliseconds: market.now.milliseconds + 7 * Market.day - Market.hour)
            #expect(try await market.standing(of: id, in: shop).renewsAt == due)
            #expect(try await market.standing(of: tried, in: shop).renewsAt == due)
            #expect(try await market.standing(of: stopped, in: shop).renewsAt == nil)
            market.clock.set(due)
            #expect(try await market.renew().renewed == 2)
            #expect(try await market.terms(of: id, in: shop).suffix(2) == [.init(0, 7), .init(7, 14)])
        }
    }

    @Test func `months begin anew with the change, and a change to days drops them`() async throws {
        try await withMarket { market, shop, engine in
            let months = try await market.sell(months: 1)
            let quarters = try await market.sell(months: 3)
            let bought = try await engine.submit(market.purchase(shop, plan: months.alba)).bought
            let id = try #require(bought).subscriptions[0].id
            _ = try await engine.submit(market.renewal(shop, of: id, plan: months.alba))
            // 14 of February's 28 days are over; March has not begun.
            market.clock.advance(days: 14)
            let change = try #require(
                try await engine.submit(market.planChange(shop, of: id, to: quarters.alba)).changed)
            #expect(change.credit == shop.money(5_00 + 10_00) && change.net == shop.money(15_00))
            var paid = try await market.paid(id, in: shop)
            #expect(paid.until.rfc3339(fractionDigits: 0) == "2026-05-14T00:00:00Z")
            #expect(paid.anchoredAt == market.now && paid.anchoredMonths == 3)
            _ = try await engine.submit(market.planChange(shop, of: id, to: shop.weekPlan))
            paid = try await market.paid(id, in: shop)
            #expect(paid.anchoredAt == nil && paid.until.rfc3339(fractionDigits: 0) == "2026-02-21T00:00:00Z")
            _ = try await engine.submit(market.renewal(shop, of: id, plan: months.alba))
            #expect(try await market.paid(id, in: shop).texts.last == "2026-03-21T00:00:00Z")
        }
    }

    @Test func `the change goes back first, and ends the subscription; a renewal on top of it before that`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let bought = try #require(try await engine.submit(market.purchase(shop)).bought)
            let id = bought.subscriptions[0].id
            market.clock.advance(days: 10)
            let changed = try #require(
                try await engine.submit(market.planChange(shop, of: id, to: shop.weekPlan)).changed)
            let renewed = try #require(
                try await engine.submit(market.renewal(shop, of: id, plan: shop.weekPlan)).renewed)
            market.clock.advance(days: 1)
            let results = await market.inTurn(
                [bought.order, changed.order, renewed.order, changed.order].map {
                    market.refund($0, of: shop)
                },
                on: engine)
            #expect(
                results.map(\.refusal) == [.serviceNotReturnable, .serviceNotReturnable, nil, nil])
            #expect(results[3].refunded?.subscriptions.map(\.isEnded) == [true])
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 4_00)
        }
    }

    @Test func `a clock that was set back lets no time serve twice, and what is cancelled ends all the same`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let id = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0].id
            market.clock.advance(days: 10)
            _ = try await engine.submit(market.planChange(shop, of: id, to: shop.weekPlan))
            market.clock.advance(days: -5)
            _ = try await engine.submit(market.planChange(shop, of: id, to: shop.nlPlan))
            #expect(
                try await market.terms(of: id, in: shop) == [
                    .init(0, 30, cut: 10), .init(10, 17, cut: 10), .init(10, 40),
                ])
            let receipt = try #require(try await engine.submit(market.cancellation(shop, of: id)).cancelled)
            #expect(receipt.refund == shop.money(12_00))
            #expect(try await market.standing(of: id, in: shop).endedAt == market.now)
        }
    }

    @Test func `an exit stays where the plan offers it; what its ports may choose is the new plan's`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let one = try await Trio.open(market, in: shop, slots: [4, 4, 4])
            let id = try #require(
                try await engine.submit(
                    market.purchase(one, exit: ExitChoice(country: ExitCountry(rawValue: "nl")))
                ).bought
            ).subscriptions[0].id
            let second: PlanID = market.ids.next(at: market.now)
            try await market.copy(
                "trio", as: second, setting: "code = 'other', exits = '{de,nl}', exit_rotations = '{5m}'",
                in: shop)
            let kept = try #require(
                try await engine.submit(market.planChange(shop, of: id, to: second)).changed)
            #expect(kept.exit?.country.rawValue == "nl" && kept.exit?.rotation == .every(minutes: 5))
            #expect(kept.units.isEmpty)
            #expect(try await market.rotations(of: id, in: shop) == ["{} 5", "{} 5", "{} 5"])
            let chosen = ExitChoice(country: ExitCountry(rawValue: "us"))
            let refused = await market.inTurn(
                [market.planChange(shop, of: id, to: one.plan, exit: chosen)], on: engine)
            #expect(refused[0].refusal == .exitCountryNotOffered(ExitCountry(rawValue: "us")!))
        }
    }

    @Test func `a rotation that the new plan does not allow is off, one that it does goes on`() async throws {
        try await withMarket { market, shop, engine in
            try await market.database.execute(
                "UPDATE plans SET rotation_minutes = '{0,10}' WHERE code = 'week'")
            var ids: [SubscriptionID] = []
            for minutes in [5, 10] {
                let bought = try await engine.submit(market.purchase(shop)).bought
                ids.append(try #require(bought).subscriptions[0].id)
                try await market.database.execute(
                    """
                    UPDATE allocations SET rotation_minutes = \(minutes), rotates_at = allocated_at + interval '1 minute'
                    WHERE rotation_minutes = 0
                    """)
            }
            for id in ids {
                _ = try await engine.submit(market.planChange(shop, of: id, to: shop.weekPlan))
            }
            #expect(try await market.rotations(of: ids[0], in: shop) == ["{0,10} 0"])
            #expect(try await market.rotations(of: ids[1], in: shop) == ["{0,10} 10"])
        }
    }

    /// Each has so much on Ann's wallet after a purchase of `nl`, and Alba fifty on its float.
    private func withMarket(
        leaving minor: Int64 = 88_00, _ body: (Market, Shop, Engine) async throws -> Void
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 12_00 + minor, in: shop, with: engine)
                }
                let float = FloatTopUp(amount: market.alba.money(50_00), reference: "float")
                _ = try await engine.submit(market.submission(.floatTopUp(float), by: market.alba))
                try await body(market, market.alba, engine)
            }
        }
    }
}
