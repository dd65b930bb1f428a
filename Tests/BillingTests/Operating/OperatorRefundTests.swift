import Billing
import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Refunds by an operator", .database)
struct OperatorRefundTests {
    private typealias Request = OperatorWork.RefundRequest

    @Test func `a part leaves the service, the rest ends it; both say who and why`() async throws {
        try await withShop { market, shop, engine in
            let bought = try await buy(coupon: "HALF", shop, market, engine)
            let work = market.operatorWork
            let part = try await work.refund(
                bought.order, of: "alba", Request(amount: AmountText("2.50"), memo: "slow on Monday"))
            #expect(part.answer.amount == shop.money(2_50) && part.left == shop.money(3_50))
            #expect(part.answer.balance == shop.money(96_50) && part.order.state == .paid)
            #expect(try await market.standing(of: bought.subscriptions[0].id, in: shop).endedAt == nil)
            #expect(try await releases(market) == [])

            let rest = try await work.refund(bought.order, of: "alba", Request())
            #expect(rest.answer.amount == shop.money(3_50) && rest.order.state == .refunded)
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00)
            #expect(
                try await market.standing(of: bought.subscriptions[0].id, in: shop).endedAt == market.now)
            #expect(try await releases(market) == ["refunded"])
            let entries = try await market.reading.order(bought.order, of: "alba").entries
            #expect(entries.map(\.actor) == [nil, "operator test", "operator test"])
            #expect(entries.map(\.memo) == [nil, "slow on Monday", nil])
        }
    }

    @Test(
        arguments: [
            (false, RefundReason.requested, ["refunded"]), (true, .requested, ["refunded"]),
            (false, .undeliverable, ["undeliverable"]), (true, .chargeback, []),
        ] as [(Bool, RefundReason, [String])])
    func `the service stays where it is kept, the coupon where the bank took the money`(
        keeps: Bool, reason: RefundReason, released: [String]
    ) async throws {
        try await withShop { market, shop, engine in
            let bought = try await buy(coupon: "HALF", shop, market, engine)
            let refund = try await market.operatorWork.refund(
                bought.order, of: "alba", Request(keepsService: keeps, reason: reason))
            #expect(refund.left.isZero)
            let standing = try await market.standing(of: bought.subscriptions[0].id, in: shop)
            #expect((standing.endedAt == nil) == keeps)
            #expect(try await releases(market) == released)
        }
    }

    @Test func `what cannot be given back is refused in a sentence, and nothing moves`() async throws {
        try await withShop { market, shop, engine in
            let bought = try await buy(shop, market, engine)
            let renewed = try #require(
                try await engine.submit(market.renewal(shop, of: bought.subscriptions[0].id)).renewed)
            let work = market.operatorWork
            let dollars = try #require(AmountText("12.505"))
            let stranger = OrderID(bits: IdentifierBits(high: 1, low: 1))
            for (order, slug, request, refusal, said) in [
                (bought.order, "brio", Request(), .orderUnknown(bought.order), "the tenant has no order"),
                (stranger, "alba", Request(), .orderUnknown(stranger), "tollgate order list"),
                (bought.order, "solo", Request(), .tenantUnknown("solo"), "there is no tenant solo"),
                (
                    bought.order, "alba", Request(amount: AmountText("12.01")),
                    .money(.refundExceedsPayment(refundable: shop.money(12_00))), "only 12.00 USD"
                ),
                (
                    bought.order, "alba", Request(amount: AmountText("5.00 EUR")), .money(.amountInvalid),
                    "another currency"
                ),
                (
                    bought.order, "alba", Request(amount: dollars), .amountUnreadable(dollars, shop.currency),
                    "has 2 digits"
                ),
                (bought.order, "alba", Request(), .money(.serviceNotReturnable), "--keep-service"),
            ] as [(OrderID, String, Request, OperatorWork.Refusal, String)] {
                let thrown = await #expect(throws: OperatorWork.Refusal.self, "\(said)") {
                    try await work.refund(order, of: slug, request)
                }
                #expect(
                    thrown == refusal && thrown?.description.contains(said) == true, "\(said)")
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 76_00)
            #expect(try await market.events("order.refunded", in: shop) == 0)
            // The latest first: the renewal's time is cut off, then what it renewed ends.
            let (id, period) = (bought.subscriptions[0].id, bought.subscriptions[0].period)
            let cut = try await work.refund(renewed.order, of: "alba", Request())
            #expect(
                cut.answer.taken
                    == [RefundAnswer.Taken(id: id, activeUntil: period.end, isEnded: false)])
            let again = await #expect(throws: OperatorWork.Refusal.self) {
                try await work.refund(renewed.order, of: "alba", Request(keepsService: true))
            }
            #expect(again?.description == "nothing of the order is left to give back")
            let ended = try await work.refund(bought.order, of: "alba", Request())
            #expect(ended.answer.taken.map(\.isEnded) == [true] && ended.answer.balance == shop.money(100_00))
        }
    }

    @Test func `under its key a refund is carried out once and answers the same; another request is refused`()
        async throws
    {
        try await withShop { market, shop, engine in
            let bought = try await buy(shop, market, engine)
            let work = market.operatorWork
            let key = try #require(IdempotencyKey("ticket-17"))
            let request = Request(amount: AmountText("5"), key: key)
            let first = try await work.refund(bought.order, of: "alba", request)
            // Five dollars are five dollars, however they are written.
            let second = try await work.refund(
                bought.order, of: "alba", Request(amount: AmountText("5.00 USD"), key: key))
            #expect(second.answer == first.answer && !first.isRepeated && second.isRepeated)
            #expect(
                second.lines[0].hasPrefix("refunded 5.00 USD before, under this key: nothing has moved now"))
            for other in [
                Request(amount: AmountText("6"), key: key), Request(key: key),
                Request(amount: AmountText("5"), keepsService: true, key: key),
                Request(amount: AmountText("5"), memo: "why", key: key),
            ] {
                await #expect(throws: OperatorWork.Refusal.money(.idempotencyKeyReused)) {
                    try await work.refund(bought.order, of: "alba", other)
                }
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 93_00)

            // What was taken back is told again too.
            let rest = Request(key: try #require(IdempotencyKey("ticket-18")))
            let whole = try await work.refund(bought.order, of: "alba", rest)
            let told = try await work.refund(bought.order, of: "alba", rest)
            #expect(
                whole.answer == told.answer && told.isRepeated && told.answer.taken.map(\.isEnded) == [true])

            // The neighbour's key of this name is another key.
            try await market.topUp(market.brio.ann, 12_00, in: market.brio, with: engine)
            let theirs = try #require(try await engine.submit(market.purchase(market.brio)).bought)
            let elsewhere = try await work.refund(theirs.order, of: "brio", request)
            #expect(!elsewhere.isRepeated && elsewhere.answer.amount == shop.money(5_00))
        }
    }

    @Test func `twenty at once under one key, beside an engine that sells: the money moves once`()
        async throws
    {
        try await withShop { market, shop, engine in
            let bought = try await buy(shop, market, engine)
            let key = try #require(IdempotencyKey("ticket-17"))
            let request = Request(amount: AmountText("1.00"), key: key)
            async let sold = market.race(
                (0..<6).map { _ in market.purchase(shop, plan: shop.weekPlan) }, on: engine)
            let refunds = try await withThrowingTaskGroup(of: RefundView.self) { group in
                for number in 0..<20 {
                    // Each in a process of its own, as commands are.
                    let work = OperatorWork(
                        pool: market.database.pool(.owner, threads: 1),
                        identifiers: ProcessIdentifiers(seed: UInt64(100 + number)),
                        random: SeededRandom(seed: UInt64(number)), actor: "operator \(number)")
                    group.addTask { try await work.refund(bought.order, of: "alba", request) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(await sold.allSatisfy(\.isCarriedOut))
            #expect(refunds.filter { !$0.isRepeated }.count == 1)
            #expect(Set(refunds.map(\.answer.entry)).count == 1)
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 12_00 - 6 * 4_00 + 1_00)
            #expect(try await market.events("order.refunded", in: shop) == 1)
        }
    }

    @Test func `an order that cost nothing is cancelled once`() async throws {
        try await withShop { market, shop, engine in
            let trial = Trial(customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl])
            let started = try #require(
                try await engine.submit(market.submission(.trial(trial), by: shop)).bought)
            let cancelled = try await market.operatorWork.refund(started.order, of: "alba", Request())
            #expect(cancelled.answer.amount.isZero && cancelled.order.state == .refunded)
            #expect(try await market.standing(of: started.subscriptions[0].id, in: shop).endedAt != nil)
            await #expect(
                throws: OperatorWork.Refusal.money(.refundExceedsPayment(refundable: shop.money(0)))
            ) {
                try await market.operatorWork.refund(started.order, of: "alba", Request())
            }
        }
    }

    @Test func `a sandbox's refund has the sandbox's time`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.brio
            let bought = try await market.bought(in: shop, leaving: 0)[0]
            try await market.moveClock(ofBrioTo: 10 * 86_400_000)
            let order = try await market.reading.subscription(bought.id, of: "alba-sandbox").subscription
                .order
            _ = try await market.operatorWork.refund(order, of: "alba-sandbox", Request())
            let shown = try await market.reading.order(order, of: "alba-sandbox")
            let later = Instant(milliseconds: market.now.milliseconds + 10 * 86_400_000)
            #expect(shown.entries.last?.recordedAt == later && shown.subscriptions[0].endedAt == later)
        }
    }

    @Test(
        arguments: [
            ("12.5", "USD", 12_50), ("12.50 USD", "USD", 12_50), ("1500", "JPY", 1500),
            ("1.234", "KWD", 1_234),
            ("0.0001", "CLF", 1), ("1500.5", "JPY", nil), ("1.234", "USD", nil),
        ] as [(String, String, Int64?)])
    func `an amount is read in the currency that it is about`(
        text: String, code: String, minor: Int64?
    ) throws {
        let currency = try #require(Currency(code))
        let amount = try #require(AmountText(text))
        #expect(amount.money(in: currency) == minor.map { Money(minor: $0, currency: currency) })
    }

    @Test(arguments: [
        "0", "-1", "0.00 USD", "-5 USD", "much", "1,50", "1.2.3", "5.00 XYZ", "1.00001", "", " ",
    ])
    func `what is no amount above zero in any currency is none`(text: String) {
        #expect(AmountText(text) == nil)
        let isZero = ["0", "0.00 USD"].contains(text)
        #expect((AmountText(text, allowingZero: true) != nil) == isZero)
    }

    private func withShop(_ body: (Market, Shop, Engine) async throws -> Void) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.alba.coupon(
                "HALF", percent: 50_00, on: database.owner, id: market.ids.next(at: market.now),
                at: market.now)
            try await market.withEngine { engine in
                try await market.topUp(market.alba.ann, 100_00, in: market.alba, with: engine)
                try await body(market, market.alba, engine)
            }
        }
    }

    private func buy(
        coupon: String? = nil, _ shop: Shop, _ market: Market, _ engine: Engine
    ) async throws -> PurchaseReceipt {
        try #require(try await engine.submit(market.purchase(shop, coupon: coupon)).bought)
    }

    /// Why the uses of coupons that were given back were.
    private func releases(_ market: Market) async throws -> [String] {
        try await market.database.owner.run { connection in
            try connection.query("SELECT released_reason FROM coupon_redemptions WHERE state = 'released'")
                .map { try $0.get(0) }
        }
    }
}
