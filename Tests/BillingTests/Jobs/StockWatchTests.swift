import Billing
import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

@Suite("Networks that run short", .database)
struct StockWatchTests {
    @Test func `what runs short is told once, when nothing is left, and when it has recovered`() async throws
    {
        try await withDatabase { database in
            let market = try await watched(database, slots: 6)
            let shop = market.alba
            #expect(try await market.look().told == 0)
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                for (bought, events) in [(1, [0, 0, 0]), (1, [1, 0, 0]), (3, [1, 0, 0]), (1, [1, 1, 0])] {
                    let purchase = market.purchase(shop, quantity: Int64(bought))
                    #expect(try await engine.submit(purchase).bought != nil)
                    _ = try await market.look()
                    #expect(try await market.stockEvents(in: shop) == events)
                    #expect(try await market.look().told == 0, "once")
                }
            }
            let counts = try await market.look(of: shop)
            #expect(counts.named.line == "ready 6, assigned 6, exhausted 1")
            #expect(counts.short == [shop.tenant: [.exhausted: 1]])
            try await market.put(3, onSaleIn: shop, shop.nl)
            #expect(try await market.look().told == 0, "below the watermark is not recovered")
            try await market.put(0, onSaleIn: shop, shop.nl)
            #expect(try await market.look().told == 0)
            try await market.put(5, onSaleIn: shop, shop.nl)
            #expect(try await market.look().told == 1)
            #expect(try await market.stockEvents(in: shop) == [1, 1, 1])

            try await market.put(4, onSaleIn: shop, shop.nl)
            #expect(try await market.look().told == 1, "after it has recovered it is told again")
            #expect(try await market.stockEvents(in: shop) == [2, 1, 1])
            #expect(
                try await market.stockEvents(in: market.brio) == [0, 0, 0], "the same names, another stock")
        }
    }

    @Test func `an event says which network, and carries its tenant's time`() async throws {
        try await withDatabase { database in
            let market = try await watched(database, slots: 6)
            try await market.moveClock(ofBrioTo: Market.month)
            try await market.put(2, onSaleIn: market.brio, market.brio.de)
            #expect(try await market.look().told == 1)
            let row = try await database.owner.run { connection in
                let row = try connection.query(
                    """
                    SELECT tenant_id, payload ->> 'code', payload ->> 'ready', payload ->> 'offered',
                           payload ->> 'watermark', recorded_at FROM outbox_events
                    """)[0]
                return (
                    try row.get(0, as: TenantID.self), try (1...4).map { try row.get($0, as: String.self) },
                    try row.get(5, as: Instant.self)
                )
            }
            #expect(row.0 == market.brio.tenant && row.1 == ["DE-BER", "2", "1000", "5"])
            #expect(row.2.milliseconds(since: market.now) == Market.month)
        }
    }

    @Test func `what is switched off is not looked at, and nobody has to be stocked at once`() async throws {
        try await withDatabase { database in
            let market = try await watched(database, slots: 0)
            #expect(try await market.look().told == 0, "new")
            market.clock.advance(milliseconds: NetworkStock.stockingMilliseconds)
            try await database.execute("UPDATE tenants SET active = false WHERE id = 2")
            try await database.execute("UPDATE networks SET active = false WHERE code = 'DE-BER'")
            try await database.execute("UPDATE gateways SET active = false WHERE tenant_id = 1")
            #expect(try await market.look().told == 0)
            try await database.execute("UPDATE gateways SET active = true WHERE tenant_id = 1")
            #expect(try await market.look().told == 1)
            // A gateway that is switched off sells nothing, whatever is on its shelf.
            try await database.execute("UPDATE tenants SET active = true")
            try await market.put(20, onSaleIn: market.brio, market.brio.nl)
            #expect(try await market.look().told == 0)
        }
    }

    @Test(arguments: StockWatchStep.allCases, [1, 2, 4])
    func `a run killed between any two steps, and the run again: each is told once`(
        step: StockWatchStep, nth: Int
    ) async throws {
        struct Killed: Error {}
        try await withDatabase { database in
            let market = try await short(database)
            let reached = Noted(0)
            let doomed = market.stockWatch(batch: 1) { passed in
                guard passed == step else { return }
                reached.note { $0 += 1 }
                if reached.current >= nth { throw Killed() }
            }
            await #expect(throws: Killed.self) {
                var counts = StockCounts()
                try await doomed.run(&counts)
            }
            #expect(try await market.look().failed == 0)
            #expect(try await market.look().told == 0)
            for shop in [market.alba, market.brio] {
                #expect(try await market.stockEvents(in: shop) == [1, 1, 0])
            }
        }
    }

    @Test func `eight runs at once tell of each once, and a run that is late by a week too`() async throws {
        try await withDatabase { database in
            let market = try await short(database)
            market.clock.advance(days: 7)
            let told = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    let watch = market.stockWatch(batch: 1 + number % 2)
                    group.addTask {
                        var counts = StockCounts()
                        try await watch.run(&counts)
                        return counts.told
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(told == 4)
            for shop in [market.alba, market.brio] {
                #expect(try await market.stockEvents(in: shop) == [1, 1, 0])
            }
        }
    }

    @Test(arguments: [
        """
        ALTER TABLE outbox_events ADD CONSTRAINT poison
            CHECK (tenant_id <> 1 OR payload ->> 'code' IS DISTINCT FROM 'NL-AMS')
        """,
        """
        ALTER TABLE stock_levels DROP CONSTRAINT stock_level_is_known;
        INSERT INTO stock_levels (tenant_id, network_id, level, crossing, changed_at)
            SELECT tenant_id, id, 'middling', 1, created_at FROM networks WHERE tenant_id = 1 AND code = 'NL-AMS'
        """,
    ])
    func `a poisoned network stops no other, and is told of once it is repaired`(poison: String) async throws
    {
        try await withDatabase { database in
            let market = try await short(database)
            try await database.execute(poison)
            let counts = try await market.look()
            #expect(counts.told == 3 && counts.failed == 1 && counts.problems.count == 1)
            try await database.execute(
                """
                ALTER TABLE outbox_events DROP CONSTRAINT IF EXISTS poison;
                UPDATE stock_levels SET level = 'enough' WHERE level = 'middling'
                """)
            #expect(try await market.look().told == 1)
        }
    }

    /// Five ready ports are enough, everywhere.
    private func watched(_ database: TestDatabase, slots: Int) async throws -> Market {
        let market = try await Market.open(database, slots: slots)
        try await database.execute("UPDATE networks SET low_stock = 5")
        return market
    }

    /// In each shop one network that is low, and one with nothing left.
    private func short(_ database: TestDatabase) async throws -> Market {
        let market = try await watched(database, slots: 6)
        market.clock.advance(milliseconds: NetworkStock.stockingMilliseconds)
        for shop in [market.alba, market.brio] {
            try await market.put(4, onSaleIn: shop, shop.nl)
            try await market.put(0, onSaleIn: shop, shop.de)
        }
        return market
    }
}

