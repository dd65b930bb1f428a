import Billing
import Catalog
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Orders by a price list", .database)
struct PriceListOrderTests {
    @Test func `a member pays the group's price wherever it is asked, and everybody else the plan's`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let (shop, brio) = (market.alba, market.brio)
            let gold = try await market.group("gold", of: shop)
            try await market.price(shop.nlPlan, 9_00, for: gold, in: shop)
            try await market.price(shop.dePlan, 20_00, for: gold, in: shop)
            try await market.withEngine { engine in
                for customer in [shop.ann, shop.ben] {
                    try await market.topUp(customer, 200_00, in: shop, with: engine)
                }
                try await market.topUp(brio.ann, 200_00, in: brio, with: engine)

                let seen = try await engine.preview(market.purchase(shop, quantity: 2, repeatCount: 3))
                guard case .bought(let preview) = seen.outcome else { throw Surprise("\(seen)") }
                #expect(preview.total == shop.money(54_00))
                let bought = try #require(
                    try await engine.submit(market.purchase(shop, quantity: 2, repeatCount: 3)).bought)
                #expect(bought.total == preview.total)
                let id = bought.subscriptions[0].id
                #expect(try await engine.submit(market.renewal(shop, of: id)).renewed?.total.minor == 9_00)
                let trial = market.submission(
                    .trial(Trial(customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl])), by: shop)
                #expect(try await engine.submit(trial).bought?.total.minor == 0)
                let moved = try #require(
                    try await engine.submit(market.planChange(shop, of: id, to: shop.dePlan)).changed)
                #expect(moved.charge == shop.money(20_00), "the group's price may be the dearer one")

                let ben = market.purchase(shop, by: shop.ben)
                #expect(try await engine.submit(ben).bought?.total.minor == 12_00)
                #expect(try await engine.submit(market.purchase(brio)).bought?.total.minor == 12_00)
            }
            #expect(
                try await market.pricing(of: shop) == [
                    "purchase 5400 by gold 1", "renewal 900 by gold 1", "trial 0",
                    "plan_change 2000 by gold 1", "purchase 1200",
                ])
            #expect(try await market.pricing(of: brio) == ["purchase 1200"])
        }
    }

    @Test func `a list that changes is another version, and what was quoted by the old one is refused`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let gold = try await market.group("gold", of: shop)
            try await market.price(shop.nlPlan, 9_00, for: gold, in: shop)
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 200_00, in: shop, with: engine)
                _ = try await engine.submit(market.purchase(shop))
                try await market.price(shop.nlPlan, 8_00, for: gold, in: shop)
                let quoted = market.submission(
                    .purchase(
                        Purchase(
                            customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl],
                            expectedTotal: shop.money(9_00))), by: shop)
                #expect(await market.race([quoted], on: engine)[0].refusal == .priceChanged(shop.money(8_00)))
                _ = try await engine.submit(market.purchase(shop))
                try await market.price(shop.nlPlan, nil, for: gold, in: shop)
                _ = try await engine.submit(market.purchase(shop))
                try await market.price(shop.nlPlan, 7_00, for: gold, in: shop)
                try await database.execute("UPDATE customer_groups SET active = false WHERE tenant_id = 1")
                _ = try await engine.submit(market.purchase(shop))
                try await database.execute("UPDATE customer_groups SET active = true WHERE tenant_id = 1")
                _ = try await engine.submit(market.purchase(shop))
                try await database.execute("UPDATE customers SET group_id = NULL WHERE tenant_id = 1")
                _ = try await engine.submit(market.purchase(shop))
            }
            #expect(
                try await market.pricing(of: shop) == [
                    "purchase 900 by gold 1", "purchase 800 by gold 2", "purchase 1200", "purchase 1200",
                    "purchase 700 by gold 4", "purchase 1200",
                ])
        }
    }

    @Test func `a coupon comes off the group's price, and wholesale stays the plan's`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let gold = try await market.group("gold", of: shop)
            try await market.price(shop.resoldPlan, 8_00, for: gold, in: shop)
            try await shop.coupon(
                "TENTH", percent: 10_00, on: database.owner, id: market.ids.next(at: market.now),
                at: market.now)
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                _ = try await engine.submit(
                    market.submission(
                        .floatTopUp(FloatTopUp(amount: shop.money(20_00), reference: "prepaid")), by: shop))
                let order = market.purchase(shop, plan: shop.resoldPlan, coupon: "TENTH")
                let bought = try #require(try await engine.submit(order).bought)
                #expect(bought.total.minor == 7_20 && bought.discount.minor == 80)
            }
            #expect(try await market.ledgerBalance("float", in: shop) == 13_00)
            #expect(try await market.pricing(of: shop) == ["purchase 800 by gold 1"])
        }
    }

    @Test func `a plan whose price is agreed is sold to the group that has one`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await database.execute("UPDATE plans SET price_minor = NULL WHERE code = 'nl'")
            try await database.execute(
                "UPDATE plan_versions v SET price_minor = NULL FROM plans p WHERE p.id = v.plan_id AND p.code = 'nl'"
            )
            let gold = try await market.group("gold", of: shop)
            try await market.price(shop.nlPlan, 9_00, for: gold, in: shop)
            try await market.withEngine { engine in
                for customer in [shop.ann, shop.ben] {
                    try await market.topUp(customer, 20_00, in: shop, with: engine)
                }
                #expect(try await engine.submit(market.purchase(shop)).bought?.total.minor == 9_00)
                let ben = market.purchase(shop, by: shop.ben)
                #expect(await market.race([ben], on: engine)[0].refusal == .planNotPriced)
            }
        }
    }

    @Test func `an automatic renewal is charged by the list of its day`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.letPlansRenew()
            let (shop, brio) = (market.alba, market.brio)
            for shop in [shop, brio] { _ = try await market.bought(in: shop, leaving: 20_00) }
            let gold = try await market.group("gold", of: shop)
            try await market.price(shop.nlPlan, 5_00, for: gold, in: shop)
            market.clock.advance(milliseconds: Market.month - Market.hour)
            #expect(try await market.renew().renewed == 2)
            #expect(try await market.balance(of: shop.ann, in: shop) == 15_00)
            #expect(try await market.balance(of: brio.ann, in: brio) == 8_00)
        }
    }

    @Test func `an order that waits is not bought at another list than it was placed by`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let gold = try await market.group("gold", of: shop)
            try await market.price(shop.nlPlan, 9_00, for: gold, in: shop)
            try await market.withEngine { engine in
                let kept = try await market.place(shop, on: engine)
                #expect(kept.total.minor == 9_00)
                #expect(
                    try await market.settle(kept.order, 9_00, in: shop, on: engine).bought?.total.minor
                        == 9_00)
                let dropped = try await market.place(shop, on: engine)
                try await market.price(shop.nlPlan, 8_00, for: gold, in: shop)
                let result = try await market.settle(dropped.order, 9_00, in: shop, on: engine)
                #expect(result.word == "price_changed")
                #expect(try await market.balance(of: shop.ann, in: shop) == 9_00)
            }
            #expect(try await market.pricing(of: shop) == ["purchase 900 by gold 1"])
        }
    }

    /// Whoever changes a list while a hundred buy: each order is charged by one version, whole, and says by which.
    @Test func `lists that change among a hundred purchases price each by one of their versions`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 200)
            let shop = market.alba
            let gold = try await market.group("gold", of: shop)
            try await market.price(shop.nlPlan, 9_00, for: gold, in: shop)
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 2_000_00, in: shop, with: engine)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for minor in 1...20 as ClosedRange<Int64> {
                        group.addTask {
                            try await market.price(shop.nlPlan, minor * 50, for: gold, in: shop)
                        }
                        group.addTask {
                            let orders = (0..<5).map { _ in market.purchase(shop) }
                            #expect(await market.race(orders, on: engine).allSatisfy(\.isCarriedOut))
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let priced = try await market.pricing(of: shop)
            #expect(priced.count == 100 && priced.allSatisfy { $0.contains("by gold") })
        }
    }
}
