import Billing
import Postgres
import Primitives
import TestSupport
import Testing

@Suite("Crashes", .database)
struct CrashTests {
    struct Killed: Error {}

    @Test(arguments: EngineStep.allCases)
    func `an engine killed between any two steps leaves all of a command or nothing`(
        step: EngineStep
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { try await market.topUp(shop.ann, 100_00, in: shop, with: $0) }

            let doomed = market.engine { if $0 == step { throw Killed() } }
            let cut = await market.race([market.purchase(shop, quantity: 2, key: "k")], on: doomed)
            guard case .failure(.outcomeUnknown) = cut[0] else { throw Surprise("a killed engine answered") }
            await doomed.stop()
            let orders = try await market.count("orders", of: shop)
            #expect(orders == (step == .committed ? 1 : 0))

            // Asked again with its key, the command gives one consistent answer.
            try await market.withEngine { engine in
                let answer = try await engine.submit(market.purchase(shop, quantity: 2, key: "k"))
                switch answer {
                case .replayed: #expect(step == .committed)
                case .done: #expect(step != .committed)
                }
            }
            #expect(try await market.count("orders", of: shop) == 1)
            #expect(try await market.count("allocations", of: shop) == 2)
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 24_00)
        }
    }

    /// A promised discount is counted with its renewal, or not at all: the same key gives one, whenever it is asked again.
    @Test(arguments: EngineStep.allCases)
    func `an engine killed at a promised renewal keeps the promise once`(step: EngineStep) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await shop.coupon(
                "AGAIN", percent: 25_00, budget: 6_00, renewals: 1, on: database.owner,
                id: market.ids.next(at: market.now), at: market.now)
            let bought = try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                return try await engine.submit(market.purchase(shop, coupon: "AGAIN")).bought
            }
            let id = try #require(bought).subscriptions[0].id
            let doomed = market.engine { if $0 == step { throw Killed() } }
            _ = await market.race([market.renewal(shop, of: id, key: "r")], on: doomed)
            await doomed.stop()
            try await market.withEngine { engine in
                let again = try await engine.submit(market.renewal(shop, of: id, key: "r"))
                #expect(again.renewed?.promise == (step == .committed ? nil : .kept))
            }
            #expect(try await market.count("coupon_redemptions", of: shop) == 2)
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 2 * 9_00)
        }
    }

    @Test func `a COMMIT whose answer is lost is looked up, and its callers hear what happened`() async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let proxy = try CuttingProxy(serverDirectory: database.server.socketDirectory)
            defer { proxy.stop() }
            let gate = StepGate(.written)
            let engine = market.engine(configuration: market.configuration(through: proxy), onStep: gate.pass)
            try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
            gate.close()
            let results = Task { await market.race((0..<3).map { _ in market.purchase(shop) }, on: engine) }
            try await eventually("the group is about to commit") { gate.isHolding }
            proxy.set(.losingAnswers)
            gate.open()
            try await eventually("the group is committed") { try await market.count("orders", of: shop) > 0 }
            proxy.cut()

            #expect(await results.value.filter(\.isCarriedOut).count == 3)
            await engine.stop()
            #expect(try await market.count("orders", of: shop) == 3)
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 36_00)
        }
    }

    @Test func `a COMMIT that never arrived is looked up, found missing and sent again`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let proxy = try CuttingProxy(serverDirectory: database.server.socketDirectory)
            defer { proxy.stop() }
            let gate = StepGate(.written)
            let engine = market.engine(configuration: market.configuration(through: proxy), onStep: gate.pass)
            try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
            gate.close()
            let results = Task { await market.race([market.purchase(shop)], on: engine) }
            try await eventually("the group is about to commit") { gate.isHolding }
            proxy.set(.losingEverything)
            gate.open()
            proxy.cut()

            #expect(await results.value.filter(\.isCarriedOut).count == 1)
            await engine.stop()
            #expect(try await market.count("orders", of: shop) == 1)
        }
    }

    /// PostgreSQL refuses a NUL in a text, and no rule of ours looks for one there.
    @Test func `a group with one poisoned member: the others are carried out`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let gate = StepGate(.gathered)
            let engine = market.engine(onStep: gate.pass)
            try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
            gate.close()
            let ahead = Task { await market.race([market.purchase(shop)], on: engine) }
            try await eventually("a group is held") { gate.isHolding }
            var submissions = (0..<9).map { _ in market.purchase(shop) }
            submissions.insert(
                market.submission(
                    .adjustment(
                        Adjustment(customer: shop.ann, amount: shop.money(1), memo: "\0", actor: "poison")),
                    by: shop), at: 4)
            let results = Task { await market.race(submissions, on: engine) }
            gate.open()

            let outcomes = await results.value
            #expect(outcomes.filter(\.isCarriedOut).count == 9)
            guard case .failure(.unavailable(let fault)) = outcomes[4] else {
                throw Surprise("poison was answered")
            }
            #expect(!fault.isTransient)
            #expect(await ahead.value[0].isCarriedOut)
            await engine.stop()
            #expect(try await market.balance(of: shop.ann, in: shop) == 1_000_00 - 120_00)
        }
    }

    @Test func `a full queue answers busy before memory grows, and what was accepted is answered`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 40)
            let shop = market.alba
            let gate = StepGate(.gathered)
            var settings = EngineSettings()
            settings.queueLimit = 10
            let engine = market.engine(settings, onStep: gate.pass)
            try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
            gate.close()
            let first = Task { await market.race([market.purchase(shop)], on: engine) }
            try await eventually("a group is held") { gate.isHolding }
            let answered = Noted(0)
            let rest = Task {
                await withTaskGroup(of: Result<Answer, EngineError>.self) { group in
                    for _ in 0..<30 {
                        group.addTask {
                            let result = await market.race([market.purchase(shop)], on: engine)[0]
                            answered.note { $0 += 1 }
                            return result
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
            }
            try await eventually("the refused ones are answered at once") { answered.current == 20 }
            gate.open()
            let results = await rest.value
            #expect(results.filter(\.isCarriedOut).count == 10)
            #expect(
                results.filter { if case .failure(.busy(retryAfterSeconds: 1)) = $0 { true } else { false } }
                    .count == 20)
            #expect(await first.value[0].isCarriedOut)
            await engine.stop()
        }
    }

    /// PostgreSQL stands still, without a word.
    @Test func `a lane that hangs: who waits is told what is known, and the key tells the rest`() async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let gate = StepGate(.written)
            var settings = EngineSettings()
            settings.answerPatienceMilliseconds = 300
            let engine = market.engine(settings, onStep: gate.pass)
            try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
            gate.close()
            let inHand = Task { await market.race([market.purchase(shop, key: "in hand")], on: engine)[0] }
            try await eventually("a group is held") { gate.isHolding }
            let queued = await market.race([market.purchase(shop, key: "queued")], on: engine)[0]

            guard case .failure(.outcomeUnknown) = await inHand.value else { throw Surprise("somebody knew") }
            guard case .failure(.unavailable(let fault)) = queued else { throw Surprise("it was not told") }
            #expect(fault.isTransient)
            gate.open()
            // The one in hand goes on to its end; the other one was never begun.
            try await eventually("the group is committed") { try await market.count("orders", of: shop) == 1 }
            let again = await market.race(
                ["in hand", "queued"].map { market.purchase(shop, key: $0) }, on: engine)
            guard case .success(.replayed) = again[0] else { throw Surprise("it was not remembered") }
            #expect(again[1].isCarriedOut)
            await engine.stop()
            #expect(try await market.count("orders", of: shop) == 2)
        }
    }

    @Test func `a stopping engine finishes what it accepted and takes nothing new`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let gate = StepGate(.decided)
            let engine = market.engine(onStep: gate.pass)
            try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
            gate.close()
            let accepted = Task { await market.race([market.purchase(shop)], on: engine) }
            try await eventually("a group is held") { gate.isHolding }
            let stopping = Task { await engine.stop() }
            // A command sent before the queue closes waits behind the gate; one sent after it is refused at once.
            let late = Noted(false)
            let asking = Task {
                while !late.current {
                    let result = await market.race(
                        [market.renewal(shop, of: shop.nlPlan.retyped())], on: engine)[0]
                    if case .failure(.stopping) = result { late.note { $0 = true } }
                }
            }
            gate.open()
            await stopping.value
            await asking.value
            #expect(await accepted.value[0].isCarriedOut)
            #expect(try await market.count("orders", of: shop) == 1)
        }
    }
}

