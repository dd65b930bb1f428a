import Billing
import Postgres
import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Server

@Suite("Wallets that fill themselves", .database)
struct AutoTopUpTests {
    struct Killed: Error {}

    /// Ann of a shop has saved her card with a payment of 1.00 and wants 10.00 below 5.00.
    private func ready(
        _ market: Market, _ shop: Shop, _ desk: PaymentDesk, _ provider: FakeProvider, perDay: Int32 = 2
    ) async throws {
        let payment = try await market.open(1_00, in: shop, saving: true, at: desk)
        provider.pay(payment.session ?? "")
        let known = try await provider.payment(FakeProvider.reference(payment.id))
        try await desk.take(
            ProviderMessage(
                name: "evt_\(payment.id.bits.hexString)", kind: "payment", content: .payment(known)),
            from: provider, of: shop.tenant)
        try await desk.fillAutomatically(
            shop.ann, of: shop.tenant, below: shop.money(5_00), by: shop.money(10_00), perDay: perDay,
            actor: "ann")
    }

    @Test func `a wallet below its threshold is filled once, by a run twice over, in each tenant by itself`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.connectProviders()
            let (engine, provider) = (market.engine(), FakeProvider())
            let desk = market.payments(engine, provider)
            try await ready(market, market.alba, desk, provider)
            try await ready(market, market.brio, desk, provider)
            #expect(try await market.filling(desk).run(of: market.alba.tenant).collected == 1)
            #expect(try await market.balance(of: market.brio.ann, in: market.brio) == 1_00)
            #expect(try await market.filling(desk).run().collected == 1)
            #expect(try await market.filling(desk).run().collected == 0)
            for shop in [market.alba, market.brio] {
                #expect(try await market.balance(of: shop.ann, in: shop) == 11_00)
            }
            #expect(provider.state.withLock { $0.charges } == 2)
            await engine.stop()
        }
    }

    /// Lessons row 41 (lago #1962, #6103): top-ups every five minutes, for weeks.
    @Test func `no more than so many a day, in the tenant's zone, and one that is under way counts`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.connectProviders()
            try await database.execute("UPDATE tenants SET timezone = 'Pacific/Kiritimati'")
            let (shop, engine, provider) = (market.alba, market.engine(), FakeProvider())
            let desk = market.payments(engine, provider)
            try await ready(market, shop, desk, provider)
            func spend() async throws {
                let balance = try await market.balance(of: shop.ann, in: shop)
                guard balance > 0 else { return }
                _ = try await desk.adjust(
                    shop.money(-balance), of: shop.ann, of: shop.tenant, reason: "spent", actor: "olga")
            }
            for number in 0..<4 {
                try await spend()
                let counts = try await market.filling(desk).run()
                #expect(number < 2 ? counts.collected == 1 : counts.bounded == 1, "run \(number)")
                market.clock.advance(milliseconds: 60_000)
            }
            // It is 14:04 there: ten hours bring midnight on Kiritimati, none in UTC.
            market.clock.advance(milliseconds: 10 * 3_600_000)
            provider.state.withLock { $0.losses = 1 }
            #expect(try await market.filling(desk).run().open == 1)
            #expect(try await market.filling(desk).run().named.line == "looked 1", "it is under way")
            #expect(try await market.rounds(desk).run().paid == 0, "it is asked about again in a minute")
            market.clock.advance(milliseconds: 120_000)
            #expect(try await market.rounds(desk).run().paid == 1)
            #expect(try await market.balance(of: shop.ann, in: shop) == 10_00)
            #expect(provider.state.withLock { $0.charges } == 3)
            await engine.stop()
        }
    }

    @Test
    func `a card that is declined is tried ever more seldom, then parked and told, until somebody looks`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.connectProviders()
            let (shop, engine, provider) = (market.alba, market.engine(), FakeProvider())
            let desk = market.payments(engine, provider)
            try await ready(market, shop, desk, provider, perDay: 24)
            provider.state.withLock { $0.declines = "card_declined" }
            for hours in [0, 1, 4, 16] as [Int64] {
                if hours > 0 {
                    market.clock.advance(milliseconds: hours * 3_600_000 - 1)
                    #expect(try await market.filling(desk).run().looked == 0, "before \(hours) h")
                    market.clock.advance(milliseconds: 1)
                }
                #expect(try await market.filling(desk).run().declined == 1, "after \(hours) h")
            }
            market.clock.advance(days: 30)
            #expect(try await market.filling(desk).run().looked == 0)
            let parked = try #require(try await desk.autoTopUp(of: shop.ann, shop.tenant))
            #expect(parked.parkedReason?.hasPrefix("card_declined") == true && parked.tries == 4)
            #expect(try await market.events("auto_top_up.failed", in: shop) == 3)
            #expect(try await market.events("auto_top_up.parked", in: shop) == 1)
            provider.state.withLock { $0.declines = nil }
            try await desk.fillAutomatically(
                shop.ann, of: shop.tenant, below: shop.money(5_00), by: shop.money(10_00), perDay: 1,
                actor: "olga")
            #expect(try await market.filling(desk).run().collected == 1)
            await engine.stop()
        }
    }

    @Test func `eight runs at once collect once`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.connectProviders()
            let provider = FakeProvider()
            let (left, right) = (market.engine(), market.engine(seed: 2))
            let desk = market.payments(left, provider)
            for shop in [market.alba, market.brio] { try await ready(market, shop, desk, provider) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    let filling = market.filling(market.payments(number % 2 == 0 ? left : right, provider))
                    group.addTask {
                        let problems = try await filling.run().problems
                        #expect(problems == [])
                    }
                }
                try await group.waitForAll()
            }
            #expect(provider.state.withLock { $0.charges } == 2)
            for shop in [market.alba, market.brio] {
                #expect(try await market.balance(of: shop.ann, in: shop) == 11_00)
            }
            await left.stop()
            await right.stop()
        }
    }

    @Test(arguments: PaymentDeskStep.allCases)
    func `a run that is killed at any step and run again collects once`(step: PaymentDeskStep) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.connectProviders()
            let (shop, engine, provider) = (market.alba, market.engine(), FakeProvider())
            let whole = market.payments(engine, provider)
            try await ready(market, shop, whole, provider)
            let dying = market.payments(engine, provider) { reached in
                if reached == step { throw Killed() }
            }
            await #expect(throws: PaymentDeskDeath.self) { _ = try await market.filling(dying).run() }
            _ = try await market.filling(whole).run()
            market.clock.advance(milliseconds: 3_600_000)
            _ = try await market.rounds(whole).run()
            _ = try await market.filling(whole).run()
            #expect(provider.state.withLock { $0.charges } == 1)
            #expect(try await market.balance(of: shop.ann, in: shop) == 11_00)
            await engine.stop()
        }
    }

    @Test
    func `a provider that was away for more than a day is not asked again under an id that it may forget`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.connectProviders()
            let (shop, engine, provider) = (market.alba, market.engine(), FakeProvider())
            let desk = market.payments(engine, provider)
            try await ready(market, shop, desk, provider)
            provider.state.withLock { $0.losses = 1 }
            #expect(try await market.filling(desk).run().open == 1)
            market.clock.advance(days: 1)
            #expect(try await market.rounds(desk).run().failed == 1)
            #expect(provider.state.withLock { $0.charges } == 0)
            #expect(try await market.events("auto_top_up.failed", in: shop) == 1)
            await engine.stop()
        }
    }

    @Test(arguments: [
        (
            "auto_top_ups SET currency = 'XXX' WHERE tenant_id = 1", "auto_top_ups SET currency = 'USD'",
            "of tenant 1: "
        ),
        (
            "tenants SET timezone = 'Atlantis/Capital' WHERE id = 1", "tenants SET timezone = 'UTC'",
            "tenant 1: tell when a day began in the time zone Atlantis/Capital: "
        ),
    ])
    func
        `what cannot be read, a row or a zone, is named and stops no other; tenants that are off are left alone`(
            breaking: String, mending: String, said: String
        ) async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.connectProviders()
            let (engine, provider) = (market.engine(), FakeProvider())
            let desk = market.payments(engine, provider)
            for shop in [market.alba, market.brio] { try await ready(market, shop, desk, provider) }
            try await database.execute("UPDATE \(breaking)")
            let counts = try await market.filling(desk).run()
            #expect(counts.failed == 1 && counts.collected == 1 && counts.problems.count == 1)
            #expect(counts.problems[0].contains(said), "\(counts.problems)")
            #expect(try await market.balance(of: market.alba.ann, in: market.alba) == 1_00)
            try await database.execute("UPDATE \(mending); UPDATE tenants SET active = false WHERE id = 1")
            #expect(try await market.filling(desk).run().looked == 1)
            #expect(provider.state.withLock { $0.charges } == 1)
            await engine.stop()
        }
    }

    @Test(arguments: [
        ("Europe/Lisbon", "2026-01-31T00:00:00Z"), ("Pacific/Kiritimati", "2026-01-30T10:00:00Z"),
        ("America/Juneau", "2026-01-30T09:00:00Z"),
    ])
    func `a day begins at midnight of the tenant's zone`(zone: String, start: String) throws {
        #expect(
            try AutoTopUps.midnight(in: zone, at: ManualClock.start).rfc3339().hasPrefix(start.dropLast()))
    }
}
