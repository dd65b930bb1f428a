import Billing
import Postgres
import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Server

@Suite("Payments, killed and raced", .database)
struct PaymentRaceTests {
    struct Killed: Error {}

    /// Lessons rows 39 and 48 (lago #3618, formance #1464): one settlement credited twice within milliseconds.
    @Test
    func
        `one settlement twenty times at once, from two engines, by messages and by command, credits once and is never refused`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let provider = FakeProvider()
            let (left, right) = (market.engine(), market.engine(seed: 2))
            let desks = [market.payments(left, provider), market.payments(right, provider)]
            for shop in [market.alba, market.brio] {
                let payment = try await market.open(25_00, in: shop, at: desks[0])
                provider.pay(payment.session ?? "")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<20 {
                        let desk = desks[number % 2]
                        group.addTask {
                            switch number % 4 {
                            case 0, 1:
                                try await desk.take(
                                    market.paidMessage(payment, named: "evt_\(number % 4)"), from: provider,
                                    of: shop.tenant)
                            case 2:
                                try await desk.take(
                                    market.paidMessage(payment, named: "evt_\(number)", knowing: false),
                                    from: provider, of: shop.tenant)
                            default:
                                #expect(try await desk.settle(payment.id, of: shop.tenant).state == .paid)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(try await market.balance(of: shop.ann, in: shop) == 25_00)
                #expect(try await market.events("wallet.topped_up", in: shop) == 1)
                #expect(try await market.count("payments", of: shop) == 1)
            }
            await left.stop()
            await right.stop()
        }
    }

    @Test func `a payment that nobody asked for, twenty times at once, is written down once`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let (shop, provider) = (market.alba, FakeProvider())
            let (left, right) = (market.engine(), market.engine(seed: 2))
            let desks = [market.payments(left, provider), market.payments(right, provider)]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        try await desks[number % 2].take(
                            ProviderMessage(
                                name: "evt_\(number)", kind: "payment",
                                content: .payment(
                                    ProviderPayment(
                                        reference: "pi_x", state: .paid(shop.money(7_00)),
                                        names: OurNames(customer: shop.ann), saved: nil))),
                            from: provider, of: shop.tenant)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 7_00)
            #expect(try await market.count("payments", of: shop) == 1)
            await left.stop()
            await right.stop()
        }
    }

    @Test
    func `refunds, a chargeback and purchases at once never take more than was paid, and no floor breaks`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 40)
            let (shop, provider) = (market.alba, FakeProvider())
            let (left, right) = (market.engine(), market.engine(seed: 2))
            let desks = [market.payments(left, provider), market.payments(right, provider)]
            let payment = try await market.paid(60_00, in: shop, at: desks[0], provider)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<24 {
                    let (desk, engine) = (desks[number % 2], number % 2 == 0 ? left : right)
                    group.addTask {
                        switch number % 3 {
                        case 0:
                            do {
                                _ = try await desk.refund(
                                    shop.money(11_00), of: payment.id, of: shop.tenant, reason: "race",
                                    actor: "olga")
                            } catch is PaymentRefusal {}
                        case 1:
                            try await desk.take(
                                market.disputeMessage(payment, 30_00, .taken, event: "evt_\(number)"),
                                from: provider, of: shop.tenant)
                        default: _ = await market.race([market.purchase(shop)], on: engine)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let after = try #require(try await desks[0].payment(payment.id, of: shop.tenant))
            #expect(after.0.returned.minor <= 60_00)
            #expect(after.1.filter { $0.kind == .chargeback }.count == 1)
            let paid = Int64(try await market.count("orders", of: shop)) * 12_00
            let wallet = try await market.balance(of: shop.ann, in: shop)
            let debt = try await market.debt(of: shop.ann, in: shop)
            #expect(wallet - debt == 60_00 - paid - after.0.returned.minor)
            await left.stop()
            await right.stop()
        }
    }

    /// The desk dies after each of its steps, and the engine between any two of its own; the job finishes it.
    @Test(arguments: PaymentDeskStep.allCases, ["open", "message", "refund"])
    func `a desk that is killed at any step loses no money and doubles none; the job goes on with it`(
        step: PaymentDeskStep, act: String
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let (shop, provider) = (market.alba, FakeProvider())
            let whole = market.payments(engine, provider)
            let death = OneDeath()
            let dying = market.payments(engine, provider) { reached in
                if reached == step, death.comes() { throw Killed() }
            }
            let id: PaymentID = market.ids.next(at: market.now)
            func open(_ desk: PaymentDesk) async throws -> Payment {
                try await desk.open(
                    shop.money(20_00), for: shop.ann, of: shop.tenant, as: id, actor: "ann")
            }
            do { _ = try await open(act == "open" ? dying : whole) } catch is PaymentDeskDeath {}
            let payment = try await open(whole)
            provider.pay(payment.session ?? "")
            do {
                try await (act == "message" ? dying : whole).take(
                    market.paidMessage(payment), from: provider, of: shop.tenant)
            } catch is PaymentDeskDeath {}
            market.clock.advance(milliseconds: 3_600_000)
            _ = try await market.rounds(whole).run()
            try await whole.take(market.paidMessage(payment), from: provider, of: shop.tenant)
            #expect(try await market.balance(of: shop.ann, in: shop) == 20_00)
            if act == "refund" {
                do {
                    _ = try await dying.refund(
                        shop.money(15_00), of: id, of: shop.tenant, reason: "asked", actor: "olga")
                } catch is PaymentDeskDeath {}
                #expect(try await market.balance(of: shop.ann, in: shop) == 5_00, "set aside at once")
                market.clock.advance(days: 2)
                for _ in 0..<2 { _ = try await market.rounds(whole).run() }
                let after = try #require(try await whole.payment(id, of: shop.tenant))
                #expect(after.1.map(\.state) == [.returned] && after.0.returned == shop.money(15_00))
                #expect(provider.state.withLock { $0.refunds.count } == 1)
            }
            await engine.stop()
        }
    }

    @Test(arguments: EngineStep.allCases)
    func `an engine killed between any two steps of a chargeback leaves all of it or nothing`(
        step: EngineStep
    )
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let (shop, provider) = (market.alba, FakeProvider())
            let payment = try await market.withEngine { engine in
                let desk = market.payments(engine, provider)
                let payment = try await market.paid(20_00, in: shop, at: desk, provider)
                _ = try await engine.submit(market.purchase(shop))
                return payment
            }
            let dying = market.engine(seed: 9) { reached in
                if reached == step { throw Killed() }
            }
            do {
                _ = try await market.payments(dying, provider).take(
                    market.disputeMessage(payment, 20_00, .taken), from: provider, of: shop.tenant)
            } catch {}
            await dying.stop()
            let debt = try await market.debt(of: shop.ann, in: shop)
            #expect(debt == 0 || debt == 12_00)
            try await market.withEngine { engine in
                let desk = market.payments(engine, provider)
                try await desk.take(
                    market.disputeMessage(payment, 20_00, .taken, event: "again"), from: provider,
                    of: shop.tenant)
            }
            #expect(try await market.debt(of: shop.ann, in: shop) == 12_00)
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
        }
    }

    @Test func `a payment whose row cannot be read stops no other`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let (engine, provider) = (market.engine(), FakeProvider())
            let desk = market.payments(engine, provider)
            for shop in [market.alba, market.brio] {
                let payment = try await market.open(5_00, in: shop, at: desk)
                provider.pay(payment.session ?? "")
            }
            try await database.execute("UPDATE payments SET currency = 'XXX' WHERE tenant_id = 1")
            market.clock.advance(milliseconds: 3_600_000)
            let counts = try await market.rounds(desk).run()
            #expect(counts.broken == 1 && counts.paid == 1 && counts.problems.count == 1)
            try await database.execute("UPDATE payments SET currency = 'USD'")
            #expect(try await market.rounds(desk).run().paid == 1)
            await engine.stop()
        }
    }

    @Test func `eight runs of the job at once pay a refund back once`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let (shop, provider) = (market.alba, FakeProvider())
            let (left, right) = (market.engine(), market.engine(seed: 2))
            let desk = market.payments(left, provider)
            let payment = try await market.paid(60_00, in: shop, at: desk, provider)
            provider.state.withLock { $0.losses = 5 }
            for _ in 0..<5 {
                _ = try await desk.refund(
                    shop.money(10_00), of: payment.id, of: shop.tenant, reason: "asked", actor: "olga")
            }
            market.clock.advance(days: 1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    let rounds = market.rounds(
                        market.payments(number % 2 == 0 ? left : right, provider), batch: 1 + number % 3)
                    group.addTask { _ = try await rounds.run() }
                }
                try await group.waitForAll()
            }
            #expect(provider.state.withLock { $0.refunds.count } == 5)
            #expect(try await desk.required(payment.id, of: shop.tenant).returned == shop.money(50_00))
            #expect(try await market.balance(of: shop.ann, in: shop) == 10_00)
            await left.stop()
            await right.stop()
        }
    }
}

/// Nobody dies twice.
final class OneDeath: Sendable {
    private let left = Mutex(1)

    func comes() -> Bool {
        left.withLock { left in
            left -= 1
            return left >= 0
        }
    }
}
