import Catalog
import Primitives
import Testing

@Suite("Budgets that are used up")
struct CouponBudgetTests {
    private static let month: PlanID = Sample.id(1)
    private static let week: PlanID = Sample.id(2)
    private static let prices: [(plan: PlanID, minor: Int64)] = [(month, 12_00), (week, 4_00)]

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let left: Int64
        let isUsedUp: Bool
        let discount: Coupon.Discount
        let change: @Sendable (inout Coupon) -> Void

        init(
            _ description: String, _ left: Int64, _ isUsedUp: Bool,
            _ discount: Coupon.Discount = Sample.percent(50_00),
            _ change: @escaping @Sendable (inout Coupon) -> Void = { _ in }
        ) {
            testDescription = "\(description), \(left) left"
            (self.left, self.isUsedUp, self.discount, self.change) = (left, isUsedUp, discount, change)
        }
    }

    static let cases: [Case] = [
        Case("half of the cheapest plan", 2_00, false), Case("half of the cheapest plan", 1_99, true),
        Case("half of the one plan", 5_99, true) { $0.planIDs = [month] },
        Case("half of the one plan", 6_00, false) { $0.planIDs = [month] },
        Case("a cap", 1_00, false) { $0.maxDiscount = Sample.money(1_00) },
        Case("a cap", 99, true) { $0.maxDiscount = Sample.money(1_00) },
        Case("three weeks to reach the minimum", 6_00, false) { $0.minimum = Sample.money(8_01) },
        Case("three weeks to reach the minimum", 5_99, true) { $0.minimum = Sample.money(8_01) },
        Case("a minimum that nobody reaches", 1, false) { $0.minimum = Sample.money(1_000_000_000_00) },
        Case("a minimum that nobody reaches", 0, true) { $0.minimum = Sample.money(1_000_000_000_00) },
        Case("an amount", 3_00, false, .amount(Sample.money(3_00))),
        Case("an amount", 2_99, true, .amount(Sample.money(3_00))),
        Case("an amount above the price", 4_00, false, .amount(Sample.money(5_00))),
        Case("a discount of nothing", 1, false, Sample.percent(1)),
        Case("a discount of nothing", 0, true, Sample.percent(1)),
        Case("no plan", 1, false) { $0.planIDs = [Sample.id(99)] },
        Case("no plan", 0, true) { $0.planIDs = [Sample.id(99)] },
    ]

    @Test(arguments: cases)
    func `a budget is used up when the cheapest order's discount does not fit`(row: Case) {
        let coupon = Sample.coupon(row.discount) {
            $0.budget = Sample.money(100_00)
            $0.discountedMinor = 100_00 - row.left
            row.change(&$0)
        }
        #expect(coupon.hasUsedUpBudget(prices: Self.prices) == row.isUsedUp)
    }

    @Test func `without a budget nothing is ever used up`() {
        let coupon = Sample.coupon(Sample.percent(50_00)) { $0.discountedMinor = .max }
        #expect(!coupon.hasUsedUpBudget(prices: Self.prices))
    }

    /// What is told to be used up refuses every order that a customer may place.
    @Test func `for every coupon that has used up its budget, no order gets a discount`() throws {
        for seed in 0..<2_000 as Range<UInt64> {
            var dice = SplitMix64(seed: seed)
            let coupon = Sample.coupon(
                dice.next() % 2 == 0
                    ? Sample.percent(Int32(1 + dice.next() % 10_000))
                    : .amount(Sample.money(Int64(1 + dice.next() % 900)))
            ) {
                $0.budget = Sample.money(20_00)
                $0.discountedMinor = 20_00 - Int64(dice.next() % 600)
                if dice.next() % 3 == 0 { $0.minimum = Sample.money(Int64(dice.next() % 30_00)) }
            }
            let prices = (1...3).map { number in
                (plan: Sample.id(number) as PlanID, minor: Int64(1 + dice.next() % 12_00))
            }
            guard coupon.hasUsedUpBudget(prices: prices) else { continue }
            for (place, price) in prices.enumerated() {
                for (quantity, count) in [(1, 1), (2, 1), (1, 3), (5, 7), (100, 120)] as [(Int64, Int64)] {
                    let quote = try? Pricing.quote(
                        plan: Sample.plan(price: Sample.money(price.minor), number: UInt64(place + 1)),
                        kind: .purchase, quantity: Quantity(quantity)!, repeatCount: RepeatCount(count)!,
                        coupon: .named(coupon, by: CouponUser()), at: Sample.now)
                    #expect(quote?.discount.isZero ?? true, "seed \(seed)")
                }
            }
        }
    }
}
