import Billing
import Postgres
import Primitives
import TestSupport
import Testing

@Suite("Refunds and adjustments", .database)
struct RefundTests {
    @Test func `refunds in parts never exceed what was paid, and give wholesale back in proportion`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            func refund(_ order: OrderID, _ minor: Int64?) -> Submission {
                market.submission(
                    .refund(Refund(customer: shop.ann, order: order, amount: minor.map(shop.money))), by: shop
                )
            }
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 10_00, in: shop, with: engine)
                _ = try await engine.submit(
                    market.submission(
                        .floatTopUp(FloatTopUp(amount: shop.money(7_00), reference: "f")), by: shop))
                let bought = try #require(
                    try await engine.submit(market.purchase(shop, plan: shop.resoldPlan)).bought)
                let parts = await market.inTurn(
                    [refund(bought.order, 3_33), refund(bought.order, 3_33), refund(bought.order, 9_99)],
                    on: engine)
                #expect(parts.map(\.isCarriedOut) == [true, true, false])
                #expect(parts[2].refusal == .refundExceedsPayment(refundable: shop.money(3_34)))
                #expect(try await market.ledgerBalance("float", in: shop) == 4_66)
                #expect(try await market.count("allocations", of: shop) == 1)

                let rest = await market.race(
                    [refund(bought.order, nil), refund(bought.order, nil)], on: engine)
                #expect(rest.filter(\.isCarriedOut).count == 1)
                #expect(rest.compactMap(\.refusal) == [.refundExceedsPayment(refundable: shop.money(0))])
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 10_00)
            #expect(try await market.ledgerBalance("float", in: shop) == 7_00)
            #expect(try await market.ledgerBalance("revenue", in: shop) == 0)
        }
    }

    @Test func `a whole refund ends what was bought, returns the slot and gives the coupon's use back`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await shop.coupon(
                "LASTONE", percent: 5_000, limit: 1, perCustomer: 1, on: database.owner,
                id: market.ids.next(at: market.now), at: market.now)
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let first = try #require(
                    try await engine.submit(market.purchase(shop, coupon: "LASTONE")).bought)
                let second = await market.race([market.purchase(shop, coupon: "LASTONE")], on: engine)
                #expect(second[0].refusal == .coupon(.exhausted))
                _ = try await engine.submit(
                    market.submission(.refund(Refund(customer: shop.ann, order: first.order)), by: shop))
                let ended = await market.race(
                    [market.renewal(shop, of: first.subscriptions[0].id)], on: engine)
                #expect(ended[0].refusal == .subscriptionNotRenewable)
                #expect(try await engine.submit(market.purchase(shop, coupon: "LASTONE")).bought != nil)
            }
            let draining = try await database.owner.run { connection in
                try connection.query(
                    Statement(
                        "SELECT count(*) FROM slots WHERE tenant_id = $1 AND state = 'draining'",
                        [shop.tenant]))[0]
                    .get(0, as: Int64.self)
            }
            #expect(draining == 1)
        }
    }

    @Test func `a renewed purchase is not taken back whole, but its money can be given as a courtesy`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 24_00, in: shop, with: engine)
                let bought = try #require(try await engine.submit(market.purchase(shop)).bought)
                let id = bought.subscriptions[0].id
                _ = try await engine.submit(market.renewal(shop, of: id))
                let results = await market.inTurn(
                    [
                        market.refund(bought.order, of: shop),
                        market.refund(bought.order, of: shop, keepsService: true),
                    ], on: engine)
                #expect(results.map(\.refusal) == [.serviceNotReturnable, nil])
                #expect(results[1].refunded?.subscriptions.isEmpty == true)
                #expect(try await engine.submit(market.renewal(shop, of: id)).renewed != nil)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
        }
    }

    @Test func `an order that cost nothing is cancelled once: coupon, slot and wholesale come back`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await shop.coupon(
                "FREE", percent: 10_000, limit: 1, on: database.owner, id: market.ids.next(at: market.now),
                at: market.now)
            try await market.withEngine { engine in
                _ = try await engine.submit(
                    market.submission(
                        .floatTopUp(FloatTopUp(amount: shop.money(7_00), reference: "f")), by: shop))
                let bought = try #require(
                    try await engine.submit(market.purchase(shop, plan: shop.resoldPlan, coupon: "FREE"))
                        .bought)
                #expect(try await market.ledgerBalance("float", in: shop) == 0)
                let cancel = Refund(customer: shop.ann, order: bought.order)
                let results = await market.inTurn(
                    [
                        market.submission(.refund(cancel), by: shop),
                        market.submission(.refund(cancel), by: shop),
                    ],
                    on: engine)
                #expect(results.map(\.isCarriedOut) == [true, false])
                #expect(
                    try await engine.submit(market.purchase(shop, plan: shop.resoldPlan, coupon: "FREE"))
                        .bought
                        != nil)
            }
            #expect(try await market.ledgerBalance("float", in: shop) == 0)
        }
    }

    @Test func `twenty refunds at once give the money back once`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 12_00, in: shop, with: engine)
                let bought = try #require(try await engine.submit(market.purchase(shop)).bought)
                let results = await market.race(
                    (0..<20).map { _ in
                        market.submission(
                            .refund(
                                Refund(customer: shop.ann, order: bought.order, amount: shop.money(12_00))),
                            by: shop)
                    }, on: engine)
                #expect(results.filter(\.isCarriedOut).count == 1)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 12_00)
        }
    }

    @Test func `nobody refunds another customer's or another tenant's order`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 12_00, in: shop, with: engine)
                let bought = try #require(try await engine.submit(market.purchase(shop)).bought)
                let results = await market.race(
                    [
                        market.submission(.refund(Refund(customer: shop.ben, order: bought.order)), by: shop),
                        market.submission(
                            .refund(Refund(customer: market.brio.ann, order: bought.order)), by: market.brio),
                    ], on: engine)
                #expect(results.compactMap(\.refusal) == [.orderUnknown, .orderUnknown])
            }
        }
    }

    @Test func `an adjustment takes no wallet below its credit limit`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            func adjust(_ minor: Int64) -> Submission {
                market.submission(
                    .adjustment(
                        Adjustment(
                            customer: shop.ben, amount: shop.money(minor), memo: "by hand", actor: "owner")),
                    by: shop)
            }
            try await market.withEngine { engine in
                let results = await market.inTurn(
                    [adjust(5_00), adjust(-3_00), adjust(-3_00), adjust(0)], on: engine)
                #expect(results.map(\.isCarriedOut) == [true, true, false, false])
                #expect(results[2].refusal?.isInsufficientBalance == true)
                #expect(results[3].refusal == .amountInvalid)
            }
            #expect(try await market.balance(of: shop.ben, in: shop) == 2_00)
            #expect(try await market.ledgerBalance("adjustments", in: shop) == 2_00)
        }
    }
}
