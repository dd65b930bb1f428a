import Billing
import Catalog
import Postgres
import Primitives
import Provisioning
import Server
import TestSupport
import Testing

@Suite("Several slots for one subscription", .database)
struct SeveralSlotsTests {
    private struct LentSlot {
        let place: Int32
        let network: NetworkID
        let username: String
        let secret: SlotSecret
        let state: String
        let expiresAt: Instant
    }

    private func lent(
        _ subscription: SubscriptionID, _ market: Market, _ shop: Shop
    ) async throws -> [LentSlot] {
        try await market.database.owner.run { connection in
            try connection.query(
                """
                SELECT a.sequence, s.network_id, s.username, s.id, s.secret, s.secret_version, s.state, a.expires_at
                FROM allocations a JOIN slots s ON s.tenant_id = a.tenant_id AND s.id = a.slot_id
                WHERE a.tenant_id = \(shop.tenant) AND a.subscription_id = \(subscription) AND a.released_at IS NULL
                ORDER BY a.sequence
                """
            ).map { row in
                LentSlot(
                    place: try row.get(0), network: try row.get(1), username: try row.get(2),
                    secret: try CredentialSeal.market.open(
                        try row.get(4), tenant: shop.tenant, slot: try row.get(3), version: try row.get(5)),
                    state: try row.get(6), expiresAt: try row.get(7))
            }
        }
    }

