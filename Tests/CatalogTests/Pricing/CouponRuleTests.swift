import Catalog
import Primitives
import Testing

@Suite("Coupon rules")
struct CouponRuleTests {
    /// 20 % of the price, capped at 2.40.
    @Test(arguments: [
        (price: Int64(11_99), discount: Int64(2_39), remainder: Int64(8_000)), (12_00, 2_40, 0),
        (12_01, 2_40, 2_000), (12_04, 2_40, 8_000), (12_05, 2_40, 0), (1_000_00, 2_40, 0), (1, 0, 2_000),
        (0, 0, 0),
    ])
    func `a percentage is capped at the greatest discount, and a cap leaves no remainder`(
        price: Int64, discount: Int64, remainder: Int64
    ) throws {
        let coupon = Sample.coupon(Sample.percent(20_00)) { $0.maxDiscount = Sample.money(2_40) }

        let quote = try Pricing.quote(
            plan: Sample.plan(price: Sample.money(price)), kind: .purchase, quantity: .one,
            repeatCount: .one, coupon: .named(coupon, by: CouponUser()), at: Sample.now)

        #expect(quote.discount == Sample.money(discount) && quote.remainder == remainder)
        #expect(quote.total == Sample.money(price - discount) && quote.promise == nil)
    }

    struct Promise: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let outcome: PromiseOutcome
        let change: @Sendable (inout Coupon) -> Void

        init(
            _ description: String, _ outcome: PromiseOutcome,
            _ change: @escaping @Sendable (inout Coupon) -> Void
        ) {
            testDescription = description
            self.outcome = outcome
            self.change = change
        }
    }

    static let promises: [Promise] = [
        Promise("without conditions", .kept) { _ in },
        Promise("switched off", .kept) { $0.isActive = false },
        Promise("ended", .kept) { $0.endsAt = Sample.now },
        Promise("not started", .kept) { $0.startsAt = Instant(milliseconds: Sample.now.milliseconds + 1) },
        Promise("used up", .kept) { ($0.maxRedemptions, $0.redeemedCount) = (1, 1) },
        Promise("used up by its customer", .kept) { $0.perCustomer = 1 },
        Promise("for somebody else", .kept) { $0.customers = ["nobody@alba.test"] },
        Promise("for a first order", .kept) { $0.isFirstOrderOnly = true },
        Promise("for purchases", .kept) { $0.kinds = [.purchase] },
        Promise("for another plan", .notCovered) { $0.planIDs = [Sample.id(99)] },
        Promise("for this plan", .kept) { $0.planIDs = [Sample.id(1)] },
        Promise("with a minimum above the price", .notCovered) { $0.minimum = Sample.money(12_01) },
        Promise("with a minimum that the price reaches", .kept) { $0.minimum = Sample.money(12_00) },
        Promise("in another currency", .notCovered) { $0.minimum = Sample.money(1, "USD") },
        Promise("with a budget one minor unit short", .budgetExhausted) {
            ($0.budget, $0.discountedMinor) = (Sample.money(10_00), 7_61)
        },
        Promise("with a budget that just reaches", .kept) {
            ($0.budget, $0.discountedMinor) = (Sample.money(10_00), 7_60)
        },
        Promise("for another plan, without a budget left", .notCovered) {
            ($0.planIDs, $0.budget, $0.discountedMinor) = ([], Sample.money(1), 1)
        },
    ]

    @Test(arguments: promises)
    func `a promise outlives window, limits and switch; plan, minimum and budget are asked each time`(
        promise: Promise
    ) throws {
        let coupon = Sample.coupon(Sample.percent(20_00), promise.change)

        let quote = try Pricing.quote(
            plan: Sample.plan(price: Sample.money(12_00)), kind: .renewal, quantity: .one, repeatCount: .one,
            coupon: .promised(coupon), at: Sample.now)

        #expect(quote.promise == promise.outcome)
        #expect(quote.discount == Sample.money(promise.outcome == .kept ? 2_40 : 0))
        #expect(quote.list == Sample.money(12_00))
    }

    /// Orders of every size against one coupon: what is given is counted, and never passes the budget; a refused order
    /// would have passed it.
    @Test func `discounts stay within list, cap and budget, whatever is ordered`() throws {
        var random = SplitMix64(seed: 0x636F_7570_6F6E)
        var (given, refused, capped) = (0, 0, 0)
        for _ in 0..<500 {
            var coupon = Sample.coupon(Self.discount(&random))
            if case .percent = coupon.discount, Bool.random(using: &random) {
                coupon.maxDiscount = Sample.money(Self.amount(&random))
            }
            if Bool.random(using: &random) { coupon.budget = Sample.money(Self.amount(&random)) }
            for number in 0..<50 {
                let price = Self.amount(&random)
                let most = coupon.maxDiscount?.minor ?? .max
                let exact = Self.exact(coupon, price)
                let plan = Sample.plan(price: Sample.money(price))
                let isPromised = number.isMultiple(of: 3)
                let claim: CouponClaim = isPromised ? .promised(coupon) : .named(coupon, by: CouponUser())
                let quote = try? Pricing.quote(
                    plan: plan, kind: .renewal, quantity: .one, repeatCount: .one, coupon: claim,
                    at: Sample.now)
                let left = Int128(coupon.budget?.minor ?? .max) - Int128(coupon.discountedMinor)
                guard let quote, quote.promise ?? .kept == .kept else {
                    refused += 1
                    #expect(exact > left, "\(price) was refused without need: \(coupon)")
                    #expect((quote?.discount.minor ?? 0) == 0 && isPromised == (quote != nil))
                    continue
                }
                let discount = quote.discount.minor
                #expect(Int128(discount) == exact && exact <= left, "\(coupon) took \(quote) off \(price)")
                #expect(discount <= price && discount <= most && (0..<10_000).contains(quote.remainder))
                #expect(quote.total.minor == price - discount)
                if discount == most { capped += 1 }
                given += 1
                coupon.discountedMinor += discount
            }
        }
        #expect(given > 5_000 && refused > 2_000 && capped > 500, "\(given) \(refused) \(capped)")
    }

    private static func amount(_ random: inout SplitMix64) -> Int64 {
        Int64.random(in: 1...Int64.max, using: &random) >> Int64.random(in: 0...58, using: &random)
    }

    private static func discount(_ random: inout SplitMix64) -> Coupon.Discount {
        Bool.random(using: &random)
            ? Sample.percent(Int32.random(in: 1...10_000, using: &random))
            : .amount(Sample.money(amount(&random)))
    }

    private static func exact(_ coupon: Coupon, _ price: Int64) -> Int128 {
        switch coupon.discount {
        case .percent(let share):
            min(
                Int128(price) * Int128(share.value) / 10_000,
                Int128(coupon.maxDiscount?.minor ?? .max))
        case .amount(let amount): min(Int128(amount.minor), Int128(price))
        }
    }
}