extension Market {
    func stockWatch(
        batch: Int = 100, onStep: @escaping @Sendable (StockWatchStep) throws -> Void = { _ in }
    ) -> StockWatch {
        StockWatch(
            pool: database.pool(.worker, threads: 1), ids: ids, clock: clock, batch: batch, logger: .quiet,
            onStep: onStep)
    }

    func look(of shop: Shop? = nil) async throws -> StockCounts {
        var counts = StockCounts()
        try await stockWatch().run(of: shop?.tenant, &counts)
        return counts
    }

    /// How often was told that a network is low, exhausted, recovered.
    func stockEvents(in shop: Shop) async throws -> [Int] {
        [
            try await events("slots.low", in: shop), try await events("slots.exhausted", in: shop),
            try await events("slots.recovered", in: shop),
        ]
    }

    /// Makes so many of a network's ports the ones for sale; what is lent stays lent, and more are made where they lack.
    func put(_ count: Int, onSaleIn shop: Shop, _ network: NetworkID) async throws {
        let gateway = network == shop.nl ? shop.nlGateway : shop.deGateway
        let start = now
        try await database.owner.run { [ids] connection in
            let free = try connection.query(
                """
                SELECT id FROM slots WHERE tenant_id = \(shop.tenant) AND network_id = \(network)
                    AND state IN ('ready', 'held') ORDER BY port
                """
            ).map { try $0.get(0, as: SlotID.self) }
            _ = try connection.query(
                "UPDATE slots SET state = 'held' WHERE tenant_id = \(shop.tenant) AND id = ANY(\(free))")
            _ = try connection.query(
                """
                UPDATE slots SET state = 'ready'
                WHERE tenant_id = \(shop.tenant) AND id = ANY(\(Array(free.prefix(count))))
                """)
            let lacking = (free.count..<max(free.count, count)).map { _ in
                ids.next(at: start, of: SlotSubject.self)
            }
            _ = try connection.query(
                """
                INSERT INTO slots
                    (tenant_id, id, gateway_id, network_id, port, state, rank, username, secret, secret_version,
                     secret_since, revision, state_since)
                SELECT \(shop.tenant), made.id, \(gateway), \(network), last.port + made.place, 'ready', last.port + made.place,
                    'u' || made.place, '\\x00', 1, \(start), 0, \(start)
                FROM unnest(\(lacking)) WITH ORDINALITY AS made (id, place),
                    (SELECT coalesce(max(port), 12000) AS port FROM slots WHERE gateway_id = \(gateway)) AS last
                """)
        }
    }
}
