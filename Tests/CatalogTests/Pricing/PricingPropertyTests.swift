import Catalog
import Primitives
import Testing

@Suite("Pricing, by property")
struct PricingPropertyTests {
    private static let casesCount = 20_000

    @Test func `total is list less discount, within bounds, floored and never wrapped`() async {
        var random = SplitMix64(seed: 0x7072_6963_6531)
        var priced = 0
        for number in 0..<Self.casesCount {
            if number.isMultiple(of: 512) { await Task.yield() }
            let order = Order.random(&random)
            guard let quote = order.quote else {
                #expect(
                    order.exactList > Int128(Int64.max), "case \(number) was refused without need: \(order)")
                continue
            }
            priced += 1
            let holds =
                Int128(quote.list.minor) == order.exactList
                && Int128(quote.total.minor) == Int128(quote.list.minor) - Int128(quote.discount.minor)
                && quote.discount.minor >= 0 && quote.discount.minor <= quote.list.minor
                && Int128(quote.discount.minor) == order.exactDiscount
                && Int128(quote.discount.minor) * 10_000 + Int128(quote.remainder)
                    == order.exactDiscountInTenThousandths
                && quote.total.currency == order.plan.currency
            #expect(holds, "case \(number): \(order) gave \(quote)")
        }
        #expect(priced > 10_000)
    }

    /// With a percentage, one more never costs less: a buyer cannot save by buying what he does not need.
    @Test func `more of the same never costs less, whatever the coupon`() async {
        var random = SplitMix64(seed: 0x7072_6963_6532)
        for number in 0..<Self.casesCount {
            if number.isMultiple(of: 512) { await Task.yield() }
            var order = Order.random(&random)
            order.quantity = Int64.random(in: 1..<Int64(Quantity.cap), using: &random)
            guard let less = order.quote else { continue }
            order.quantity += 1
            guard let more = order.quote else { continue }
            let holds = more.total.minor >= less.total.minor && more.list.minor >= less.list.minor
            #expect(holds, "case \(number): \(order)")
        }
    }

    private struct Order: CustomStringConvertible {
        var plan: Plan
        var quantity: Int64
        var repeatCount: Int64
        var coupon: Coupon?

        static func random(_ random: inout SplitMix64) -> Order {
            let code = ["EUR", "JPY", "KWD", "CLF"].randomElement(using: &random) ?? "EUR"
            // As many small prices as prices near the edge of Int64.
            let price =
                Int64.random(in: 0...Int64.max, using: &random) >> Int64.random(in: 0...62, using: &random)
            let amount =
                Int64.random(in: 1...Int64.max, using: &random) >> Int64.random(in: 0...61, using: &random)
            let discounts: [Coupon.Discount?] = [
                nil, Sample.percent(Int32.random(in: 1...10_000, using: &random)),
                .amount(Sample.money(max(1, amount), code)),
            ]
            let discount = discounts.randomElement(using: &random) ?? nil
            return Order(
                plan: Sample.plan(price: Sample.money(price, code)),
                quantity: Int64.random(in: 1...Int64(Quantity.cap), using: &random),
                repeatCount: Int64.random(in: 1...Int64(RepeatCount.cap), using: &random),
                coupon: discount.map { Sample.coupon($0) })
        }

        var quote: Quote? {
            guard let quantity = Quantity(quantity), let repeatCount = RepeatCount(repeatCount) else {
                return nil
            }
            return try? Pricing.quote(
                plan: plan, kind: .renewal, quantity: quantity, repeatCount: repeatCount,
                coupon: coupon.map { .named($0, by: CouponUser()) }, at: Sample.now)
        }

        var exactList: Int128 { Int128(plan.price?.minor ?? 0) * Int128(quantity) * Int128(repeatCount) }

        /// In ten-thousandths of a minor unit, as the rules say it before any rounding.
        var exactDiscountInTenThousandths: Int128 {
            switch coupon?.discount {
            case nil: 0
            case .percent(let share): exactList * Int128(share.value)
            case .amount(let amount): min(Int128(amount.minor), exactList) * 10_000
            }
        }

        var exactDiscount: Int128 { exactDiscountInTenThousandths / 10_000 }

        var description: String {
            "\(plan.price?.description ?? "-") × \(quantity) × \(repeatCount), \(String(describing: coupon?.discount))"
        }
    }
}