@Suite("PostgreSQL goes away")
struct OutageTests {
    @Test func `PostgreSQL restarted and crashed under load: every key is carried out once`() async throws {
        let server = try await TestServer.launch()
        try await withDatabase(on: server) { database in
            let market = try await Market.open(database, slots: 400)
            let shop = market.alba
            let engine = market.engine()
            try await market.topUp(shop.ann, 400 * 12_00, in: shop, with: engine)
            let done = Noted(0)
            let load = Task {
                await withTaskGroup(of: Void.self) { group in
                    for client in 0..<8 {
                        group.addTask {
                            for number in 0..<40 {
                                while !Task.isCancelled {
                                    let result = await market.race(
                                        [market.purchase(shop, key: "\(client)-\(number)")], on: engine)[0]
                                    if case .success = result { break }
                                }
                                done.note { $0 += 1 }
                            }
                        }
                    }
                }
            }
            for (threshold, crashes) in [(40, false), (120, true), (200, false)] {
                try await eventually("\(threshold) purchases", within: .seconds(240)) {
                    done.current >= threshold
                }
                if crashes { try await server.crash() } else { try await server.restart() }
            }
            await load.value
            await engine.stop()
            #expect(try await market.count("orders", of: shop) == 320)
            #expect(try await market.balance(of: shop.ann, in: shop) == 80 * 12_00)
        }
        await server.stop()
    }

