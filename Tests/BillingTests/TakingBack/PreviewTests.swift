import Billing
import Catalog
import Postgres
import Primitives
import Server
import TestSupport
import Testing

@Suite("Previews", .database)
struct PreviewTests {
    @Test func `a preview says what the action then does, to the minor unit and the millisecond`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let bought = try #require(
                try await engine.submit(market.purchase(shop, quantity: 2)).bought)
            let ids = bought.subscriptions.map(\.id)
            let renewed = try #require(try await engine.submit(market.renewal(shop, of: ids[0])).renewed)
            market.clock.advance(milliseconds: 10 * Market.day + 12_345)

            var seen = try await engine.preview(market.refund(renewed.order, of: shop))
            #expect(seen.at == market.now)
            guard case .refunded(let refund) = seen.outcome else { throw Surprise("\(seen)") }
            market.clock.advance(milliseconds: Preview.goodForMilliseconds)
            let refunded = try #require(
                try await engine.submit(market.refund(renewed.order, of: shop, asOf: seen.at)).refunded)
            #expect(refunded.amount == refund.amount && refunded.balance == refund.balance)
            #expect(refunded.subscriptions == refund.subscriptions)

            seen = try await engine.preview(market.planChange(shop, of: ids[0], to: shop.weekPlan))
            guard case .changed(let change) = seen.outcome else { throw Surprise("\(seen)") }
            market.clock.advance(milliseconds: 77_777)
            let changed = try #require(
                try await engine.submit(
                    market.planChange(
                        shop, of: ids[0], to: shop.weekPlan, expecting: change.net.minor, asOf: seen.at)
                ).changed)
            #expect(changed.credit == change.credit && changed.net == change.net)
            #expect(changed.period == change.period && changed.balance == change.balance)

            seen = try await engine.preview(market.cancellation(shop, of: ids[1]))
            guard case .cancelled(let cancel) = seen.outcome else { throw Surprise("\(seen)") }
            market.clock.advance(milliseconds: 600_000)
            let cancelled = try #require(
                try await engine.submit(
                    market.cancellation(
                        shop, of: ids[1], expecting: cancel.refund.minor, asOf: seen.at)
                ).cancelled)
            #expect(cancelled.refund == cancel.refund && cancelled.activeUntil == cancel.activeUntil)
            #expect(cancelled.balance == cancel.balance)
        }
    }

    @Test func `a preview leaves nothing: no rows, no events, no key, no locks`() async throws {
        try await withMarket { market, shop, engine in
            let bought = try #require(try await engine.submit(market.purchase(shop)).bought)
            let id = bought.subscriptions[0].id
            let before = try await everything(market)
            let asked = [
                market.purchase(shop, key: "k"), market.renewal(shop, of: id),
                market.refund(bought.order, of: shop),
                market.cancellation(shop, of: id, key: "c"),
                market.cancellation(shop, of: id, way: .atEnd),
                market.planChange(shop, of: id, to: shop.dePlan),
            ]
            for submission in asked + asked { _ = try await engine.preview(submission) }
            #expect(try await everything(market) == before)
            // Nobody waits for a lock of its.
            try await market.database.owner.run { connection in
                _ = try connection.query("SELECT 1 FROM accounts FOR UPDATE NOWAIT")
                _ = try connection.query("SELECT 1 FROM subscriptions FOR UPDATE NOWAIT")
                _ = try connection.query("SELECT 1 FROM slots FOR UPDATE NOWAIT")
            }
            // What was asked under a key is still to be asked.
            #expect(await market.inTurn([asked[0]], on: engine)[0].bought != nil)
        }
    }

    @Test func `what would be refused is refused, and a port that is nobody's comes without its credentials`()
        async throws
    {
        try await withMarket { market, shop, engine in
            func preview(_ submission: Submission) async -> Result<Preview, EngineError> {
                do throws(EngineError) { return .success(try await engine.preview(submission)) } catch {
                    return .failure(error)
                }
            }
            let poor = await preview(market.purchase(shop, by: shop.ben))
            guard case .failure(.refused(.insufficientBalance)) = poor else { throw Surprise("\(poor)") }
            let none = await preview(market.cancellation(shop, of: shop.nlPlan.retyped()))
            guard case .failure(.refused(.subscriptionUnknown)) = none else { throw Surprise("\(none)") }
            let rich = try await preview(market.purchase(shop)).get()
            guard case .bought(let receipt) = rich.outcome else { throw Surprise("\(rich)") }
            #expect(receipt.subscriptions[0].units.allSatisfy { $0.secret.isEmpty && $0.username.isEmpty })
            let id = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0].id
            let moved = try await engine.preview(market.planChange(shop, of: id, to: shop.dePlan))
            guard case .changed(let change) = moved.outcome else { throw Surprise("\(moved)") }
            #expect(change.units.map(\.network) == [shop.de] && change.units[0].secret.isEmpty)
        }
    }

    @Test func `a moment that has not come, or is more than a quarter of an hour ago, is refused`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let bought = try #require(try await engine.submit(market.purchase(shop)).bought)
            let id = bought.subscriptions[0].id
            market.clock.advance(days: 1)
            for shift in [1, -Preview.goodForMilliseconds - 1] {
                let moment = Instant(milliseconds: market.now.milliseconds + shift)
                let results = await market.inTurn(
                    [
                        market.refund(bought.order, of: shop, asOf: moment),
                        market.cancellation(shop, of: id, asOf: moment),
                        market.planChange(shop, of: id, to: shop.weekPlan, asOf: moment),
                    ], on: engine)
                #expect(results.allSatisfy { $0.refusal == .previewOutOfDate })
            }
        }
    }

    @Test func `where something has happened since, the figures differ, and what is expected is not done`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let id = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0].id
            market.clock.advance(days: 1)
            let seen = try await engine.preview(market.cancellation(shop, of: id))
            guard case .cancelled(let figures) = seen.outcome else { throw Surprise("\(seen)") }
            market.clock.advance(milliseconds: 60_000)
            _ = try await engine.submit(market.planChange(shop, of: id, to: shop.weekPlan))
            let results = await market.inTurn(
                [
                    market.cancellation(shop, of: id, expecting: figures.refund.minor, asOf: seen.at),
                    // Of a moment before the last change: no time serves twice.
                    market.planChange(shop, of: id, to: shop.nlPlan, asOf: seen.at),
                ], on: engine)
            #expect(results[0].refusal == .refundChanged(shop.money(4_00)))
            #expect(results[1].changed?.period.start == market.now)
        }
    }

    @Test func `a sandbox's preview is of its own time`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.moveClock(ofBrioTo: 5 * Market.day)
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                    let bought = try await engine.submit(market.purchase(shop)).bought
                    let id = try #require(bought).subscriptions[0].id
                    market.clock.advance(days: 3)
                    let seen = try await engine.preview(market.cancellation(shop, of: id))
                    let ahead: Int64 = shop.slug == "brio" ? 5 * Market.day : 0
                    #expect(seen.at.milliseconds == market.now.milliseconds + ahead)
                    let done = try await engine.submit(market.cancellation(shop, of: id, asOf: seen.at))
                        .cancelled
                    #expect(done?.refund == shop.money(10_80))
                }
            }
        }
    }

    @Test func `in a transaction of somebody else's a preview is what the ledger's work then does`()
        async throws
    {
        try await withMarket { market, shop, engine in
            let bought = try #require(try await engine.submit(market.purchase(shop)).bought)
            let id = bought.subscriptions[0].id
            market.clock.advance(days: 15)
            let now = market.now
            let cancellation = market.cancellation(shop, of: id)
            let figures = try await market.database.owner.run { connection in
                try connection.withTransaction { connection in
                    var work = LedgerWork(seed: 77, stock: SlotStock())
                    let seen = try work.preview(cancellation, on: connection, at: now)
                    let done = try work.carryOut([cancellation], on: connection, at: now)[0]
                    guard case .success(let preview) = seen, case .cancelled(let figures) = preview.outcome,
                        case .success(.done(.cancelled(let receipt))) = done
                    else { throw Surprise("\(seen), \(done)") }
                    return [figures.refund, receipt.refund]
                }
            }
            #expect(figures == [shop.money(6_00), shop.money(6_00)])
        }
    }

    /// Previews and commands in one queue: each preview is of some moment between two groups.
    @Test func `previews beside commands tell of what was, and hinder nobody`() async throws {
        try await withMarket { market, shop, engine in
            let id = try #require(try await engine.submit(market.purchase(shop)).bought).subscriptions[0].id
            try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
            let seen = Noted<[Int64]>([])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        if number % 3 == 0 {
                            _ = try await engine.submit(market.renewal(shop, of: id))
                        } else if case .cancelled(let figures) = try await engine.preview(
                            market.cancellation(shop, of: id)
                        ).outcome {
                            seen.note { $0.append(figures.refund.minor) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(seen.current.count == 40)
            #expect(seen.current.allSatisfy { $0 % 12_00 == 0 && (12_00...21 * 12_00).contains($0) })
            #expect(try await market.count("terms", of: shop) == 21)
        }
    }

    /// Random histories; before every action its preview, and some minutes between the two.
    @Test(arguments: [UInt64(1), 2, 3])
    func `whatever came before, preview and action have equal figures`(seed: UInt64) async throws {
        try await withMarket { market, shop, engine in
            try await market.topUp(shop.ann, 5_000_00, in: shop, with: engine)
            try await market.coupon("HALF", percent: 33_33, renewals: 2, in: shop)
            var random = SplitMix64(seed: seed)
            var ids: [SubscriptionID] = []
            var orders: [OrderID] = []
            for _ in 0..<60 {
                market.clock.advance(milliseconds: .random(in: 0...6 * Market.day, using: &random))
                let plan = [shop.nlPlan, shop.weekPlan, shop.resoldPlan, shop.dePlan].randomElement(
                    using: &random)!
                let id = ids.randomElement(using: &random)
                let order = orders.randomElement(using: &random)
                let kind = Int.random(in: 0..<6, using: &random)
                func submission(_ asOf: Instant?) -> Submission? {
                    switch kind {
                    case 0:
                        market.purchase(
                            shop, plan: plan, network: plan == shop.dePlan ? shop.de : shop.nl, coupon: "HALF"
                        )
                    case 1, 2: id.map { market.renewal(shop, of: $0, plan: plan) }
                    case 3: id.map { market.planChange(shop, of: $0, to: plan, asOf: asOf) }
                    case 4: id.map { market.cancellation(shop, of: $0, asOf: asOf) }
                    default: order.map { market.refund($0, of: shop, asOf: asOf) }
                    }
                }
                guard let asked = submission(nil) else { continue }
                let preview = try? await engine.preview(asked)
                let isOfAMoment = kind >= 3
                if isOfAMoment {
                    market.clock.advance(
                        milliseconds: .random(in: 0...Preview.goodForMilliseconds, using: &random))
                }
                let action = try #require(submission(isOfAMoment ? preview?.at : nil))
                let result = await market.race([action], on: engine)[0]
                // Paid time may run out in those minutes; else what would be done is, and nothing else.
                if result.refusal == .subscriptionEnded { continue }
                #expect(figures(preview?.outcome) == figures(try? result.get()))
                if let bought = result.bought {
                    ids += bought.subscriptions.map(\.id)
                    orders.append(bought.order)
                }
                if let order = result.renewed?.order ?? result.changed?.order { orders.append(order) }
            }
        }
    }

    private func figures(_ answer: Answer?) -> String {
        guard case .done(let outcome) = answer else { return "refused" }
        return figures(outcome)
    }

    private func figures(_ outcome: Outcome?) -> String {
        switch outcome {
        case nil: "refused"
        case .bought(let it): "\(it.total) \(it.discount) \(it.subscriptions.map(\.period))"
        case .renewed(let it): "\(it.total) \(it.discount) \(it.activeUntil)"
        case .refunded(let it):
            "\(it.amount) \(it.balance) \(it.isWhole) \(it.subscriptions.map(\.activeUntil))"
        case .cancelled(let it):
            "\(it.refund) \(it.balance) \(it.activeUntil) \(it.refunds.map(\.amount)) \(it.refunds.map(\.order))"
        case .changed(let it): "\(it.net) \(it.credit) \(it.balance) \(it.period) \(it.credits.map(\.amount))"
        case .moved(let it): "\(it.amount) \(it.balance)"
        case .placed(let it): "\(it)"
        case .settled(let it): "\(it.movement.amount) \(it.movement.balance)"
        case .closed(let it): "\(it)"
        case .paid(let it): "\(it)"
        }
    }

    /// How many rows the tables have, and what sums to what.
    private func everything(_ market: Market) async throws -> [Int64] {
        try await market.database.owner.run { connection in
            let tables = [
                "orders", "terms", "journal_entries", "transfers", "outbox_events", "idempotency_keys",
                "allocations", "subscriptions", "slots WHERE state = 'ready'",
                "subscriptions WHERE ended_at IS NOT NULL", "terms WHERE cut_at IS NOT NULL",
            ]
            return try tables.map { table in
                try connection.query(Statement("SELECT count(*) FROM \(table)" as String, []))[0].get(0)
            } + [
                connection.query("SELECT sum(balance_minor * postings_count)::bigint FROM accounts")[0].get(0)
            ]
        }
    }

    private func withMarket(_ body: (Market, Shop, Engine) async throws -> Void) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 60)
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                }
                let float = FloatTopUp(amount: market.alba.money(500_00), reference: "float")
                _ = try await engine.submit(market.submission(.floatTopUp(float), by: market.alba))
                try await body(market, market.alba, engine)
            }
        }
    }
}
