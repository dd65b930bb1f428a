import Catalog
import Primitives
import Testing

@Suite("Price lists")
struct PriceListTests {
    private static let group: CustomerGroupID = Sample.id(9)

    private func list(_ price: Money?, version: Int32 = 1) -> GroupPrice {
        GroupPrice(group: Self.group, version: version, price: price)
    }

    @Test func `a group's price stands in the place of the plan's, dearer or cheaper, and says so`() {
        let plan = Sample.plan(price: Sample.money(12_00), wholesale: Sample.money(7_00))
        for minor in [0, 1, 11_99, 12_00, 99_00] as [Int64] {
            let priced = plan.priced(by: list(Sample.money(minor), version: 3))
            #expect(priced.price == Sample.money(minor))
            #expect(priced.priceList == list(Sample.money(minor), version: 3))
            #expect(priced.wholesalePrice == Sample.money(7_00), "what the tenant pays is the plan's")
        }
    }

    @Test func `without a price of its own a group pays the plan's`() {
        let plan = Sample.plan(price: Sample.money(12_00))
        #expect(plan.priced(by: nil) == plan)
        #expect(plan.priced(by: list(nil)) == plan, "a price that was withdrawn")
        #expect(plan.priced(by: list(Sample.money(5_00, "USD"))) == plan, "money of another currency")
    }

    @Test func `a price that is agreed with a person may be a group's`() throws {
        let plan = Sample.plan(price: nil)
        #expect(throws: PricingRefusal.notPriced) { try quote(plan) }
        #expect(try quote(plan.priced(by: list(Sample.money(80_00)))).total == Sample.money(80_00))
    }

    @Test func `an order by a price list costs what it would cost if that were the plan's price`() throws {
        var random = SplitMix64(seed: 0x6c69_7374_7331)
        for _ in 0..<5_000 {
            let own = Sample.money(.random(in: 0...10_000, using: &random))
            let price = Sample.money(.random(in: 0...10_000, using: &random))
            let wholesale = Bool.random(using: &random) ? Sample.money(1_00) : nil
            let points = Int32.random(in: 1...10_000, using: &random)
            let coupon = Sample.coupon(Sample.percent(points))
            let count = Int64.random(in: 1...9, using: &random)
            let listed = Sample.plan(price: own, wholesale: wholesale).priced(by: list(price))
            #expect(
                try quote(listed, coupon, count)
                    == quote(Sample.plan(price: price, wholesale: wholesale), coupon, count))
        }
    }

    private func quote(_ plan: Plan, _ coupon: Coupon? = nil, _ count: Int64 = 1) throws -> Quote {
        try Pricing.quote(
            plan: plan, kind: .purchase, quantity: #require(Quantity(count)), repeatCount: .one,
            coupon: coupon.map { .named($0, by: CouponUser()) }, at: Sample.now)
    }
}
