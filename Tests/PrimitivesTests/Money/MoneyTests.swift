import Primitives
import Testing

@Suite("Money")
struct MoneyTests {
    let dollar = Currency("USD")!

    @Test func `sums, differences and products are exact, or nil where they leave Int64`() async {
        await forAll { generator in
            let (left, right) = (generator.anyInt64(), generator.anyInt64())
            let (a, b) = (money(left), money(right))

            try same(a.adding(b)?.minor, Int64(exactly: Int128(left) + Int128(right)), "\(left) + \(right)")
            try same(
                a.subtracting(b)?.minor, Int64(exactly: Int128(left) - Int128(right)), "\(left) - \(right)")
            try same(
                a.multiplied(by: right)?.minor, Int64(exactly: Int128(left) * Int128(right)),
                "\(left) * \(right)")
        }
    }

    @Test func `a sum that was made can be unmade`() async {
        await forAll { generator in
            let (a, b) = (money(generator.anyInt64()), money(generator.anyInt64()))
            guard let sum = a.adding(b) else { return }
            try same(sum.subtracting(b), a)
        }
    }

    @Test(
        arguments: [
            (Int64.max, Int64(1)), (Int64.min, -1), (Int64.max, Int64.max), (Int64.min, Int64.min),
        ] as [(Int64, Int64)])
    func `a sum past the bounds is refused`(left: Int64, right: Int64) {
        #expect(money(left).adding(money(right)) == nil)
    }

    @Test func `the bounds themselves are reached`() {
        #expect(money(.max - 1).adding(money(1)) == money(.max))
        #expect(money(.min + 1).subtracting(money(1)) == money(.min))
        #expect(money(.min).subtracting(money(1)) == nil)
        #expect(money(0).subtracting(money(.min)) == nil)
        #expect(money(.min).multiplied(by: -1) == nil)
        #expect(money(.min).multiplied(by: 1) == money(.min))
    }

    @Test(
        arguments: [(Int64(0), true, false, false), (1, false, true, false), (-1, false, false, true)]
            as [(Int64, Bool, Bool, Bool)])
    func `an amount is zero, positive or negative`(minor: Int64, zero: Bool, positive: Bool, negative: Bool) {
        #expect(money(minor).isZero == zero)
        #expect(money(minor).isPositive == positive)
        #expect(money(minor).isNegative == negative)
    }

    @Test func `adding two currencies is a mistake of ours and traps`() async {
        await #expect(processExitsWith: .failure) {
            _ = Money.zero(Currency("USD")!).adding(.zero(Currency("EUR")!))
        }
        await #expect(processExitsWith: .failure) {
            _ = Money.zero(Currency("USD")!).subtracting(.zero(Currency("EUR")!))
        }
    }

    private func money(_ minor: Int64) -> Money { Money(minor: minor, currency: dollar) }
}
