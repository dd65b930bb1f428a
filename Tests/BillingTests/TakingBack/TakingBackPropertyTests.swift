import Billing
import Catalog
import Primitives
import TestSupport
import Testing

/// Random histories of one customer in each of two shops; the invariants are run at the end as well.
@Suite("Money given back", .database)
struct TakingBackPropertyTests {
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func `whatever is bought, renewed, changed, refunded and cancelled, no more is given back than was paid`(
        seed: UInt64
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 200)
            let engine = market.engine(seed: seed)
            var histories: [History] = []
            let plans = try await market.sell(months: 1)
            for shop in [market.alba, market.brio] {
                try await market.coupon("HALF", percent: 49_99, renewals: 2, in: shop)
                try await market.coupon("FREE", percent: 100_00, limit: 2, in: shop)
                try await market.coupon("FIRST", percent: 33_33, firstOrder: true, in: shop)
                try await market.topUp(shop.ann, 5_000_00, in: shop, with: engine)
                let float = FloatTopUp(amount: shop.money(5_000_00), reference: "float")
                _ = try await engine.submit(market.submission(.floatTopUp(float), by: shop))
                histories.append(History(shop: shop, plans: plans))
            }
            var random = SplitMix64(seed: seed)
            for _ in 0..<120 {
                let place = Int.random(in: 0..<2, using: &random)
                try await histories[place].step(market, engine, &random)
                try await check(histories[place].shop, market)
            }
            await engine.stop()
        }
    }

    /// The wallet has what was put on it less what was paid plus what went back; neither float nor wallet gains.
    private func check(_ shop: Shop, _ market: Market) async throws {
        let sold = try await market.sold(in: shop)
        #expect(sold.refunded <= sold.paid)
        let balance = try await market.balance(of: shop.ann, in: shop)
        #expect(balance == 5_000_00 - sold.paid + sold.refunded && balance <= 5_000_00)
        #expect(try await market.ledgerBalance("revenue", in: shop) == sold.paid - sold.refunded)
        let float = try await market.ledgerBalance("float", in: shop)
        #expect(float <= 5_000_00)
    }

    /// One customer's orders and subscriptions, as a stranger would keep book of them.
    private struct History {
        let shop: Shop
        let plans: (alba: PlanID, brio: PlanID)
        var subscriptions: [SubscriptionID] = []
        var orders: [OrderID] = []

        private var monthly: PlanID { shop.slug == "alba" ? plans.alba : plans.brio }

        mutating func step(
            _ market: Market, _ engine: Engine, _ random: inout SplitMix64
        ) async throws {
            let coupon = ["HALF", "FREE", "FIRST", nil, nil].randomElement(using: &random)!
            let plan = [shop.nlPlan, shop.weekPlan, shop.resoldPlan, monthly].randomElement(using: &random)!
            let submission: Submission
            switch Int.random(in: 0..<21, using: &random) {
            case 0..<4:
                submission = market.purchase(
                    shop, plan: plan, quantity: .random(in: 1...3, using: &random),
                    repeatCount: .random(in: 1...3, using: &random), coupon: coupon)
            case 4..<9:
                guard let id = subscriptions.randomElement(using: &random) else { return }
                submission = market.renewal(
                    shop, of: id, plan: plan, repeatCount: .random(in: 1...2, using: &random),
                    coupon: Bool.random(using: &random) ? coupon : nil)
            case 9..<13:
                guard let order = orders.randomElement(using: &random) else { return }
                submission = market.refund(
                    order, of: shop,
                    minor: Bool.random(using: &random) ? .random(in: 1...15_00, using: &random) : nil,
                    keepsService: Int.random(in: 0..<4, using: &random) == 0,
                    reason: RefundReason.allCases.randomElement(using: &random)!)
            case 17, 18:
                guard let id = subscriptions.randomElement(using: &random) else { return }
                let plans = [shop.nlPlan, shop.weekPlan, shop.resoldPlan, shop.dePlan, monthly]
                submission = market.planChange(
                    shop, of: id, to: plans.randomElement(using: &random)!)
            case 13..<17:
                guard let id = subscriptions.randomElement(using: &random) else { return }
                submission = market.cancellation(
                    shop, of: id, way: Cancellation.Way.allCases.randomElement(using: &random)!,
                    keepsMoney: Int.random(in: 0..<8, using: &random) == 0)
            default:
                market.clock.advance(milliseconds: .random(in: 0...20 * Market.day, using: &random))
                return
            }
            let result = await market.race([submission], on: engine)[0]
            if case .failure(let error) = result, result.refusal == nil { throw error }
            if let bought = result.bought {
                subscriptions += bought.subscriptions.map(\.id)
                orders.append(bought.order)
            }
            if let renewed = result.renewed { orders.append(renewed.order) }
            if let changed = result.changed { orders.append(changed.order) }
        }
    }
}
