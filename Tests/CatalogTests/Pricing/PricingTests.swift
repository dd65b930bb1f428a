import Catalog
import Primitives
import Testing

@Suite("Pricing")
struct PricingTests {
    @Test func `price, repeatCount and quantity multiply, for the tenant as for the customer`() throws {
        let plan = Sample.plan(price: Sample.money(12_00), wholesale: Sample.money(7_00))

        let quote = try quote(plan, quantity: 5, repeatCount: 3)

        #expect(quote.list == Sample.money(180_00))
        #expect(quote.total == Sample.money(180_00))
        #expect(quote.wholesale == Sample.money(105_00))
        #expect(quote.discount.isZero && quote.remainder == 0)
    }

    /// contracts/gate.md G3: once per order, on the order's total, rounded down.
    @Test func `a percentage is taken once from the whole order, rounded down, and says what rounding left`()
        throws
    {
        let plan = Sample.plan(price: Sample.money(3_33))

        let quote = try quote(plan, quantity: 3, coupon: Sample.coupon(Sample.percent(12_50)))

        // 12.5 % of 9.99 is 1.24875.
        #expect(quote.discount == Sample.money(1_24))
        #expect(quote.remainder == 8_750)
        #expect(quote.total == Sample.money(8_75))
    }

    @Test func `an amount off is capped at the total, and the tenant still owes the platform its part`()
        throws
    {
        let plan = Sample.plan(price: Sample.money(4_00), wholesale: Sample.money(2_50))

        let quote = try quote(plan, coupon: Sample.coupon(.amount(Sample.money(5_00))))

        #expect(quote.discount == Sample.money(4_00))
        #expect(quote.total.isZero)
        #expect(quote.wholesale == Sample.money(2_50))
    }

    @Test func `all of it off is an order of nothing`() throws {
        let quote = try quote(Sample.plan(), coupon: Sample.coupon(Sample.percent(10_000)))
        #expect(quote.total.isZero && quote.discount == quote.list)
    }

    @Test func `a trial costs nothing and moves nothing, even where the plan has no price`() throws {
        let quote = try quote(Sample.plan(price: nil, wholesale: Sample.money(7_00)), kind: .trial)
        #expect(quote.total == Sample.money(0) && quote.list.isZero && quote.wholesale == nil)
    }

    @Test func `a plan priced on request is not sold by machine`() {
        #expect(throws: PricingRefusal.notPriced) { try self.quote(Sample.plan(price: nil)) }
    }

    @Test(arguments: [
        (price: Int64.max, wholesale: Int64(0), quantity: Int64(2), repeatCount: Int64(1)),
        (Int64.max, 0, 1, 2), (Int64.max / 11_999, 0, 100, 120), (1, Int64.max, 2, 1),
    ])
    func `an order past Int64 is too large, never small`(
        price: Int64, wholesale: Int64, quantity: Int64, repeatCount: Int64
    ) {
        let plan = Sample.plan(price: Sample.money(price), wholesale: Sample.money(wholesale))
        #expect(throws: PricingRefusal.amountTooLarge) {
            try self.quote(plan, quantity: quantity, repeatCount: repeatCount)
        }
    }

    @Test func `the largest order that fits is priced`() throws {
        let plan = Sample.plan(price: Sample.money(.max / 12_000))
        #expect(try quote(plan, quantity: 100, repeatCount: 120).list.minor == Int64.max / 12_000 * 12_000)
    }

    /// Lago #643 and InvoicePlane #1677 charged a hundredfold: the scale belongs to the currency.
    @Test(arguments: Currency.all)
    func `every ISO 4217 scale is priced in its own minor units`(currency: Currency) throws {
        let price = try #require(Money(decimal: "12", currency: currency))
        let plan = Sample.plan(price: price)

        let quote = try quote(plan, quantity: 2, coupon: Sample.coupon(Sample.percent(25_00)))

        #expect(quote.list.description == "24\(digits(currency)) \(currency.code)")
        #expect(quote.total.description == "18\(digits(currency)) \(currency.code)")
    }

    private func digits(_ currency: Currency) -> String {
        currency.scale == 0 ? "" : "." + String(repeating: "0", count: currency.scale)
    }

    @discardableResult
    private func quote(
        _ plan: Plan, kind: OrderKind = .purchase, quantity: Int64 = 1, repeatCount: Int64 = 1,
        coupon: Coupon? = nil
    ) throws -> Quote {
        try Pricing.quote(
            plan: plan, kind: kind, quantity: #require(Quantity(quantity)),
            repeatCount: #require(RepeatCount(repeatCount)),
            coupon: coupon.map { .named($0, by: CouponUser()) },
            at: Sample.now)
    }
}
