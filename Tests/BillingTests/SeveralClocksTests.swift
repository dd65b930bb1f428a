import Catalog
import Foundation
import Postgres
import Primitives
import Server
import TestSupport
import Testing

@testable import Billing

/// Commands of tenants whose clocks differ, in one lane: Brio is Alba's sandbox here.
@Suite("Several clocks", .database)
struct SeveralClocksTests {
    private let day: Int64 = 86_400_000

    private func days(_ market: Market, of shop: Shop) async throws -> [Int64] {
        try await market.database.owner.run { connection in
            try connection.query(
                "SELECT placed_at FROM orders WHERE tenant_id = \(shop.tenant) ORDER BY id"
            ).map { try $0.get(0, as: Instant.self).milliseconds(since: ManualClock.start) / 86_400_000 }
        }
    }

    /// All twenty wait before the lane begins, and it thinks that both clocks are the real one's.
    @Test func `a group of live and sandbox commands is taken apart, and nobody has another's time`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 30)
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                }
            }
            try await market.moveClock(ofBrioTo: 3 * day)
            let attempts = Noted(0)
            let lane = Lane(
                number: 0, configuration: database.configuration(role: .engine),
                stock: SlotStock(seal: .market), clock: database.clock, seed: 9, settings: EngineSettings(),
                logger: .quiet
            ) { step in
                if step == .gathered { attempts.note { $0 += 1 } }
            }
            let results = try await results(of: 20, in: market, by: lane)
            #expect(results.filter(\.isCarriedOut).count == results.count)
            #expect(attempts.current == 3, "all together, which do not agree; then each")
            #expect(try await days(market, of: market.alba) == Array(repeating: 0, count: 10))
            #expect(try await days(market, of: market.brio) == Array(repeating: 3, count: 10))
        }
    }

    /// Two processes sell for the sandbox while its clock goes on: each reads it under the tenant's own accounts, so what
    /// is posted later is never placed earlier.
    @Test func `two engines place a sandbox's orders in the order in which they are posted`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 60)
            let engines = [market.engine(seed: 21), market.engine(seed: 22)]
            try await market.topUp(market.brio.ann, 1_000_00, in: market.brio, with: engines[0])
            try await market.moveClock(ofBrioTo: 1)
            let sold = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<50 {
                    let submission = market.purchase(market.brio)
                    group.addTask {
                        _ = try await engines[number % 2].submit(submission)
                        return 1
                    }
                }
                group.addTask {
                    for step in 2...9 as ClosedRange<Int64> {
                        try await market.moveClock(ofBrioTo: step * day)
                    }
                    return 0
                }
                return try await group.reduce(0, +)
            }
            for engine in engines { await engine.stop() }
            #expect(sold == 50)
            let posted: [Instant] = try await database.owner.run { connection in
                try connection.query(
                    """
                    SELECT o.placed_at FROM transfers t
                    JOIN accounts a ON a.tenant_id = t.tenant_id AND a.id = t.credit_account_id AND a.role = 'revenue'
                    JOIN orders o ON o.tenant_id = t.tenant_id AND o.id = t.entry_id
                    WHERE t.tenant_id = 2 ORDER BY t.credit_sequence
                    """
                ).map { try $0.get(0) }
            }
            #expect(posted.count == 50 && posted == posted.sorted())
        }
    }

    /// Killed before the second of the two parts is committed: the first is there and was answered, of the second nobody
    /// knows and nothing is there.
    @Test func `a kill between two parts of a group leaves whole parts`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 30)
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                }
            }
            try await market.moveClock(ofBrioTo: 3 * day)
            let written = Noted(0)
            let lane = Lane(
                number: 0, configuration: database.configuration(role: .engine),
                stock: SlotStock(seal: .market), clock: database.clock, seed: 9, settings: EngineSettings(),
                logger: .quiet
            ) { step in
                guard step == .written else { return }
                written.note { $0 += 1 }
                if written.current == 2 { throw Surprise("killed") }
            }
            let results = try await results(of: 20, in: market, by: lane)
            #expect(results.filter(\.isCarriedOut).count == 10)
            let unknown = results.filter { if case .failure(.outcomeUnknown) = $0 { true } else { false } }
            #expect(unknown.count == 10)
            let counts = [
                try await days(market, of: market.alba).count, try await days(market, of: market.brio).count,
            ]
            #expect(counts.sorted() == [0, 10])
        }
    }

    /// Puts commands of both shops into a lane's queue, then lets it run.
    private func results(
        of count: Int, in market: Market, by lane: Lane
    ) async throws -> [Result<Answer, EngineError>] {
        try await withThrowingTaskGroup(of: Result<Answer, EngineError>.self) { group in
            for number in 0..<count {
                let submission = market.purchase(number % 2 == 0 ? market.alba : market.brio)
                group.addTask {
                    await withCheckedContinuation { _ = lane.queue.add(PendingCommand(submission, $0)) }
                }
            }
            try await eventually("all commands in the queue") { lane.queue.depth == count }
            lane.queue.close()
            Thread.detachNewThread { lane.run() }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `work in a transaction of somebody else's has each tenant's own time`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.moveClock(ofBrioTo: 5 * day)
            let commands =
                [market.alba, market.brio, market.alba, market.brio].enumerated().map { number, shop in
                    market.submission(
                        .topUp(TopUp(customer: shop.ann, amount: shop.money(100), reference: "r\(number)")),
                        by: shop)
                } + [
                    market.submission(
                        .floatTopUp(FloatTopUp(amount: market.brio.money(7), reference: "f")), by: market.brio
                    )
                ]
            let now = market.now
            let days: [Int64] = try await database.owner.run { connection in
                try connection.withTransaction { connection in
                    var work = LedgerWork(seed: 5, stock: SlotStock())
                    let results = try work.carryOut(commands, on: connection, at: now)
                    #expect(results.count == 5)
                    for result in results { _ = try result.get() }
                    #expect(try work.carryOut([], on: connection, at: now).isEmpty)
                }
                return try connection.query(
                    "SELECT effective_at FROM journal_entries WHERE reference IS NOT NULL ORDER BY reference"
                ).map { try $0.get(0, as: Instant.self).milliseconds(since: now) / 86_400_000 }
            }
            #expect(days == [5, 0, 5, 0, 5], "f, r0, r1, r2, r3")
        }
    }

    /// The lane thought of two clocks as they were; one has gone on since.
    @Test func `a clock that goes on is learnt again, once for each move`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
                }
                for ahead in 1...3 as ClosedRange<Int64> {
                    try await market.moveClock(ofBrioTo: ahead * day)
                    let results = await market.race(
                        [market.purchase(market.brio), market.purchase(market.alba)], on: engine)
                    #expect(results.filter(\.isCarriedOut).count == results.count)
                }
            }
            #expect(try await days(market, of: market.brio) == [1, 2, 3])
            #expect(try await days(market, of: market.alba) == [0, 0, 0])
        }
    }
}
