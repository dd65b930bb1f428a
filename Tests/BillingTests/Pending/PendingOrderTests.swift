import Billing
import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Orders that wait for money", .database)
struct PendingOrderTests {
    private static let day = PendingOrder.lifeMilliseconds

    @Test func `an order waits without money and ports, and is bought under its own id when money comes`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            for shop in [market.alba, market.brio] {
                try await market.withEngine { engine in
                    let placed = try await market.place(shop, quantity: 2, on: engine)
                    #expect(placed.total == shop.money(24_00))
                    #expect(placed.expiresAt.milliseconds(since: market.now) == Self.day)
                    #expect(try await market.slots("ready", of: shop) == 40)
                    #expect(try await market.events("order.pending", in: shop) == 1)
                    #expect(try await market.count("journal_entries", of: shop) == 0)

                    market.clock.advance(milliseconds: Self.day - 1)
                    let settled = try await market.settle(placed.order, 25_00, in: shop, on: engine)
                    let receipt = try #require(settled.bought)
                    #expect(receipt.order == placed.order && receipt.subscriptions.count == 2)
                    #expect(receipt.subscriptions[0].period.start == market.now, "from when it is paid")
                    #expect(settled.movement.balance == shop.money(1_00))
                }
                #expect(try await market.balance(of: shop.ann, in: shop) == 1_00)
                #expect(try await market.slots("assigned", of: shop) == 2)
                #expect(try await market.events("order.purchased", in: shop) == 1)
                #expect(try await market.events("wallet.topped_up", in: shop) == 1)
                #expect(try await market.count("pending_orders", of: shop) == 1)
                market.clock.advance(milliseconds: 1 - Self.day)
            }
        }
    }

    @Test func `too little waits for the rest, what the wallet holds counts, too much stays on it`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                let order = try await market.place(shop, on: engine).order
                let first = try await market.settle(order, 5_00, in: shop, on: engine)
                #expect(first.word == "waits: insufficient_balance" && first.movement.balance.minor == 5_00)
                var waiting = try await market.pending(order, in: shop)
                #expect(waiting.state == .pending && waiting.reason == "insufficient_balance")
                #expect(try await market.events("order.not_fulfilled", in: shop) == 1)
                #expect(try await market.settle(order, 7_01, in: shop, on: engine).word == "bought")
                waiting = try await market.pending(order, in: shop)
                #expect(waiting.state == .settled && waiting.reason == nil)
                #expect(try await market.balance(of: shop.ann, in: shop) == 1)
                // Money for what is paid already is the customer's too.
                let again = try await market.settle(order, 12_00, in: shop, on: engine)
                #expect(again.word == "late: settled" && again.movement.balance.minor == 12_01)
                #expect(try await market.count("orders", of: shop) == 1)
                #expect(try await market.events("order.late_payment", in: shop) == 1)
            }
        }
    }

    /// Lessons rows 8 and 27 (Xboard #24): a payment that came after the cancellation vanished.
    @Test func `money that comes too late lands on the wallet, whether a job has been there or not`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            for hasRun in [false, true] {
                let shop = hasRun ? market.brio : market.alba
                try await market.withEngine { engine in
                    let order = try await market.place(shop, on: engine).order
                    market.clock.advance(milliseconds: Self.day)
                    if hasRun { #expect(try await market.expirePending(of: shop).expired == 1) }
                    let late = try await market.settle(order, 12_00, in: shop, on: engine)
                    #expect(late.word == "late: expired")
                    #expect(try await market.pending(order, in: shop).state == .expired)
                    #expect(try await market.expirePending().due == 0)
                    #expect(
                        try await market.settle(order, 3_00, in: shop, on: engine).word == "late: expired")
                }
                #expect(try await market.balance(of: shop.ann, in: shop) == 15_00)
                #expect(try await market.count("orders", of: shop) == 0)
                #expect(try await market.events("order.expired", in: shop) == 1)
                #expect(try await market.events("order.late_payment", in: shop) == 2)
            }
        }
    }

    struct Obstacle: Sendable, CustomTestStringConvertible {
        let reason: String
        let script: String
        var testDescription: String { reason }

        init(_ reason: String, _ script: String) {
            self.reason = reason
            self.script = script
        }
    }

    @Test(arguments: [
        Obstacle("sold_out", "UPDATE slots SET state = 'held'"),
        Obstacle("price_changed", "UPDATE plans SET price_minor = price_minor + 1"),
        Obstacle("price_changed", "UPDATE plans SET price_minor = price_minor - 1"),
        Obstacle("price_changed", "UPDATE plans SET duration_ms = duration_ms - 1"),
        Obstacle("plan_not_priced", "UPDATE plans SET price_minor = NULL"),
        Obstacle("plan_inactive", "UPDATE plans SET active = false"),
        Obstacle("plan_unknown", "UPDATE plans SET sells_in = '{}'"),
        Obstacle("network_inactive", "UPDATE networks SET active = false"),
        Obstacle("customer_inactive", "UPDATE customers SET active = false"),
        Obstacle("float_exhausted", "UPDATE plans SET wholesale_minor = 1"),
    ])
    func `what cannot be had as it was quoted is not bought, says why, and the money is the customer's`(
        obstacle: Obstacle
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.put("FIVE", in: shop, limit: 5)
            try await market.withEngine { engine in
                let order = try await market.place(shop, coupon: "FIVE", on: engine).order
                try await database.execute(obstacle.script)
                let settled = try await market.settle(order, 20_00, in: shop, on: engine)
                #expect(settled.word == obstacle.reason && settled.movement.balance.minor == 20_00)
                let pending = try await market.pending(order, in: shop)
                #expect(pending.state == .cancelled && pending.reason == obstacle.reason)
                #expect(try await market.standing("FIVE", in: shop) == [0, 0], "its use is free again")
                let again = try await market.settle(order, 1_00, in: shop, on: engine)
                #expect(again.word == "late: cancelled")
                #expect(
                    try await refusal { try await market.cancel(order, in: shop, on: engine) }
                        == .orderNotPending)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 21_00)
            #expect(try await market.count("orders", of: shop) == 0)
            #expect(try await market.slots("assigned", of: shop) == 0)
            #expect(try await market.events("order.not_fulfilled", in: shop) == 1)
        }
    }

    @Test func `an exit that is offered no more is not exchanged for another`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await database.execute(
                "UPDATE plans SET exits = '{nl,de}', exit_rotations = '{instant,5m}' WHERE code = 'nl'")
            let choice = ExitChoice(country: ExitCountry(rawValue: "de"), rotation: .every(minutes: 5))
            try await market.withEngine { engine in
                let first = try await market.place(shop, exit: choice, on: engine).order
                let second = try await market.place(shop, exit: choice, on: engine).order
                let bought = try #require(try await market.settle(first, 12_00, in: shop, on: engine).bought)
                #expect(bought.subscriptions[0].exit?.country.rawValue == "de")
                #expect(bought.subscriptions[0].exit?.rotation == .every(minutes: 5))
                try await database.execute("UPDATE plans SET exits = '{nl}' WHERE code = 'nl'")
                let settled = try await market.settle(second, 12_00, in: shop, on: engine)
                #expect(settled.word == "exit_country_not_offered")
            }
        }
    }

    @Test func `a sum that is none and a reference that was used change nothing at all`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                let order = try await market.place(shop, on: engine).order
                for money in [shop.money(0), shop.money(-1), Money(minor: 12_00, currency: Currency("EUR")!)]
                {
                    let refused = try await refusal {
                        try await market.desk(engine).settle(
                            order, of: shop.tenant, amount: money, reference: "r")
                    }
                    #expect(refused == .amountInvalid)
                }
                #expect(
                    try await market.settle(order, 12_00, in: shop, reference: "r", on: engine).word
                        == "bought")
                let refused = try await refusal {
                    try await market.settle(order, 12_00, in: shop, reference: "r", on: engine)
                }
                #expect(refused == .referenceUsed)
                // A tenant's references are its own, and so are its orders.
                let stranger = try await refusal {
                    try await market.settle(order, 12_00, in: market.brio, reference: "r", on: engine)
                }
                #expect(stranger == .orderUnknown)
                let order2 = try await market.place(market.brio, on: engine).order
                #expect(
                    try await market.settle(order2, 12_00, in: market.brio, reference: "r", on: engine).word
                        == "bought")
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
            #expect(try await market.count("journal_entries", of: shop) == 2)
        }
    }

    @Test func `who takes an order back before its time cancels it, and after it finds it expired`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.put("ONE", in: shop, limit: 1)
            try await market.withEngine { engine in
                let first = try await market.place(shop, coupon: "ONE", on: engine).order
                #expect(try await market.cancel(first, in: shop, on: engine).state == .cancelled)
                #expect(try await market.pending(first, in: shop).reason == "changed my \"mind\"")
                let second = try await market.place(shop, coupon: "ONE", on: engine).order
                market.clock.advance(milliseconds: Self.day)
                #expect(try await market.cancel(second, in: shop, on: engine).state == .expired)
                #expect(try await market.standing("ONE", in: shop) == [0, 0])
                #expect(
                    try await refusal { try await market.cancel(second, in: market.brio, on: engine) }
                        == .orderUnknown)
            }
            #expect(try await market.events("order.cancelled", in: shop) == 1)
            #expect(try await market.events("order.expired", in: shop) == 1)
        }
    }

    @Test func `twenty orders of a customer may wait, nothing waits for nothing`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.put("ALL", in: shop)
            try await database.execute("UPDATE coupons SET percent_bps = 10000")
            try await market.withEngine { engine in
                let free = try await refusal { try await market.place(shop, coupon: "ALL", on: engine) }
                #expect(free == .amountInvalid)
                var last: OrderID?
                for _ in 0..<PendingOrder.perCustomerMax {
                    last = try await market.place(shop, on: engine).order
                }
                let full = try await refusal { try await market.place(shop, on: engine) }
                #expect(full == .tooManyPendingOrders(most: 20))
                _ = try await market.place(shop, by: shop.ben, on: engine)
                try await market.settle(try #require(last), 12_00, in: shop, on: engine)
                _ = try await market.place(shop, on: engine)
            }
            #expect(try await market.count("pending_orders", of: shop) == 22)
        }
    }

    @Test func `an order of several ports is bought whole, and what cannot be handed out is not`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let trio = try await Trio.open(market, in: shop, slots: [2, 1, 2])
            // Without the installation's key nothing gives several ports one login.
            let keyless = Engine(
                configuration: database.configuration(role: .engine), stock: SlotStock(), clock: market.clock,
                seed: 8, logger: .quiet)
            try await market.withEngine { engine in
                let first = try await market.place(shop, plan: trio.plan, on: engine).order
                #expect(try await market.settle(first, 9_00, in: shop, on: keyless).word == "undeliverable")
                #expect(try await market.slots("ready", of: trio) == [2, 1, 2])
                let second = try await market.place(shop, plan: trio.plan, on: engine).order
                let third = try await market.place(shop, plan: trio.plan, on: engine).order
                let bought = try #require(try await market.settle(second, 9_00, in: shop, on: engine).bought)
                #expect(bought.subscriptions[0].units.count == 3)
                #expect(try await market.settle(third, 9_00, in: shop, on: engine).word == "sold_out")
                #expect(try await market.slots("assigned", of: trio) == [1, 1, 1])
            }
            await keyless.stop()
            #expect(try await market.balance(of: shop.ann, in: shop) == 18_00)
        }
    }

    /// The answer is made last, when money and order are decided: without it neither is.
    @Test func `a settlement that cannot be answered leaves no trace, and its neighbours theirs`()
        async throws
    {
        struct Unspeakable: Error {}
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 1)
            let shop = market.alba
            let gate = StepGate(.gathered)
            let engine = market.engine(onStep: gate.pass)
            let orders = [
                try await market.place(shop, on: engine).order,
                try await market.place(shop, on: engine).order,
            ]
            var submissions: [Submission] = []
            for order in orders {
                submissions.append(
                    market.submission(
                        .settlement(
                            Settlement(
                                of: try await market.pending(order, in: shop), amount: shop.money(12_00),
                                reference: "of \(order)")), by: shop))
            }
            let mute = Submission(
                id: submissions[0].id, tenant: shop.tenant, principal: shop.annKey, dialect: .storefront,
                command: submissions[0].command, prepare: { _ in throw Unspeakable() })
            gate.close()
            async let blocked = market.race([market.purchase(shop)], on: engine)
            try await eventually("a group is held") { gate.isHolding }
            async let results = market.race([mute, submissions[1]], on: engine)
            gate.open()
            _ = await blocked
            guard case .failure(.unavailable) = await results[0] else { throw Surprise("it was answered") }
            #expect(await results[1].isCarriedOut, "neither the money nor the port was taken")
            await engine.stop()
            #expect(try await market.pending(orders[0], in: shop).state == .pending)
            #expect(try await market.pending(orders[1], in: shop).state == .settled)
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
        }
    }
}
