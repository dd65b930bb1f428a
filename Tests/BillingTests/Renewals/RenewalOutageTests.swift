import Billing
import Primitives
import TestSupport
import Testing

@Suite("PostgreSQL goes away while renewals run")
struct RenewalOutageTests {
    /// So many that can be renewed and as many that cannot, in each of two tenants; all of them due.
    private func due(_ market: Market, _ each: Int = 12) async throws {
        try await market.letPlansRenew()
        var end = market.now
        for shop in [market.alba, market.brio] {
            let many = Int64(each)
            end = try await market.bought(in: shop, leaving: many * 12_00, quantity: many)[0].period.end
            _ = try await market.bought(in: shop, leaving: 11_99, by: shop.ben, quantity: many)
        }
        market.clock.set(end)
    }

    /// Runs it again until nothing is due; while the server is away a run only throws.
    private func runAgain(_ market: Market) async throws {
        try await eventually("a run that finds nothing due", within: .seconds(120)) {
            (try? await market.renew())?.due == 0
        }
    }

    /// However it came about: each was charged once, or told of once, and an outage is nobody's failure.
    private func check(_ market: Market, _ when: String, _ each: Int = 12) async throws {
        for shop in [market.alba, market.brio] {
            #expect(try await market.balance(of: shop.ann, in: shop) == 0, "\(when)")
            #expect(try await market.balance(of: shop.ben, in: shop) == 11_99, "\(when)")
            #expect(try await market.count("terms", of: shop) == 3 * each, "\(when)")
            #expect(try await market.events("order.renewed", in: shop) == each, "\(when)")
            #expect(try await market.events("renewal.failed", in: shop) == each, "\(when)")
            #expect(try await market.events("renewal.parked", in: shop) == 0, "\(when)")
            #expect(try await market.count("renewal_attempts", of: shop) == each, "\(when)")
        }
    }

    @Test func `it goes away between any two steps of a group: the run again charges each once`() async throws
    {
        let server = try await TestServer.launch()
        for crashes in [false, true] {
            for step in EngineStep.allCases {
                try await withDatabase(on: server) { database in
                    let market = try await Market.open(database, slots: 24)
                    try await due(market)
                    let gate = StepGate(step)
                    let engine = market.engine(seed: 71, onStep: gate.pass)
                    let renewals = market.renewals(engine, batch: 5)
                    gate.close()
                    let run = Task { try await renewals.run() }
                    try await eventually("a group is held", within: .seconds(60)) { gate.isHolding }
                    if crashes { try await server.crash() } else { try await server.restart() }
                    gate.open()
                    // Whether it ends by itself depends on how long the server was away.
                    _ = try? await run.value
                    await engine.stop()
                    try await runAgain(market)
                    try await check(market, "\(crashes ? "crashed" : "restarted") at \(step)")
                }
            }
        }
        await server.stop()
    }

    @Test func `it goes away again and again under four runs at once: each is charged once, told once`()
        async throws
    {
        let server = try await TestServer.launch()
        try await withDatabase(on: server) { database in
            let market = try await Market.open(database, slots: 120)
            try await due(market, 60)
            let engines = (0..<4).map { market.engine(seed: UInt64(80 + $0)) }
            let batches = Noted(0)
            let load = Task {
                await withTaskGroup(of: Void.self) { group in
                    for (number, engine) in engines.enumerated() {
                        let renewals = market.renewals(engine, batch: 1 + number)
                        group.addTask {
                            while !Task.isCancelled {
                                let counts = try? await renewals.run { _ in batches.note { $0 += 1 } }
                                if counts?.due == 0 { break }
                            }
                        }
                    }
                }
            }
            for (threshold, crashes) in [(5, false), (20, true), (40, false)] {
                try await eventually("\(threshold) batches", within: .seconds(120)) {
                    batches.current >= threshold
                }
                if crashes { try await server.crash() } else { try await server.restart() }
                try await eventually("the server is back", within: .seconds(60)) {
                    (try? await market.count("orders", of: market.alba)) != nil
                }
            }
            await load.value
            for engine in engines { await engine.stop() }
            try await runAgain(market)
            try await check(market, "under load", 60)
        }
        await server.stop()
    }
}
