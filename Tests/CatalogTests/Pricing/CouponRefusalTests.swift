import Catalog
import Primitives
import Testing

@Suite("Coupon refusals")
struct CouponRefusalTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let refusal: CouponRefusal?
        let kind: OrderKind
        let user: CouponUser
        let coupon: Coupon

        init(
            _ description: String, _ refusal: CouponRefusal?, kind: OrderKind = .purchase,
            redemptions: Int32 = 0, email: String? = nil, hasOrdered: Bool = false,
            discount: Coupon.Discount = Sample.percent(20_00), _ change: (inout Coupon) -> Void
        ) {
            testDescription = description
            self.refusal = refusal
            self.kind = kind
            user = CouponUser(redemptions: redemptions, email: email, hasOrdered: hasOrdered)
            coupon = Sample.coupon(discount, change)
        }
    }

    private static let hour: Int64 = 3_600_000
    private static let now = Sample.now.milliseconds

    static let rows: [Row] = [
        Row("one without conditions", nil) { _ in },
        Row("switched off", .inactive) { $0.isActive = false },
        Row("starting in a millisecond", .notStarted) { $0.startsAt = Instant(milliseconds: now + 1) },
        Row("starting now", nil) { $0.startsAt = Sample.now },
        Row("ending now", .ended) { $0.endsAt = Sample.now },
        Row("ending in a millisecond", nil) { $0.endsAt = Instant(milliseconds: now + 1) },
        Row("within its window", nil) {
            $0.startsAt = Instant(milliseconds: now - hour)
            $0.endsAt = Instant(milliseconds: now + hour)
        },
        Row("used up", .exhausted) { ($0.maxRedemptions, $0.redeemedCount) = (3, 3) },
        Row("with one use left", nil) { ($0.maxRedemptions, $0.redeemedCount) = (3, 2) },
        Row("used up by this customer", .customerLimitReached, redemptions: 1) { $0.perCustomer = 1 },
        Row("with one use left for this customer", nil, redemptions: 1) { $0.perCustomer = 2 },
        Row("for somebody else", .customerNotCovered, email: "ann@alba.test") {
            $0.customers = ["ben@alba.test"]
        },
        Row("for this customer among others", nil, email: "ann@alba.test") {
            $0.customers = ["ben@alba.test", "ann@alba.test"]
        },
        Row("for some, of somebody unknown", .customerNotCovered) { $0.customers = ["ben@alba.test"] },
        Row("for a first order, at another", .notFirstOrder, hasOrdered: true) { $0.isFirstOrderOnly = true },
        Row("for a first order, at one", nil) { $0.isFirstOrderOnly = true },
        Row("for any order, of somebody who ordered", nil, hasOrdered: true) { _ in },
        Row("with a budget one minor unit short", .budgetExhausted) {
            ($0.budget, $0.discountedMinor) = (Sample.money(10_00), 7_61)
        },
        Row("with a budget that just reaches", nil) {
            ($0.budget, $0.discountedMinor) = (Sample.money(10_00), 7_60)
        },
        Row("with one minor unit to spare", nil) {
            ($0.budget, $0.discountedMinor) = (Sample.money(10_00), 7_59)
        },
        Row("with a sum that cannot be counted further", .budgetExhausted) {
            $0.discountedMinor = .max - 2_39
        },
        Row("with a sum that can just be counted", nil) { $0.discountedMinor = .max - 2_40 },
        Row("with a budget in another currency", .currencyMismatch) { $0.budget = Sample.money(1_00, "USD") },
        Row("with a cap in another currency", .currencyMismatch) {
            $0.maxDiscount = Sample.money(1_00, "USD")
        },
        Row("for another plan", .planNotCovered) { $0.planIDs = [Sample.id(99)] },
        Row("for no plan at all", .planNotCovered) { $0.planIDs = [] },
        Row("for this plan among others", nil) { $0.planIDs = [Sample.id(99), Sample.id(1)] },
        Row("for purchases, at a renewal", .kindNotCovered, kind: .renewal) {
            $0.kinds = [.purchase, .extension_]
        },
        Row("for renewals, at a renewal", nil, kind: .renewal) { $0.kinds = [.renewal] },
        Row("with a minimum above the order", .belowMinimum(Sample.money(12_01))) {
            $0.minimum = Sample.money(12_01)
        },
        Row("with a minimum that the order reaches", nil) { $0.minimum = Sample.money(12_00) },
        Row("with a minimum in another currency", .currencyMismatch) { $0.minimum = Sample.money(1, "USD") },
        Row("of an amount in another currency", .currencyMismatch, discount: .amount(Sample.money(1, "USD")))
        { _ in },
        // Two rules broken: the earlier one answers.
        Row("switched off and used up", .inactive) {
            ($0.isActive, $0.maxRedemptions, $0.redeemedCount) = (false, 1, 1)
        },
        Row("used up, for another plan", .exhausted) {
            ($0.planIDs, $0.maxRedemptions, $0.redeemedCount) = ([], 1, 1)
        },
        Row("used up, for somebody else", .exhausted) {
            ($0.customers, $0.maxRedemptions, $0.redeemedCount) = (["ben@alba.test"], 1, 1)
        },
        Row("for somebody else, used up by this customer", .customerNotCovered, redemptions: 1) {
            ($0.customers, $0.perCustomer) = (["ben@alba.test"], 1)
        },
        Row(
            "used up by this customer, for a first order", .customerLimitReached, redemptions: 1,
            hasOrdered: true
        ) { ($0.perCustomer, $0.isFirstOrderOnly) = (1, true) },
        Row("for a first order and another plan", .notFirstOrder, hasOrdered: true) {
            ($0.isFirstOrderOnly, $0.planIDs) = (true, [])
        },
        Row("below its minimum, without money left", .belowMinimum(Sample.money(99_00))) {
            ($0.minimum, $0.budget) = (Sample.money(99_00), Sample.money(1))
        },
        Row("for another kind, below its minimum", .kindNotCovered, kind: .renewal) {
            ($0.kinds, $0.minimum) = ([.purchase], Sample.money(99_00))
        },
    ]

    @Test(arguments: rows)
    func `a coupon is refused for one reason, the first there is`(row: Row) throws {
        func quote() throws -> Quote {
            try Pricing.quote(
                plan: Sample.plan(price: Sample.money(12_00)), kind: row.kind, quantity: .one,
                repeatCount: .one, coupon: .named(row.coupon, by: row.user), at: Sample.now)
        }
        if let refusal = row.refusal {
            #expect(throws: PricingRefusal.coupon(refusal)) { try quote() }
        } else {
            #expect(try quote().total == Sample.money(9_60))
        }
    }

    /// Machines read them: a code that changes breaks who reads it.
    @Test(arguments: [
        (CouponRefusal.inactive, "coupon_inactive"), (.notStarted, "coupon_not_started"),
        (.ended, "coupon_ended"), (.exhausted, "coupon_exhausted"),
        (.customerNotCovered, "coupon_customer_not_covered"),
        (.customerLimitReached, "coupon_customer_limit_reached"), (.notFirstOrder, "coupon_not_first_order"),
        (.planNotCovered, "coupon_plan_not_covered"), (.kindNotCovered, "coupon_kind_not_covered"),
        (.currencyMismatch, "coupon_currency_mismatch"),
        (.belowMinimum(Sample.money(1)), "coupon_below_minimum"),
        (.budgetExhausted, "coupon_budget_exhausted"),
    ])
    func `every refusal has a code that stays`(refusal: CouponRefusal, code: String) {
        #expect(refusal.code == code)
    }

    @Test(arguments: [
        ("welcome20", "WELCOME20"), ("A_b-9", "A_B-9"),
        (String(repeating: "x", count: 64), String(repeating: "X", count: 64)),
    ])
    func `a code is kept in capitals`(typed: String, kept: String) {
        #expect(CouponCode(typed)?.text == kept)
    }

    @Test(arguments: [
        "", " ", "A B", "CODE\n", "prозент", "ÉTÉ", "ﬀ", "a.b", String(repeating: "X", count: 65),
    ])
    func `what no coupon can be called is no code`(typed: String) {
        #expect(CouponCode(typed) == nil)
    }
}