    @Test func `while PostgreSQL is away commands are told so within the engine's patience`() async throws {
        let server = try await TestServer.launch()
        let engine = Engine(
            configuration: server.configuration(database: "no-such-database"), stock: NoStock(),
            clock: ManualClock(),
            seed: 1, settings: .impatient, logger: .quiet)
        let result = await Market.result { () throws(EngineError) in
            try await engine.submit(
                Submission(
                    id: ProcessIdentifiers(seed: 1).next(at: ManualClock.start), tenant: TenantID(1),
                    principal: nil,
                    dialect: .storefront,
                    command: .floatTopUp(FloatTopUp(amount: Money(minor: 1, currency: .usd), reference: "r")))
            )
        }
        guard case .failure(.unavailable(let fault)) = result else { throw Surprise("somebody answered") }
        #expect(fault.isTransient)
        await engine.stop()
        await server.stop()
    }
}

/// A shelf that nothing asks.
private struct NoStock: Stock {
    func claim(_ demands: [StockDemand]) -> Statement { "SELECT" }
    func claimed(_ result: ResultSet) throws -> [StockUnit] { [] }
    func joined(_ units: [StockUnit]) throws -> [StockUnit] { units }
    func ready(_ demands: [StockDemand]) -> Statement { "SELECT" }
    func readyCounts(_ result: ResultSet) throws -> [(tenant: TenantID, network: NetworkID, count: Int32)] {
        []
    }
    func lockHoldings(_ subscriptions: [(tenant: TenantID, subscription: SubscriptionID)]) -> Statement {
        "SELECT"
    }
    func holdings(_ result: ResultSet) throws -> [Holding] { [] }
    func write(_ changes: StockChanges, at now: Instant) -> [Statement] { [] }
}

extension EngineSettings {
    fileprivate static var impatient: EngineSettings {
        var settings = EngineSettings()
        settings.patienceMilliseconds = 200
        return settings
    }
}

extension Market {
    func configuration(through proxy: CuttingProxy) -> PostgresConfiguration {
        var configuration = database.configuration(role: .engine)
        configuration.conninfo = configuration.conninfo.replacing(
            "host=\(database.server.socketDirectory)", with: "host=\(proxy.directory)")
        return configuration
    }
}