    @Test func `one on each network, in the plan's order, all under one login that opens`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let trio = try await Trio.open(market, in: market.alba, slots: [3, 3, 3])
            try await market.withEngine { engine in
                try await market.topUp(trio.shop.ann, 100_00, in: trio.shop, with: engine)
                let bought = try #require(try await engine.submit(market.purchase(trio, quantity: 2)).bought)

                #expect(bought.subscriptions.count == 2 && bought.total.minor == 2 * Trio.price)
                var logins: Set<String> = []
                for issued in bought.subscriptions {
                    #expect(issued.units.map(\.network) == trio.networks)
                    #expect(issued.units.map(\.gateway) == trio.gateways)
                    let lent = try await lent(issued.id, market, trio.shop)
                    #expect(lent.map(\.place) == [1, 2, 3] && lent.map(\.network) == trio.networks)
                    #expect(lent.allSatisfy { $0.state == "assigned" && $0.expiresAt == issued.period.end })
                    #expect(Set(lent.map(\.username)) == [issued.units[0].username])
                    #expect(Set(lent.map(\.secret)).count == 1)
                    #expect(Set(issued.units.map(\.username)).count == 1)
                    logins.insert(lent[0].username)
                }
                #expect(logins.count == 2)
            }
            #expect(try await market.slots("assigned", of: trio) == [2, 2, 2])
        }
    }

    @Test func `two buyers at once and one last slot on the third network: one has all three`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let trio = try await Trio.open(market, in: market.alba, slots: [5, 5, 1])
            let engines = [market.engine(seed: 1), market.engine(seed: 2)]
            for customer in [trio.shop.ann, trio.shop.ben] {
                try await market.topUp(customer, 100_00, in: trio.shop, with: engines[0])
            }
            async let left = market.race([market.purchase(trio, by: trio.shop.ann)], on: engines[0])
            async let right = market.race([market.purchase(trio, by: trio.shop.ben)], on: engines[1])
            let results = await left + right
            for engine in engines { await engine.stop() }

            #expect(results.filter(\.isCarriedOut).count == 1)
            #expect(results.filter { $0.refusal == .soldOut }.count == 1)
            #expect(try await market.slots("assigned", of: trio) == [1, 1, 1])
            #expect(try await market.slots("ready", of: trio) == [4, 4, 0])
            let balances = [
                try await market.balance(of: trio.shop.ann, in: trio.shop),
                try await market.balance(of: trio.shop.ben, in: trio.shop),
            ]
            #expect(balances.sorted() == [100_00 - Trio.price, 100_00])
        }
    }

    @Test func `sixty-four buyers at two processes and five slots on each network: five have three each`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let trio = try await Trio.open(market, in: market.alba, slots: [5, 5, 5])
            let engines = [market.engine(seed: 1), market.engine(seed: 2)]
            try await market.topUp(trio.shop.ann, 64 * Trio.price, in: trio.shop, with: engines[0])
            async let left = market.race((0..<32).map { _ in market.purchase(trio) }, on: engines[0])
            async let right = market.race((0..<32).map { _ in market.purchase(trio) }, on: engines[1])
            let results = await left + right
            for engine in engines { await engine.stop() }

            #expect(results.filter(\.isCarriedOut).count == 5)
            #expect(results.filter { $0.refusal == .soldOut }.count == 59)
            #expect(try await market.slots("assigned", of: trio) == [5, 5, 5])
            #expect(try await market.count("allocations", of: trio.shop) == 15)
            #expect(try await market.balance(of: trio.shop.ann, in: trio.shop) == 59 * Trio.price)
        }
    }

    @Test func `beside single purchases from the same networks nobody gets a part`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let trio = try await Trio.open(market, in: market.alba, slots: [8, 6, 7])
            let engines = [market.engine(seed: 1), market.engine(seed: 2)]
            try await market.topUp(trio.shop.ann, 1_000_00, in: trio.shop, with: engines[0])
            func mixed() -> [Submission] {
                (0..<24).map {
                    $0.isMultiple(of: 2) ? market.purchase(trio) : market.single($0 % 3, of: trio)
                }
            }
            async let left = market.race(mixed(), on: engines[0])
            async let right = market.race(mixed(), on: engines[1])
            let results = await left + right
            for engine in engines { await engine.stop() }

            let issued = results.compactMap(\.bought).flatMap(\.subscriptions)
            let whole = issued.filter { $0.units.map(\.network) == trio.networks }
            let single = issued.filter { $0.units.count == 1 }
            #expect(whole.count + single.count == issued.count && !whole.isEmpty && !single.isEmpty)
            #expect(results.allSatisfy { $0.isCarriedOut || $0.refusal == .soldOut })
            // Some network is empty, or the last refusals were lies.
            #expect(try await market.slots("ready", of: trio).contains(0))
            #expect(try await market.count("allocations", of: trio.shop) == 3 * whole.count + single.count)
        }
    }

    /// In one group: what the poor customer's order took is there for the one behind it.
    @Test func `what an order took is put back when the balance, or the last network, does not do`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let trio = try await Trio.open(market, in: market.alba, slots: [2, 2, 1])
            let gate = StepGate(.gathered)
            let engine = market.engine(onStep: gate.pass)
            try await market.topUp(trio.shop.ann, 100_00, in: trio.shop, with: engine)
            gate.close()
            let ahead = Task { await market.race([market.purchase(market.brio)], on: engine) }
            try await eventually("a group is held") { gate.isHolding }
            let group = Task {
                await market.race(
                    [
                        market.purchase(trio, by: trio.shop.ben), market.purchase(trio, quantity: 2),
                        market.purchase(trio), market.single(0, of: trio), market.single(1, of: trio),
                        market.purchase(trio),
                    ], on: engine)
            }
            gate.open()
            _ = await ahead.value
            let results = await group.value
            await engine.stop()

            #expect(results[0].refusal?.isInsufficientBalance == true)
            #expect(results[1].refusal == .soldOut)
            #expect(results.filter(\.isCarriedOut).count == 3)
            #expect(try await market.slots("ready", of: trio) == [0, 0, 0])
            #expect(
                try await market.balance(of: trio.shop.ann, in: trio.shop) == 100_00 - Trio.price - 2_00)
        }
    }

    @Test func `a door that believes in other networks still sells the plan's own`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let trio = try await Trio.open(market, in: market.alba, slots: [1, 1, 1])
            try await market.withEngine { engine in
                try await market.topUp(trio.shop.ann, 100_00, in: trio.shop, with: engine)
                let believed = [[], [trio.networks[2]], [trio.shop.nl, trio.networks[0]]]
                var bought: [PurchaseReceipt] = []
                for networks in believed {
                    let result = await market.race([market.purchase(trio, believing: networks)], on: engine)[
                        0]
                    if let receipt = result.bought { bought.append(receipt) }
                }
                #expect(bought.flatMap(\.subscriptions).map { $0.units.map(\.network) } == [trio.networks])
            }
        }
    }

    @Test func `a renewal extends all of them, and a refund gives all of them back`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let trio = try await Trio.open(market, in: market.alba, slots: [2, 2, 2])
            let shop = trio.shop
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let kept = try #require(try await engine.submit(market.purchase(trio)).bought)
                let given = try #require(try await engine.submit(market.purchase(trio)).bought)
                let renewed = try #require(
                    try await engine.submit(
                        market.renewal(shop, of: kept.subscriptions[0].id, plan: trio.plan)
                    ).renewed)
                let refund = Refund(customer: shop.ann, order: given.order)
                _ = try await engine.submit(market.submission(.refund(refund), by: shop))

                let lent = try await lent(kept.subscriptions[0].id, market, shop)
                #expect(lent.map(\.expiresAt) == Array(repeating: renewed.activeUntil, count: 3))
                #expect(try await self.lent(given.subscriptions[0].id, market, shop).isEmpty)
                // A plan of one of the networks is another thing.
                let single = await market.race(
                    [market.renewal(shop, of: kept.subscriptions[0].id, plan: trio.singlePlans[0])],
                    on: engine)
                #expect(single[0].refusal == .planNotEligible)
                let gone = await market.race(
                    [market.renewal(shop, of: given.subscriptions[0].id, plan: trio.plan)], on: engine)
                #expect(gone[0].refusal == .subscriptionNotRenewable)
            }
            #expect(try await market.slots("draining", of: trio) == [1, 1, 1])
        }
    }

    @Test func `a repeated request is answered once, and a trial has all slots too`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let trio = try await Trio.open(market, in: market.alba, slots: [3, 3, 3])
            let shop = trio.shop
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let results = await market.race(
                    (0..<6).map { _ in market.purchase(trio, key: "k") }, on: engine)
                #expect(results.filter(\.isCarriedOut).count >= 1)
                _ = try await engine.submit(market.purchase(trio, key: "k"))
                let trial = Trial(customer: shop.ben, plan: trio.plan, networks: trio.networks)
                let tried = try #require(
                    try await engine.submit(market.submission(.trial(trial), by: shop)).bought)
                #expect(tried.subscriptions[0].units.count == 3)
                #expect(tried.subscriptions[0].exit?.country.rawValue == "mixed")
            }
            #expect(try await market.count("orders", of: shop) == 2)
            #expect(try await market.slots("assigned", of: trio) == [2, 2, 2])
        }
    }

    @Test(arguments: EngineStep.allCases)
    func `an engine killed between any two steps lends all of them or none`(step: EngineStep) async throws {
        struct Killed: Error {}
        try await withDatabase { database in
            let market = try await Market.open(database)
            let trio = try await Trio.open(market, in: market.alba, slots: [2, 2, 2])
            try await market.withEngine {
                try await market.topUp(trio.shop.ann, 100_00, in: trio.shop, with: $0)
            }
            let doomed = market.engine { if $0 == step { throw Killed() } }
            _ = await market.race([market.purchase(trio, key: "k")], on: doomed)
            await doomed.stop()
            let count = step == .committed ? 1 : 0
            #expect(try await market.slots("assigned", of: trio) == [count, count, count])
            try await market.withEngine { _ = try await $0.submit(market.purchase(trio, key: "k")) }
            #expect(try await market.slots("assigned", of: trio) == [1, 1, 1])
        }
    }

    /// The first slot's secret does not open: its order fails, the one beside it in the group does not.
    @Test func `where the login cannot be shared nothing is sold, to that member alone`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let trio = try await Trio.open(market, in: market.alba, slots: [1, 1, 1])
            let shop = trio.shop
            try await database.owner.run { connection in
                _ = try connection.query(
                    """
                    UPDATE slots SET secret = '\\x0102'
                    WHERE tenant_id = \(shop.tenant) AND network_id = \(trio.networks[0])
                    """)
            }
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let results = await market.race([market.purchase(trio), market.purchase(shop)], on: engine)
                guard case .failure(.unavailable(let fault)) = results[0] else {
                    throw Surprise("\(results[0])")
                }
                #expect(!fault.isTransient)
                #expect(results[1].isCarriedOut)
            }
            #expect(try await market.slots("ready", of: trio) == [1, 1, 1])
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 12_00)
        }
    }
}
