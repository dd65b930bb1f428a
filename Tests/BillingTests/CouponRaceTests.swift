import Billing
import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

/// Many buyers, one coupon: in groups of one engine, and between two processes with an engine each.
@Suite("Coupon races", .database)
struct CouponRaceTests {
    /// Lessons row 29 (dujiaoka #280): a limit of three gave four discounts.
    @Test func `limit three, twenty buyers at once, some refunded meanwhile: never more than three stand`()
        async throws
    {
        try await withRivals { market, shop, left, right in
            try await shop.coupon(
                "THREE", percent: 50_00, limit: 3, on: market.database.owner,
                id: market.ids.next(at: market.now), at: market.now)
            var standing: [(order: OrderID, customer: CustomerID)] = []
            for round in 0..<5 {
                let orders = (0..<20).map {
                    market.purchase(shop, by: $0 % 2 == 0 ? shop.ann : shop.ben, coupon: "THREE")
                }
                let refunds = standing.prefix(round % 3 + 1).map {
                    market.refund($0.order, of: shop, by: $0.customer)
                }
                async let first = market.race(Array(orders[..<10]) + refunds, on: left)
                async let second = market.race(Array(orders[10...]), on: right)
                let results = await first + second
                let bought = results.compactMap(\.bought)
                #expect(bought.allSatisfy { $0.discount == shop.money(6_00) })
                #expect(results.allSatisfy { $0.isCarriedOut || $0.refusal != nil })
                #expect(try await standingUses("THREE", shop, market).count <= 3)
                // What was freed last is there for the next buyers, and not a use more.
                let late = await market.inTurn(
                    (0..<4).map { _ in market.purchase(shop, coupon: "THREE") }, on: left)
                #expect(late.last?.refusal == .coupon(.exhausted))
                standing = try await standingUses("THREE", shop, market)
                #expect(standing.count == 3)
            }
        }
    }

