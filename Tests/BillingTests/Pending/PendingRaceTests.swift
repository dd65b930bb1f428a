import Billing
import Catalog
import Foundation
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Orders that wait, killed and raced", .database)
struct PendingRaceTests {
    struct Killed: Error {}
    private static let day = PendingOrder.lifeMilliseconds

    /// Lessons row 39 (lago #3618): the same settlement credited twice within milliseconds.
    @Test func `the same settlement twenty times at once, of two processes, credits once and buys once`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let (left, right) = (market.engine(), market.engine(seed: 2))
            let order = try await market.place(shop, on: left).order
            let words = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        do {
                            return try await market.settle(
                                order, 12_00, in: shop, reference: "psp-1", on: number % 2 == 0 ? left : right
                            ).word
                        } catch EngineError.refused(let refusal) {
                            return refusal.reason
                        }
                    }
                }
                return try await group.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(words.filter { $0 == "bought" }.count == 1)
            #expect(words.filter { $0 == "reference_used" }.count == 19)
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
            #expect(try await market.count("orders", of: shop) == 1)
            await left.stop()
            await right.stop()
        }
    }

    /// Lessons row 1 (FOSSBilling #3106): two paths that finish one payment.
    @Test
    func `thirty-two payments, cancellations and runs of the job at once: one comes first, no money is lost`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let (left, right) = (market.engine(), market.engine(seed: 2))
            for (number, shop) in [market.alba, market.brio].enumerated() {
                try await market.put("ONE", in: shop, limit: 1)
                let order = try await market.place(shop, coupon: "ONE", on: left).order
                // In Brio its time is over.
                if number == 1 { market.clock.advance(milliseconds: Self.day) }
                let paid = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<32 {
                        let engine = number % 2 == 0 ? left : right
                        group.addTask {
                            switch number % 4 {
                            case 0, 1:
                                try await market.settle(order, 12_00, in: shop, on: engine)
                                return true
                            case 2:
                                do {
                                    try await market.cancel(order, in: shop, on: engine)
                                } catch EngineError.refused(.orderNotPending) {}
                            default: _ = try await market.pendingExpiries(engine).run()
                            }
                            return false
                        }
                    }
                    return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(paid == 16)
                let state = try await market.pending(order, in: shop).state
                #expect(number == 1 ? state == .expired : state == .settled || state == .cancelled)
                let spent: Int64 = state == .settled ? 10_80 : 0
                #expect(try await market.balance(of: shop.ann, in: shop) == 16 * 12_00 - spent)
                #expect(try await market.count("orders", of: shop) == (state == .settled ? 1 : 0))
                #expect(try await market.standing("ONE", in: shop)[0] == (state == .settled ? 1 : 0))
                let told = try await [
                    market.events("order.expired", in: shop), market.events("order.cancelled", in: shop),
                    market.events("order.purchased", in: shop),
                ]
                #expect(told.reduce(0, +) == 1, "\(told)")
            }
            await left.stop()
            await right.stop()
        }
    }

    @Test(arguments: EngineStep.allCases, ["place", "settle", "cancel"])
    func `an engine killed between any two steps leaves all of it or nothing, and it can be asked again`(
        step: EngineStep, act: String
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.put("ONE", in: shop, limit: 1)
            var order: OrderID?
            if act != "place" {
                order = try await market.withEngine {
                    try await market.place(shop, coupon: "ONE", on: $0).order
                }
            }
            let doomed = market.engine(seed: 7) { if $0 == step { throw Killed() } }
            await #expect(throws: EngineError.self) {
                try await perform(act, order, market, shop, doomed)
            }
            await doomed.stop()
            let isDone = step == .committed
            try await market.withEngine { engine in
                let again = try await refusal { try await perform(act, order, market, shop, engine) }
                switch act {
                case "place": #expect(again == (isDone ? .coupon(.exhausted) : nil))
                case "settle": #expect(again == (isDone ? .referenceUsed : nil))
                default: #expect(again == (isDone ? .orderNotPending : nil))
                }
            }
            #expect(try await market.count("pending_orders", of: shop) == 1)
            #expect(try await market.standing("ONE", in: shop)[0] == (act == "cancel" ? 0 : 1))
            #expect(try await market.count("orders", of: shop) == (act == "settle" ? 1 : 0))
            #expect(try await market.balance(of: shop.ann, in: shop) == (act == "settle" ? 1_20 : 0))
        }
    }

    private func perform(
        _ act: String, _ order: OrderID?, _ market: Market, _ shop: Shop, _ engine: Engine
    ) async throws {
        switch (act, order) {
        case ("settle", let order?):
            try await market.settle(order, 12_00, in: shop, reference: "once", on: engine)
        case ("cancel", let order?): try await market.cancel(order, in: shop, on: engine)
        default: _ = try await market.place(shop, coupon: "ONE", on: engine)
        }
    }

    /// None of a placement's or a closing's rows is in the journal, where the engine looks for all others.
    @Test(arguments: ["place", "settle", "cancel"])
    func `a COMMIT whose answer is lost is looked up, whatever of an order that waits it was of`(
        act: String
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            var order: OrderID?
            try await market.put("ONE", in: shop, limit: 1)
            if act != "place" {
                order = try await market.withEngine {
                    try await market.place(shop, coupon: "ONE", on: $0).order
                }
            }
            let proxy = try CuttingProxy(serverDirectory: database.server.socketDirectory)
            defer { proxy.stop() }
            let gate = StepGate(.written)
            let engine = market.engine(
                seed: 5, configuration: market.configuration(through: proxy), onStep: gate.pass)
            gate.close()
            // A purchase beside it, so that the group has both kinds.
            try await market.withEngine { try await market.topUp(shop.ben, 12_00, in: shop, with: $0) }
            let before = try await market.count("outbox_events", of: shop)
            async let bought = market.race([market.purchase(shop, by: shop.ben)], on: engine)[0]
            async let done: Void = perform(act, order, market, shop, engine)
            try await eventually("the group is about to commit") { gate.isHolding }
            proxy.set(.losingAnswers)
            gate.open()
            try await eventually("something is committed") {
                try await market.count("outbox_events", of: shop) > before
            }
            proxy.cut()
            proxy.set(.passing)
            try await done
            #expect(await bought.isCarriedOut)
            await engine.stop()
            #expect(try await market.count("pending_orders", of: shop) == 1)
            #expect(try await market.count("orders", of: shop) == (act == "settle" ? 2 : 1))
        }
    }

    /// A few customers, all that can happen to an order that waits, in any order, against sums kept by hand.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `for every course of events wallets hold what came in less what was bought, and coupons what stands`(
        seed: UInt64
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 4)
            let shop = market.alba
            try await market.put("TWO", in: shop, limit: 2)
            var dice = SplitMix64(seed: seed)
            var wallets: [CustomerID: Int64] = [shop.ann: 0, shop.ben: 0]
            var known: [(order: OrderID, customer: CustomerID, total: Int64, coupon: Bool)] = []
            var bought = 0
            try await market.withEngine { engine in
                for number in 0..<120 {
                    let customer = dice.next() % 2 == 0 ? shop.ann : shop.ben
                    switch dice.next() % 10 {
                    case 0...3:
                        let coupon = dice.next() % 2 == 0
                        let placed: PlacementReceipt
                        do {
                            placed = try await market.place(
                                shop, by: customer, coupon: coupon ? "TWO" : nil, on: engine)
                        } catch EngineError.refused(let refusal) {
                            #expect([.coupon(.exhausted), .tooManyPendingOrders(most: 20)].contains(refusal))
                            continue
                        }
                        known.append((placed.order, customer, placed.total.minor, coupon))
                    case 4...7:
                        guard !known.isEmpty else { continue }
                        let one = known[Int(dice.next() % UInt64(known.count))]
                        let minor = Int64([12_00, 10_80, 6_00][Int(dice.next() % 3)])
                        let settled = try await market.settle(
                            one.order, minor, in: shop, reference: "r\(number)", on: engine)
                        wallets[one.customer]! += minor - (settled.bought == nil ? 0 : one.total)
                        bought += settled.bought == nil ? 0 : 1
                        #expect(settled.movement.balance.minor == wallets[one.customer])
                    case 8:
                        guard let one = known.last else { continue }
                        _ = try await refusal { try await market.cancel(one.order, in: shop, on: engine) }
                    default:
                        market.clock.advance(milliseconds: Self.day / 4)
                        if dice.next() % 2 == 0 { _ = try await market.pendingExpiries(engine).run() }
                    }
                }
            }
            for (customer, balance) in wallets {
                #expect(try await market.balance(of: customer, in: shop) == balance)
            }
            #expect(bought > 0 && bought <= 4)
            #expect(try await market.count("orders", of: shop) == bought)
            market.clock.advance(milliseconds: Self.day)
            try await market.expirePending()
            var standing = 0
            for one in known where one.coupon {
                if try await market.pending(one.order, in: shop).state == .settled { standing += 1 }
            }
            #expect(try await market.standing("TWO", in: shop)[0] == standing)
        }
    }
}
