import Billing
import Catalog
import Primitives
import TestSupport
import Testing

@Suite("Orders", .database)
struct OrderTests {
    @Test func `a quantity larger than the stock changes nothing`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 3)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                let results = await market.race([market.purchase(shop, quantity: 4)], on: engine)
                #expect(results[0].refusal == .soldOut)
                #expect(try await market.balance(of: shop.ann, in: shop) == 1_000_00)
                #expect(try await market.count("subscriptions", of: shop) == 0)
                // The refused order holds nothing back from the next one.
                let all = await market.race([market.purchase(shop, quantity: 3)], on: engine)
                #expect(all[0].bought?.subscriptions.count == 3)
            }
        }
    }

    @Test func `one order of many subscriptions and periods is one charge, and its terms sum to it`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 7, priceMinor: 3_33)
            let shop = market.alba
            try await shop.coupon(
                "THIRD", percent: 3_333, on: database.owner, id: market.ids.next(at: market.now),
                at: market.now)
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                let bought = try #require(
                    try await engine.submit(
                        market.purchase(shop, quantity: 7, repeatCount: 5, coupon: "third")
                    ).bought)
                // 3.33 × 35 = 116.55, a third rounded down is 38.84 (38.846…), so 77.71 is paid.
                #expect(bought.discount == shop.money(38_84))
                #expect(bought.total == shop.money(77_71))
                #expect(Set(bought.subscriptions.map(\.period)).count == 1)
                #expect(Set(bought.subscriptions.flatMap { $0.units.map(\.port) }) == Set(12_001...12_007))
            }
            #expect(try await market.count("orders", of: shop) == 1)
            #expect(try await market.count("terms", of: shop) == 35)
            #expect(try await market.count("coupon_redemptions", of: shop) == 1)
        }
    }

    @Test func `quantity and repeat count work at their caps`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 100, priceMinor: 1)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 12_000, in: shop, with: engine)
                let bought = try #require(
                    try await engine.submit(market.purchase(shop, quantity: 100, repeatCount: 120)).bought)
                #expect(bought.total == shop.money(12_000))
                #expect(bought.subscriptions.count == 100)
            }
            #expect(try await market.count("terms", of: shop) == 12_000)
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
        }
    }

    @Test func `a price that leaves Int64 is a refusal`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 100, priceMinor: Int64.max / 119)
            let shop = market.alba
            try await market.withEngine { engine in
                let results = await market.race(
                    [
                        market.purchase(shop, repeatCount: 120), market.purchase(shop, quantity: 100),
                        market.purchase(shop, repeatCount: 119),
                    ], on: engine)
                #expect(results[0].refusal == .amountTooLarge)
                #expect(results[1].refusal?.isInsufficientBalance == true)
                #expect(results[2].refusal?.isInsufficientBalance == true)
            }
            #expect(try await market.count("orders", of: shop) == 0)
        }
    }

    @Test func `a wallet that would leave Int64 is a refusal, and the money stays where it was`() async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, Int64.max, in: shop, with: engine)
                let more = await market.race(
                    [
                        market.submission(
                            .topUp(TopUp(customer: shop.ann, amount: shop.money(1), reference: "one more")),
                            by: shop)
                    ], on: engine)
                #expect(more[0].refusal == .amountTooLarge)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == Int64.max)
        }
    }

    @Test func `wholesale moves in the same entry, and an exhausted float sells nothing`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                _ = try await engine.submit(
                    market.submission(
                        .floatTopUp(FloatTopUp(amount: shop.money(20_00), reference: "prepaid")), by: shop))
                let results = await market.race(
                    (0..<5).map { _ in market.purchase(shop, plan: shop.resoldPlan) }, on: engine)
                #expect(results.filter(\.isCarriedOut).count == 2)
                #expect(results.filter { $0.refusal == .floatExhausted }.count == 3)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 80_00)
            #expect(try await market.ledgerBalance("float", in: shop) == 6_00)
            #expect(try await market.ledgerBalance("platform_revenue", in: shop) == 14_00)
            #expect(try await market.ledgerBalance("float", in: market.brio) == 0)
        }
    }

    @Test func `an order that costs nothing is paid without a charge`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await shop.coupon(
                "FREE", percent: 10_000, on: database.owner, id: market.ids.next(at: market.now),
                at: market.now)
            try await market.withEngine { engine in
                let bought = try #require(
                    try await engine.submit(market.purchase(shop, coupon: "FREE")).bought)
                #expect(bought.total.isZero)
                // The first paid renewal after a free order extends like any other.
                try await market.topUp(shop.ann, 12_00, in: shop, with: engine)
                let id = bought.subscriptions[0].id
                #expect(try await engine.submit(market.renewal(shop, of: id)).renewed != nil)
            }
            #expect(try await market.count("transfers", of: shop) == 2)
        }
    }

    @Test func `the charge equals the quote or the order is refused`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let quoted = market.submission(
                    .purchase(
                        Purchase(
                            customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl],
                            expectedTotal: shop.money(11_99))), by: shop)
                let results = await market.race([quoted], on: engine)
                #expect(results[0].refusal == .priceChanged(shop.money(12_00)))
            }
        }
    }

    @Test func `a door that names the wrong network still sells from the plan's`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let results = await market.race(
                    [
                        market.purchase(shop, network: shop.de),
                        market.purchase(shop, plan: shop.dePlan, network: shop.nl), market.purchase(shop),
                    ], on: engine)
                let networks = results.compactMap { $0.bought?.subscriptions[0].units.first?.network }
                #expect(networks == [shop.nl, shop.de, shop.nl])
            }
        }
    }

    @Test(arguments: Currency.all.filter { ["JPY", "USD", "KWD", "CLF"].contains($0.code) })
    func `every scale of ISO 4217 goes through pricing and ledger in whole minor units`(
        currency: Currency
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, currency: currency, priceMinor: 1_005)
            let shop = market.brio
            try await shop.coupon(
                "TENTH", percent: 1_000, on: database.owner, id: market.ids.next(at: market.now),
                at: market.now)
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 10_000, in: shop, with: engine)
                let bought = try #require(
                    try await engine.submit(market.purchase(shop, quantity: 3, coupon: "tenth")).bought)
                #expect(bought.total == Money(minor: 3_015 - 301, currency: currency))
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 10_000 - 2_714)
        }
    }
}