    @Test func `sixty-four orders against a budget of ten discounts: ten get one, the rest pay nothing`()
        async throws
    {
        try await withRivals { market, shop, left, right in
            try await shop.coupon(
                "POT", amount: 3_00, budget: 32_99, on: market.database.owner,
                id: market.ids.next(at: market.now), at: market.now)
            let orders = (0..<64).map {
                market.purchase(shop, by: $0 % 2 == 0 ? shop.ann : shop.ben, coupon: "pot")
            }
            async let first = market.race(Array(orders[..<32]), on: left)
            async let second = market.race(Array(orders[32...]), on: right)
            let results = await first + second
            #expect(
                results.compactMap(\.bought).map(\.discount) == Array(repeating: shop.money(3_00), count: 10))
            #expect(results.filter { $0.refusal == .coupon(.budgetExhausted) }.count == 54)
            let paid = try await market.ledgerBalance("revenue", in: shop)
            #expect(paid == 10 * 9_00)
        }
    }

    @Test func `one customer's first orders at once: one is the first, with two coupons for it too`()
        async throws
    {
        try await withRivals { market, shop, left, right in
            for code in ["NEW", "FRESH"] {
                try await shop.coupon(
                    code, amount: 3_00, firstOrder: true, on: market.database.owner,
                    id: market.ids.next(at: market.now), at: market.now)
            }
            let orders = (0..<32).map { market.purchase(shop, coupon: $0 % 3 == 0 ? "NEW" : "FRESH") }
            async let first = market.race(Array(orders[..<16]), on: left)
            async let second = market.race(Array(orders[16...]), on: right)
            let results = await first + second
            #expect(results.compactMap(\.bought).count == 1)
            #expect(results.filter { $0.refusal == .coupon(.notFirstOrder) }.count == 31)
        }
    }

    @Test
    func `an order at the list price and one for a first order at once: never the discount after the order`()
        async throws
    {
        try await withRivals { market, shop, left, right in
            try await shop.coupon(
                "NEW", amount: 3_00, firstOrder: true, on: market.database.owner,
                id: market.ids.next(at: market.now), at: market.now)
            // In one group the order of the commands decides; between two engines, the wallet's lock.
            let inTurn = await market.race(
                [market.purchase(shop, by: shop.ben), market.purchase(shop, by: shop.ben, coupon: "NEW")],
                on: left)
            #expect(inTurn[0].bought != nil)
            async let plain = market.race((0..<8).map { _ in market.purchase(shop) }, on: left)
            async let asNew = market.race(
                (0..<8).map { _ in market.purchase(shop, coupon: "NEW") }, on: right)
            let discounted = await asNew.compactMap(\.bought)
            #expect(await plain.allSatisfy(\.isCarriedOut) && discounted.count <= 1)
        }
    }

    /// Lessons row 30 (litemall #581): of 64 claims to the one use 36 passed.
    @Test func `one use and sixty-four claims: one order, sixty-three refusals`() async throws {
        try await withRivals { market, shop, left, right in
            try await shop.coupon(
                "ONE", percent: 100_00, limit: 1, on: market.database.owner,
                id: market.ids.next(at: market.now), at: market.now)
            let orders = (0..<64).map {
                market.purchase(shop, by: $0 % 2 == 0 ? shop.ann : shop.ben, coupon: "ONE")
            }
            async let first = market.race(Array(orders[..<32]), on: left)
            async let second = market.race(Array(orders[32...]), on: right)
            let results = await first + second
            #expect(results.compactMap(\.bought).map(\.total) == [shop.money(0)])
            #expect(results.filter { $0.refusal == .coupon(.exhausted) }.count == 63)
        }
    }

    /// The same coupon at both ends: purchases name it while renewals were promised it.
    @Test func `purchases and promised renewals share one budget to the last minor unit`() async throws {
        try await withRivals { market, shop, left, right in
            try await shop.coupon(
                "BOTH", amount: 3_00, budget: 30_00, renewals: 20, on: market.database.owner,
                id: market.ids.next(at: market.now), at: market.now)
            let bought = try #require(try await left.submit(market.purchase(shop, coupon: "BOTH")).bought)
            async let renewals = market.race(
                (0..<16).map { _ in market.renewal(shop, of: bought.subscriptions[0].id) }, on: left)
            async let purchases = market.race(
                (0..<16).map { _ in market.purchase(shop, by: shop.ben, coupon: "BOTH") }, on: right)
            let renewed = try await renewals.map { try $0.get().renewed }
            let sold = await purchases.compactMap(\.bought)
            #expect(renewed.count == 16)
            let discounts = renewed.filter { $0?.discount == shop.money(3_00) }.count + sold.count
            #expect(discounts == 9)
        }
    }

    private func withRivals(_ body: (Market, Shop, Engine, Engine) async throws -> Void) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 120)
            let engines = [market.engine(seed: 1), market.engine(seed: 2)]
            do {
                for customer in [market.alba.ann, market.alba.ben] {
                    try await market.topUp(customer, 3_000_00, in: market.alba, with: engines[0])
                }
                try await body(market, market.alba, engines[0], engines[1])
            } catch {
                for engine in engines { await engine.stop() }
                throw error
            }
            for engine in engines { await engine.stop() }
        }
    }

    /// The orders whose use of the coupon stands, and whose they are.
    private func standingUses(
        _ code: String, _ shop: Shop, _ market: Market
    ) async throws -> [(order: OrderID, customer: CustomerID)] {
        try await market.database.owner.run { connection in
            try connection.query(
                """
                SELECT r.order_id, r.customer_id FROM coupon_redemptions r
                JOIN coupons c ON c.tenant_id = r.tenant_id AND c.id = r.coupon_id
                WHERE c.tenant_id = \(shop.tenant) AND c.code = \(code) AND r.state = 'committed'
                """
            ).map { (try $0.get(0), try $0.get(1)) }
        }
    }
}
