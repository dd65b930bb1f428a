import Billing
import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Coupons of orders that wait", .database)
struct PendingCouponTests {
    private static let day = PendingOrder.lifeMilliseconds

    /// Lessons row 33 (Vendure #1466): a cancelled order counted against the customer for ever.
    @Test func `a use is reserved, is nobody else's meanwhile, and comes back when nobody pays`() async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            for shop in [market.alba, market.brio] {
                try await shop.coupon(
                    "ONE", percent: 25_00, limit: 1, perCustomer: 1, budget: 3_00, on: database.owner,
                    id: market.ids.next(at: market.now), at: market.now)
            }
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ben, 9_00, in: shop, with: engine)
                let placed = try await market.place(shop, coupon: "ONE", on: engine)
                #expect(placed.total.minor == 9_00 && placed.discount.minor == 3_00)
                #expect(try await market.standing("ONE", in: shop) == [1, 3_00])
                let rival = market.purchase(shop, by: shop.ben, coupon: "ONE")
                #expect(await market.race([rival], on: engine)[0].refusal == .coupon(.exhausted))
                #expect(try await market.standing("ONE", in: market.brio) == [0, 0])

                market.clock.advance(milliseconds: Self.day)
                #expect(try await market.expirePending().expired == 1)
                #expect(try await market.standing("ONE", in: shop) == [0, 0])
                let second = market.purchase(shop, by: shop.ben, coupon: "ONE")
                #expect(await market.race([second], on: engine)[0].bought?.total.minor == 9_00)
                // The money for the first is the customer's; the use is the other's.
                #expect(
                    try await market.settle(placed.order, 9_00, in: shop, on: engine).word == "late: expired")
                #expect(try await market.standing("ONE", in: shop) == [1, 3_00])
            }
        }
    }

    @Test(arguments: [
        "UPDATE coupons SET active = false",
        "UPDATE coupons SET ends_at = timestamptz '2026-01-31T01:00:00Z'",
        "UPDATE coupons SET percent_bps = 1", "UPDATE coupons SET plan_ids = '{}'",
    ])
    func `what was reserved is given, whatever has become of the coupon, and given back with the order`(
        script: String
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.put("TENTH", in: shop, limit: 1)
            try await market.withEngine { engine in
                let order = try await market.place(shop, coupon: "TENTH", on: engine).order
                market.clock.advance(milliseconds: Self.day / 2)
                try await database.execute(script)
                let bought = try #require(try await market.settle(order, 12_00, in: shop, on: engine).bought)
                #expect(bought.total.minor == 10_80 && bought.discount.minor == 1_20)
                #expect(try await market.balance(of: shop.ann, in: shop) == 1_20)
                #expect(try await market.standing("TENTH", in: shop) == [1, 1_20])
                _ = try await engine.submit(market.refund(order, of: shop))
                #expect(try await market.standing("TENTH", in: shop) == [0, 0])
                #expect(try await market.balance(of: shop.ann, in: shop) == 12_00)
            }
        }
    }

    @Test func `a first order that waits is the customer's first, once, until it expires`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            for code in ["NEW", "FRESH"] {
                try await shop.coupon(
                    code, amount: 2_00, firstOrder: true, renewals: 1, on: database.owner,
                    id: market.ids.next(at: market.now), at: market.now)
            }
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let order = try await market.place(shop, coupon: "NEW", on: engine).order
                for code in ["NEW", "FRESH"] {
                    let second = try await refusal { try await market.place(shop, coupon: code, on: engine) }
                    #expect(second == .coupon(.notFirstOrder))
                    let purchase = market.purchase(shop, coupon: code)
                    #expect(await market.race([purchase], on: engine)[0].refusal == .coupon(.notFirstOrder))
                }
                market.clock.advance(milliseconds: Self.day)
                try await market.expirePending()
                let fresh = try await market.place(shop, coupon: "FRESH", on: engine).order
                // What is bought meanwhile does not take back what was promised when it was placed.
                #expect(
                    await market.race([market.purchase(shop)], on: engine)[0].bought?.total.minor == 12_00)
                let bought = try #require(try await market.settle(fresh, 1_00, in: shop, on: engine).bought)
                #expect(bought.total.minor == 10_00)
                let renewal = try await engine.submit(
                    market.renewal(shop, of: bought.subscriptions[0].id))
                #expect(renewal.renewed?.promise == .kept && renewal.renewed?.total.minor == 10_00)
                #expect(order != fresh)
            }
        }
    }

    /// Lessons row 29 with orders that wait: a limit of three, twenty at once, some of which expire or are taken back.
    @Test
    func `limit three, twenty orders that wait and are paid, taken back or not: never more than three stand`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.put("THREE", in: shop, limit: 3)
            try await market.withEngine { engine in
                for round in 0..<4 {
                    let placed = await withTaskGroup(of: OrderID?.self) { group in
                        for number in 0..<20 {
                            group.addTask {
                                try? await market.place(
                                    shop, by: number % 2 == 0 ? shop.ann : shop.ben, coupon: "THREE",
                                    on: engine
                                ).order
                            }
                        }
                        return await group.reduce(into: [OrderID]()) { if let id = $1 { $0.append(id) } }
                    }
                    #expect(placed.count == 3, "round \(round)")
                    #expect(try await market.standing("THREE", in: shop)[0] == 3)
                    switch round {
                    case 0:
                        market.clock.advance(milliseconds: Self.day)
                        #expect(try await market.expirePending().expired == 3)
                    case 1: for order in placed { try await market.cancel(order, in: shop, on: engine) }
                    default:
                        for order in placed {
                            #expect(
                                try await market.settle(order, 12_00, in: shop, on: engine).word == "bought")
                        }
                        for order in placed {
                            let customer = try await market.pending(order, in: shop).customer
                            _ = try await engine.submit(market.refund(order, of: shop, by: customer))
                        }
                    }
                    #expect(try await market.standing("THREE", in: shop) == [0, 0])
                }
            }
        }
    }
}
