import Billing
import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Cancellations by an operator", .database)
struct OperatorCancellationTests {
    private typealias Request = OperatorWork.CancellationRequest

    /// `nl` is 12.00 for 30 days; ten of them are over, and 2.50 went back as a courtesy.
    @Test(
        arguments: [
            (Request(.now), 8_00, true), (Request(.now, keepsMoney: true), 0, true),
            (Request(.atEnd), 0, false), (Request(.undeliverable), 9_50, true),
        ] as [(OperatorWork.CancellationRequest, Int64, Bool)])
    func `what goes back is what the way says, and the entries say who and why`(
        request: OperatorWork.CancellationRequest, refund: Int64, ends: Bool
    ) async throws {
        try await withShop { market, shop, engine in
            try await market.letPlansRenew()
            let bought = try await buy(shop, market, engine)
            let (id, period) = (bought.subscriptions[0].id, bought.subscriptions[0].period)
            let work = market.operatorWork
            _ = try await work.refund(bought.order, of: "alba", .init(amount: AmountText("2.50")))
            market.clock.advance(days: 10)
            var request = request
            (request.memo, request.expected) = ("moved away", AmountText("0.01"))
            let wrong = request
            await #expect(throws: OperatorWork.Refusal.money(.refundChanged(shop.money(refund)))) {
                try await work.cancel(id, of: "alba", wrong)
            }
            request.expected = AmountText(shop.money(refund).description, allowingZero: true)
            let cancelled = try await work.cancel(id, of: "alba", request)

            #expect(cancelled.answer.refund == shop.money(refund) && !cancelled.isRepeated)
            #expect(cancelled.answer.refunds.map(\.order) == (refund > 0 ? [bought.order] : []))
            #expect(cancelled.answer.balance == shop.money(100_00 - 12_00 + 2_50 + refund))
            #expect(cancelled.answer.activeUntil == (ends ? market.now : period.end))
            #expect(cancelled.subscription.state == (ends ? .ended : .active))
            #expect(cancelled.subscription.renewsAt == nil)
            #expect(
                try await market.balance(of: shop.ann, in: shop) == cancelled.answer.balance.minor)
            #expect(try await market.slots("draining", of: shop) == (ends ? 1 : 0))
            #expect(try await notes(market) == Array(repeating: "moved away", count: refund > 0 ? 2 : 1))
        }
    }

    @Test func `what cannot be cancelled is refused in a sentence, and nothing moves`() async throws {
        try await withShop { market, shop, engine in
            let ids = try await [
                buy(shop, market, engine).subscriptions[0].id, buy(shop, market, engine).subscriptions[0].id,
            ]
            let work = market.operatorWork
            _ = try await work.cancel(ids[0], of: "alba", Request(.now, keepsMoney: true))
            let fine = try #require(AmountText("12.005"))
            let stranger = SubscriptionID(bits: IdentifierBits(high: 1, low: 1))
            for (id, slug, request, refusal, said) in [
                (
                    ids[1], "brio", Request(.now), .subscriptionUnknown(ids[1]),
                    "the tenant has no subscription"
                ),
                (
                    stranger, "alba", Request(.now), .subscriptionUnknown(stranger),
                    "tollgate subscription list"
                ),
                (ids[1], "solo", Request(.now), .tenantUnknown("solo"), "there is no tenant solo"),
                (ids[0], "alba", Request(.atEnd), .money(.subscriptionEnded), "has ended"),
                (ids[0], "alba", Request(.undeliverable), .money(.subscriptionEnded), "until it has ended"),
                (
                    ids[1], "alba", Request(.now, expected: AmountText("11.99")),
                    .money(.refundChanged(shop.money(12_00))), "12.00 USD would be given back"
                ),
                (
                    ids[1], "alba", Request(.now, expected: AmountText("12.00 EUR")),
                    .money(.refundChanged(shop.money(12_00))), "nothing was done"
                ),
                (
                    ids[1], "alba", Request(.now, expected: fine), .amountUnreadable(fine, shop.currency),
                    "has 2 digits"
                ),
            ] as [(SubscriptionID, String, Request, OperatorWork.Refusal, String)] {
                let thrown = await #expect(throws: OperatorWork.Refusal.self, "\(said)") {
                    try await work.cancel(id, of: slug, request)
                }
                #expect(
                    thrown == refusal && thrown?.description.contains(said) == true, "\(said)")
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 76_00)
            #expect(try await market.standing(of: ids[1], in: shop).endedAt == nil)
            #expect(try await market.events("subscription.cancelled", in: shop) == 1)
        }
    }

    @Test func `under its key a cancellation is carried out once and answers the same; another is refused`()
        async throws
    {
        try await withShop { market, shop, engine in
            let bought = try await buy(shop, market, engine)
            let id = bought.subscriptions[0].id
            let renewed = try #require(try await engine.submit(market.renewal(shop, of: id)).renewed)
            market.clock.advance(days: 15)
            let work = market.operatorWork
            let key = try #require(IdempotencyKey("ticket-17"))
            let request = Request(.now, key: key)
            let first = try await work.cancel(id, of: "alba", request)
            market.clock.advance(days: 1)
            let second = try await work.cancel(id, of: "alba", request)
            #expect(first.answer.refunds.map(\.order) == [bought.order, renewed.order])
            #expect(first.answer.refunds.map(\.amount.minor) == [6_00, 12_00])
            #expect(second.answer == first.answer && !first.isRepeated && second.isRepeated)
            #expect(first.lines[0] == "cancelled, 18.00 USD given back; the balance is 94.00 USD")
            #expect(second.lines[0].hasSuffix("before, under this key: nothing has moved now"))
            for other in [
                Request(.atEnd, key: key), Request(.now, keepsMoney: true, key: key),
                Request(.now, expected: AmountText("18"), key: key), Request(.now, memo: "why", key: key),
            ] {
                await #expect(throws: OperatorWork.Refusal.money(.idempotencyKeyReused)) {
                    try await work.cancel(id, of: "alba", other)
                }
            }
            await #expect(throws: OperatorWork.Refusal.money(.idempotencyKeyReused)) {
                try await work.refund(bought.order, of: "alba", .init(key: key))
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 94_00)

            // The neighbour's key of this name is another key.
            try await market.topUp(market.brio.ann, 12_00, in: market.brio, with: engine)
            let theirs = try await buy(market.brio, market, engine).subscriptions[0].id
            let elsewhere = try await work.cancel(theirs, of: "brio", request)
            #expect(!elsewhere.isRepeated && elsewhere.answer.refund == shop.money(12_00))
        }
    }

    @Test func `with its paid time: the answer under a key is the same once that time is over`() async throws
    {
        try await withShop { market, shop, engine in
            let issued = try await buy(shop, market, engine).subscriptions[0]
            let request = Request(.atEnd, key: IdempotencyKey("ticket-18"))
            let first = try await market.operatorWork.cancel(issued.id, of: "alba", request)
            #expect(first.lines[0].contains("until \(issued.period.end.rfc3339())"))
            market.clock.set(issued.period.end)
            let again = try await market.operatorWork.cancel(issued.id, of: "alba", request)
            #expect(again.answer == first.answer && again.isRepeated)
            #expect(first.subscription.state == .active && again.subscription.state == .expired)
        }
    }

    @Test(arguments: [true, false])
    func
        `twenty at once, with one key or each with its own, beside an engine that sells: the money moves once`(
            oneKey: Bool
        ) async throws
    {
        try await withShop { market, shop, engine in
            let id = try await buy(shop, market, engine).subscriptions[0].id
            async let sold = market.race(
                (0..<6).map { _ in market.purchase(shop, plan: shop.weekPlan) }, on: engine)
            let views = await withTaskGroup(of: Result<CancellationView, any Error>.self) { group in
                for number in 0..<20 {
                    // Each in a process of its own, as commands are.
                    let work = OperatorWork(
                        pool: market.database.pool(.owner, threads: 1),
                        identifiers: ProcessIdentifiers(seed: UInt64(100 + number)),
                        random: SeededRandom(seed: UInt64(number)), actor: "operator \(number)")
                    let key = IdempotencyKey(oneKey ? "ticket" : "ticket-\(number)")
                    group.addTask {
                        do {
                            return .success(try await work.cancel(id, of: "alba", Request(.now, key: key)))
                        } catch { return .failure(error) }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(await sold.allSatisfy(\.isCarriedOut))
            let answered = views.compactMap { try? $0.get() }
            #expect(answered.filter { !$0.isRepeated }.count == 1)
            #expect(answered.count == (oneKey ? 20 : 1))
            for view in views {
                guard case .failure(let error) = view else { continue }
                #expect(error as? OperatorWork.Refusal == .money(.subscriptionEnded))
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 6 * 4_00)
            #expect(try await market.events("order.refunded", in: shop) == 1)
            #expect(try await market.events("subscription.cancelled", in: shop) == 1)
        }
    }

    @Test func `a sandbox's cancellation has the sandbox's time`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let bought = try await market.bought(in: market.brio, leaving: 0)[0]
            try await market.moveClock(ofBrioTo: 10 * Market.day)
            let cancelled = try await market.operatorWork.cancel(bought.id, of: "alba-sandbox", Request(.now))
            let later = Instant(milliseconds: market.now.milliseconds + 10 * Market.day)
            #expect(cancelled.subscription.endedAt == later && cancelled.answer.activeUntil == later)
            #expect(cancelled.answer.refund == market.brio.money(8_00))
        }
    }

    private func withShop(_ body: (Market, Shop, Engine) async throws -> Void) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.withEngine { engine in
                try await market.topUp(market.alba.ann, 100_00, in: market.alba, with: engine)
                try await body(market, market.alba, engine)
            }
        }
    }

    private func buy(_ shop: Shop, _ market: Market, _ engine: Engine) async throws -> PurchaseReceipt {
        try #require(try await engine.submit(market.purchase(shop)).bought)
    }

    /// Of a cancellation and of what it gave back; each is by the operator of these tests.
    private func notes(_ market: Market) async throws -> [String?] {
        try await market.database.owner.run { connection in
            try connection.query(
                """
                SELECT memo FROM journal_entries
                WHERE reason IN ('cancellation', 'refund') AND actor = 'operator test' AND memo IS NOT NULL
                """
            ).map { try $0.get(0) }
        }
    }
}
