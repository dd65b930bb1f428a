import Catalog
import Primitives
import Testing

@Suite("Coupon refusals")
struct CouponRefusalTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let refusal: CouponRefusal?
        let kind: OrderKind
        let redemptions: Int32
        let coupon: Coupon

        init(
            _ description: String, _ refusal: CouponRefusal?, kind: OrderKind = .purchase,
            redemptions: Int32 = 0,
            discount: Coupon.Discount = Sample.percent(20_00), _ change: (inout Coupon) -> Void
        ) {
            testDescription = description
            self.refusal = refusal
            self.kind = kind
            self.redemptions = redemptions
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
        Row("for another kind, below its minimum", .kindNotCovered, kind: .renewal) {
            ($0.kinds, $0.minimum) = ([.purchase], Sample.money(99_00))
        },
    ]

    @Test(arguments: rows)
    func `a coupon is refused for one reason, the first there is`(row: Row) throws {
        func quote() throws -> Quote {
            try Pricing.quote(
                plan: Sample.plan(price: Sample.money(12_00)), kind: row.kind, quantity: .one,
                repeatCount: .one,
                coupon: row.coupon, customerRedemptions: row.redemptions, at: Sample.now)
        }
        if let refusal = row.refusal {
            #expect(throws: PricingRefusal.coupon(refusal)) { try quote() }
        } else {
            #expect(try quote().total == Sample.money(9_60))
        }
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
