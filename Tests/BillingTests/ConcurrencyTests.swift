import Billing
import Foundation
import Postgres
import Primitives
import TestSupport
import Testing

@Suite("Many at once", .database)
struct ConcurrencyTests {
    @Test func `a hundred parallel purchases with money for seven: seven succeed`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 100)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 7 * 12_00 + 11_99, in: shop, with: engine)
                let results = await market.race((0..<100).map { _ in market.purchase(shop) }, on: engine)

                #expect(results.filter(\.isCarriedOut).count == 7)
                let poor = results.compactMap(\.refusal)
                #expect(poor.count == 93)
                #expect(
                    poor.allSatisfy {
                        $0 == .insufficientBalance(required: shop.money(12_00), available: shop.money(11_99))
                            || $0.isInsufficientBalance
                    })
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 11_99)
            #expect(try await market.ledgerBalance("revenue", in: shop) == 7 * 12_00)
            #expect(try await market.count("subscriptions", of: shop) == 7)
            #expect(try await market.count("orders", of: market.brio) == 0)
        }
    }

    @Test func `one free slot and sixty-four buyers: one has it, the others keep their money`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 1)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 64 * 12_00, in: shop, with: engine)
                let results = await market.race((0..<64).map { _ in market.purchase(shop) }, on: engine)

                #expect(results.filter(\.isCarriedOut).count == 1)
                #expect(results.filter { $0.refusal == .soldOut }.count == 63)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 63 * 12_00)
        }
    }

    @Test func `one free slot and sixty-four buyers at two processes: one has it`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 1)
            let shop = market.alba
            let first = market.engine(seed: 1)
            let second = market.engine(seed: 2)
            try await market.topUp(shop.ann, 64 * 12_00, in: shop, with: first)
            async let left = market.race((0..<32).map { _ in market.purchase(shop) }, on: first)
            async let right = market.race((0..<32).map { _ in market.purchase(shop) }, on: second)
            let results = await left + right
            await first.stop()
            await second.stop()

            #expect(results.filter(\.isCarriedOut).count == 1)
            #expect(results.filter { $0.refusal == .soldOut }.count == 63)
            #expect(try await market.balance(of: shop.ann, in: shop) == 63 * 12_00)
        }
    }

    /// Lessons row 13 (Paymenter #965): the last unit was sold twice. Here each has a purse of their own and asks again.
    @Test func `a hundred customers at two processes for the last port: one has it, and nobody pays twice`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 1)
            let shop = market.alba
            let buyers = try await market.addCustomers(100, to: shop)
            let engines = [market.engine(seed: 1), market.engine(seed: 2)]
            for buyer in buyers { try await market.topUp(buyer, 12_00, in: shop, with: engines[0]) }
            func orders() -> [Submission] {
                buyers.enumerated().map { market.purchase(shop, by: $1, key: "order-\($0)") }
            }
            let first = orders()
            async let left = market.race(Array(first[..<50]), on: engines[0])
            async let right = market.race(Array(first[50...]), on: engines[1])
            let results = await left + right
            let winners = results.indices.filter { results[$0].isCarriedOut }
            let winner = try #require(winners.first)
            #expect(winners.count == 1)
            #expect(results.filter { $0.refusal == .soldOut }.count == 99)

            // Under their keys they ask again, at the other process: the answer of before, or still nothing.
            let again = await market.race(orders(), on: engines[winner < 50 ? 1 : 0])
            for engine in engines { await engine.stop() }
            for (place, result) in again.enumerated() {
                #expect(place == winner ? result.isReplayed : result.refusal == .soldOut, "\(result)")
            }
            for (place, buyer) in buyers.enumerated() {
                #expect(try await market.balance(of: buyer, in: shop) == (place == winner ? 0 : 12_00))
            }
            #expect(try await market.ledgerBalance("revenue", in: shop) == 12_00)
            #expect(try await market.count("orders", of: shop) == 1)
            #expect(try await market.count("subscriptions", of: shop) == 1)
            #expect(try await market.count("orders", of: market.brio) == 0)
        }
    }

    /// A neighbour who holds the last slots and then gives them back must not make a paying customer hear "sold out".
    @Test func `slots that another transaction merely holds are not sold out`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 3)
            let shop = market.alba
            let gate = StepGate(.read)
            let neighbour = market.engine(seed: 2, onStep: gate.pass)
            gate.close()
            let poor = Task {
                await market.race([market.purchase(shop, by: shop.ben, quantity: 3)], on: neighbour)
            }
            try await eventually("the neighbour holds every slot") { gate.isHolding }
            // The neighbour also holds the tenant's accounts, so the buyer waits for it by itself; what is claimed
            // without accounts in common is the door's to hold.
            let holding = Noted(false)
            let release = Noted(false)
            let door = Task {
                try await database.pool(.door, threads: 1).transaction(tenant: shop.tenant) { transaction in
                    _ = try transaction.query(
                        "SELECT id FROM slots WHERE tenant_id = \(shop.tenant) AND network_id = \(shop.de) FOR UPDATE"
                    )
                    holding.note { $0 = true }
                    while !release.current { Thread.sleep(forTimeInterval: 0.001) }
                }
            }
            try await eventually("the door holds every slot of the other network") { holding.current }
            gate.open()
            #expect(await poor.value[0].refusal?.isInsufficientBalance == true)
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let held = await market.race(
                    [market.purchase(shop, plan: shop.dePlan, network: shop.de)], on: engine)
                guard case .failure(.unavailable(let fault)) = held[0] else { throw Surprise("\(held[0])") }
                #expect(fault.isTransient)
                release.note { $0 = true }
                try await door.value
                #expect(
                    try await engine.submit(market.purchase(shop, plan: shop.dePlan, network: shop.de)).bought
                        != nil)
            }
            await neighbour.stop()
        }
    }

    @Test func `two processes sell to two tenants from one purse each without a deadlock`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 100)
            let engines = [market.engine(seed: 1), market.engine(seed: 2)]
            for shop in [market.alba, market.brio] {
                try await market.topUp(shop.ann, 40 * 12_00, in: shop, with: engines[0])
            }
            let results = await withTaskGroup(of: [Result<Answer, EngineError>].self) { group in
                for place in 0..<8 {
                    let engine = engines[place % 2]
                    group.addTask {
                        let shops = [market.alba, market.brio].reversed(place % 4 < 2)
                        return await market.race(
                            (0..<15).map { market.purchase(shops[$0 % 2]) }, on: engine)
                    }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            for engine in engines { await engine.stop() }

            #expect(results.filter(\.isCarriedOut).count == 80)
            #expect(results.compactMap(\.refusal).filter(\.isInsufficientBalance).count == 40)
            #expect(try await market.balance(of: market.alba.ann, in: market.alba) == 0)
            #expect(try await market.balance(of: market.brio.ann, in: market.brio) == 0)
        }
    }

    @Test
    func `coupon limit three and twenty buyers: three discounts, and refused orders give their use back`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 30)
            let shop = market.alba
            try await shop.coupon(
                "HALF", percent: 5_000, limit: 3, on: database.owner, id: market.ids.next(at: market.now),
                at: market.now)
            try await market.withEngine { engine in
                // Ben is poor: his orders reach the coupon and fail at the balance, in the same groups as Ann's.
                try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                let submissions = (0..<40).map { place in
                    market.purchase(shop, by: place.isMultiple(of: 2) ? shop.ben : shop.ann, coupon: "half")
                }
                let results = await market.race(submissions, on: engine)

                #expect(results.filter(\.isCarriedOut).count == 3)
                #expect(results.compactMap { $0.bought?.discount.minor } == [6_00, 6_00, 6_00])
                #expect(results.allSatisfy { $0.isCarriedOut || $0.refusal != nil })
                // Full price is never taken in the coupon's place.
                #expect(try await market.balance(of: shop.ann, in: shop) == 1_000_00 - 3 * 6_00)
            }
            #expect(try await market.count("coupon_redemptions", of: shop) == 3)
        }
    }

    @Test func `a customer's own limit on a coupon holds under parallel orders`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 30)
            let shop = market.alba
            try await shop.coupon(
                "ONCE", amount: 2_00, perCustomer: 1, on: database.owner, id: market.ids.next(at: market.now),
                at: market.now)
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 500_00, in: shop, with: engine)
                try await market.topUp(shop.ben, 500_00, in: shop, with: engine)
                let submissions = (0..<20).map { place in
                    market.purchase(shop, by: place.isMultiple(of: 2) ? shop.ben : shop.ann, coupon: "ONCE")
                }
                let results = await market.race(submissions, on: engine)

                #expect(results.filter(\.isCarriedOut).count == 2)
                #expect(results.filter { $0.refusal == .coupon(.customerLimitReached) }.count == 18)
            }
        }
    }

    @Test func `two renewals at once extend twice and charge twice`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                let bought = try #require(try await engine.submit(market.purchase(shop)).bought)
                let subscription = bought.subscriptions[0]
                let results = await market.race(
                    [market.renewal(shop, of: subscription.id), market.renewal(shop, of: subscription.id)],
                    on: engine)

                #expect(results.filter(\.isCarriedOut).count == 2)
                let ends = results.compactMap { result -> Int64? in
                    if case .success(let answer) = result {
                        answer.renewed?.activeUntil.milliseconds
                    } else {
                        nil
                    }
                }
                let month: Int64 = 30 * 86_400_000
                let first = subscription.period.end.milliseconds
                #expect(Set(ends) == [first + month, first + 2 * month])
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 3 * 12_00)
            #expect(try await market.count("terms", of: shop) == 3)
        }
    }

    @Test func `the same settlement delivered twenty times in parallel credits once`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                let topUp = TopUp(customer: shop.ann, amount: shop.money(50_00), reference: "psp-1")
                let results = await market.race(
                    (0..<20).map { _ in market.submission(.topUp(topUp), by: shop) }, on: engine)
                #expect(results.filter(\.isCarriedOut).count == 1)
                #expect(results.filter { $0.refusal == .referenceUsed }.count == 19)

                // The other tenant has references of its own.
                let theirs = TopUp(
                    customer: market.brio.ann, amount: market.brio.money(50_00), reference: "psp-1")
                _ = try await engine.submit(market.submission(.topUp(theirs), by: market.brio))
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 50_00)
        }
    }
}

extension Refusal {
    var isInsufficientBalance: Bool {
        if case .insufficientBalance = self { true } else { false }
    }
}

extension Array {
    fileprivate func reversed(_ isReversed: Bool) -> [Element] {
        isReversed ? Array(reversed()) : self
    }
}
