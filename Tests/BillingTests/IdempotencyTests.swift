import Billing
import Primitives
import TestSupport
import Testing

@Suite("Idempotency keys", .database)
struct IdempotencyTests {
    @Test func `the same key twice extends once and answers the same bytes`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let bought = try #require(try await engine.submit(market.purchase(shop)).bought)
                let id = bought.subscriptions[0].id
                let first = try await engine.submit(market.renewal(shop, of: id, key: "again"))
                let again = try await engine.submit(market.renewal(shop, of: id, key: "again"))

                let end = try #require(first.renewed).activeUntil
                guard case .replayed(let answer) = again else {
                    throw Surprise("the answer was not replayed")
                }
                #expect(answer.sealed == Array("renewed until \(end.milliseconds)".utf8))
                #expect(answer.status == 200)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 2 * 12_00)
            #expect(try await market.count("idempotency_keys", of: shop) == 1)
        }
    }

    @Test func `a replay survives a new engine, another process and a moved clock`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                _ = try await engine.submit(market.purchase(shop, key: "k"))
            }
            market.clock.advance(days: 3)
            try await market.withEngine { engine in
                guard case .replayed = try await engine.submit(market.purchase(shop, key: "k")) else {
                    throw Surprise("the answer was not replayed")
                }
            }
            #expect(try await market.count("orders", of: shop) == 1)
        }
    }

    @Test func `the same key with another body is refused and changes nothing`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                _ = try await engine.submit(market.purchase(shop, key: "k", fingerprint: 1))
                let other = await Market.result { () throws(EngineError) in
                    try await engine.submit(market.purchase(shop, quantity: 2, key: "k", fingerprint: 2))
                }
                #expect(other.refusal == .idempotencyKeyReused)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 88_00)
        }
    }

    @Test func `two parallel requests of one key and two bodies have one effect`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let engines = [market.engine(seed: 1), market.engine(seed: 2)]
            try await market.topUp(shop.ann, 100_00, in: shop, with: engines[0])
            async let one = market.race([market.purchase(shop, key: "k", fingerprint: 1)], on: engines[0])
            async let two = market.race(
                [market.purchase(shop, quantity: 2, key: "k", fingerprint: 2)], on: engines[1])
            let results = await one + two
            for engine in engines { await engine.stop() }

            #expect(results.filter(\.isCarriedOut).count == 1)
            #expect(results.compactMap(\.refusal) == [.idempotencyKeyReused])
            #expect(try await market.count("orders", of: shop) == 1)
        }
    }

    @Test func `a key in flight is refused, and answers once the first request is done`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let gate = StepGate(.decided)
            let engine = market.engine(onStep: gate.pass)
            try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
            gate.close()
            let first = Task {
                await Market.result { () throws(EngineError) in
                    try await engine.submit(market.purchase(shop, key: "slow"))
                }
            }
            try await eventually("the first request is being decided") { gate.isHolding }
            let second = await Market.result { () throws(EngineError) in
                try await engine.submit(market.purchase(shop, key: "slow"))
            }
            #expect(second.refusal == .idempotencyKeyInFlight)
            gate.open()
            #expect(await first.value.isCarriedOut)
            guard case .replayed = try await engine.submit(market.purchase(shop, key: "slow")) else {
                throw Surprise("the answer was not replayed")
            }
            await engine.stop()
            #expect(try await market.count("orders", of: shop) == 1)
        }
    }

    @Test func `a refused request leaves its key free`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                let poor = await Market.result { () throws(EngineError) in
                    try await engine.submit(market.purchase(shop, key: "k"))
                }
                #expect(poor.refusal?.isInsufficientBalance == true)
                try await market.topUp(shop.ann, 12_00, in: shop, with: engine)
                #expect(try await engine.submit(market.purchase(shop, key: "k")).bought != nil)
            }
        }
    }

    @Test func `keys of two principals and of two tenants are strangers`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                    #expect(try await engine.submit(market.purchase(shop, key: "k")).bought != nil)
                }
                let shop = market.alba
                let byBen = market.submission(
                    .purchase(Purchase(customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl])), by: shop,
                    key: "k", principal: shop.benKey)
                #expect(try await engine.submit(byBen).bought != nil)
            }
            #expect(try await market.count("orders", of: market.alba) == 2)
            #expect(try await market.count("orders", of: market.brio) == 1)
        }
    }

    /// Without a key nothing is remembered, but the answer is made before the commit all the same.
    @Test func `nobody pays for an answer that cannot be given`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let unreadable = Submission(
                    id: market.ids.next(at: market.now), tenant: shop.tenant, principal: shop.annKey,
                    dialect: .storefront,
                    command: .purchase(Purchase(customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl])),
                    prepare: { _ in throw Surprise("the slot's secret does not open") })
                let results = await market.race([market.purchase(shop), unreadable], on: engine)
                #expect(results.map(\.isCarriedOut) == [true, false])
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 88_00)
            #expect(try await market.count("allocations", of: shop) == 1)
        }
    }

    @Test func `an answer that cannot be made fails its own command and no other`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let broken = Submission(
                    id: market.ids.next(at: market.now), tenant: shop.tenant, principal: shop.annKey,
                    dialect: .storefront,
                    command: .purchase(Purchase(customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl])),
                    idempotency: IdempotencyClaim(key: "x", fingerprint: [UInt8](repeating: 0, count: 32)) {
                        _ in
                        throw Surprise("no answer")
                    })
                let results = await market.race(
                    [market.purchase(shop), broken, market.purchase(shop)], on: engine)
                #expect(results.map(\.isCarriedOut) == [true, false, true])
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 2 * 12_00)
        }
    }
}
