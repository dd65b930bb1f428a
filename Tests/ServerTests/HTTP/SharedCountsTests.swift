import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

private let alba = TenantID(1)
private let brio = TenantID(2)
private let minute = RateLimitBucket("minute", .sliding(limit: 300, window: 60_000))
private let hour = RateLimitBucket("credentials", .sliding(limit: 30, window: 3_600_000))

@Suite("Counts that processes share", .database)
struct SharedCountsTests {
    /// A process that serves, as far as limits go.
    private struct Process {
        let limiter = SlidingWindowLimiter()
        let counts: SharedCounts
        let clock: ManualClock

        init(_ database: TestDatabase, pool: PostgresPool? = nil) {
            clock = database.clock
            counts = SharedCounts(
                limiter: limiter, pool: pool ?? database.pool(.recorder, threads: 1), clock: clock,
                ids: ProcessIdentifiers(), logger: .quiet)
        }

        /// How many of so many requests at this moment are let through.
        func ask(
            _ count: Int, _ subject: RateLimitSubject = alice, _ buckets: [RateLimitBucket] = [minute]
        ) -> Int {
            (0..<count).count { _ in limiter.take(subject, buckets, at: clock.now())?.isAllowed == true }
        }
    }

    private static let alice = RateLimitSubject.principal(alba, PrincipalID(bits: .zero))
    private static let brios = RateLimitSubject.principal(brio, PrincipalID(bits: .zero))

    /// Two processes that know of each other.
    private func pair(_ database: TestDatabase) async throws -> [Process] {
        let processes = [Process(database), Process(database)]
        for process in processes + processes { try await process.counts.exchange() }
        return processes
    }

    private func rows(_ database: TestDatabase) async throws -> Int {
        try await database.owner.run { try $0.query("SELECT count(*) FROM rate_counts")[0].get(0) }
    }

    /// What is stated: a tenth of the limit, and what comes between two exchanges.
    @Test(arguments: [1, 5, 20, 60]) func `a limit holds over two processes within what is stated`(
        perExchange: Int
    ) async throws {
        let database = try #require(TestDatabase.current)
        let processes = try await pair(database)
        var allowed = 0
        for round in 0..<100 {
            // In turns, or in bursts at one of them.
            for number in 0..<perExchange {
                allowed += processes[(perExchange > 10 ? round : number) % 2].ask(1)
            }
            database.clock.advance(milliseconds: 500)
            for process in processes { try await process.counts.exchange() }
        }
        // 100 half seconds are less than the minute.
        if perExchange == 1 {
            #expect(allowed == 100)
        } else {
            #expect((300...(300 + 30 + 2 * perExchange)).contains(allowed), "\(allowed)")
        }
        // Nobody else has been counted for that.
        #expect(processes[1].ask(1, Self.brios) == 1)
    }

    @Test func `one that asks rarely at both has no more than its limit`() async throws {
        let database = try #require(TestDatabase.current)
        let processes = try await pair(database)
        var allowed = 0
        for round in 0..<58 {
            allowed += processes[round % 2].ask(1, Self.alice, [minute, hour])
            for process in processes { try await process.counts.exchange() }
            database.clock.advance(milliseconds: 60_000)
        }
        #expect((30...33).contains(allowed), "\(allowed)")
    }

    @Test func `what is left and when it is there again is told of all processes' counts`() async throws {
        let database = try #require(TestDatabase.current)
        let processes = try await pair(database)
        #expect(processes[0].ask(200) == 200)
        database.clock.advance(milliseconds: 10_000)
        #expect(processes[1].ask(50) == 50)
        for process in processes + processes { try await process.counts.exchange() }
        let verdict = processes[1].limiter.take(Self.alice, [minute], at: database.clock.now())
        #expect(verdict?.remaining == 49)
        #expect(processes[1].ask(100) == 49)
        let refused = processes[1].limiter.take(Self.alice, [minute], at: database.clock.now())
        #expect(refused?.retryAfterSeconds == 51)
    }

    @Test func `a process that crashed is counted until its requests are forgotten`() async throws {
        let database = try #require(TestDatabase.current)
        let processes = try await pair(database)
        #expect(processes[0].ask(290) == 290)
        try await processes[0].counts.exchange()
        // It is heard of no more; the other asks for the first time.
        let before = processes[1].ask(100)
        #expect(before == 100)
        try await processes[1].counts.exchange()
        #expect(processes[1].ask(100) == 0)
        database.clock.advance(milliseconds: 62_000)
        #expect(processes[1].ask(1_000) == 300)
        try await processes[1].counts.exchange()
        try await processes[1].counts.tidy()
        // Its row is gone as well: what is left is the other's.
        #expect(try await rows(database) == 1)
    }

    @Test func `a process that is alone tells nothing, until there is another`() async throws {
        let database = try #require(TestDatabase.current)
        let first = Process(database)
        #expect(first.ask(200) == 200)
        for _ in 0..<3 { try await first.counts.exchange() }
        #expect(try await rows(database) == 0)

        let second = Process(database)
        try await second.counts.exchange()
        try await first.counts.exchange()
        #expect(second.ask(20) == 20)
        try await second.counts.exchange()
        #expect(second.ask(300) == 80)
    }

    @Test func `who has asked for little is nobody else's matter`() async throws {
        let database = try #require(TestDatabase.current)
        let processes = try await pair(database)
        #expect(processes[0].ask(14) == 14)
        try await processes[0].counts.exchange()
        #expect(try await rows(database) == 0)
        #expect(processes[0].ask(1) == 1)
        try await processes[0].counts.exchange()
        #expect(try await rows(database) == 1)
    }

    @Test func `without the database every process counts for itself`() async throws {
        let database = try #require(TestDatabase.current)
        var nowhere = PostgresConfiguration(conninfo: "host=/nowhere dbname=none")
        nowhere.unavailableAfterMilliseconds = 1
        let process = Process(
            database,
            pool: PostgresPool(nowhere, threads: 1, clock: database.clock, logger: .quiet))
        await #expect(throws: PoolError.self) { try await process.counts.exchange() }
        #expect(process.ask(301) == 300)
    }

    @Test func `what could not be told is told the next time`() async throws {
        let server = try await TestServer.launch()
        try await withDatabase(on: server) { database in
            let processes = try await pair(database)
            #expect(processes[0].ask(290) == 290)
            try await server.restart()
            for process in processes {
                try await eventually("an exchange") { (try? await process.counts.exchange()) != nil }
            }
            // The crash has emptied the tables, perhaps, and the next exchange fills them.
            for process in processes { try await process.counts.exchange() }
            #expect(processes[1].ask(20) == 20)
            for process in processes + processes { try await process.counts.exchange() }
            #expect(processes[1].ask(20) == 0)
        }
        await server.stop()
    }

    @Test func `cells are read as they were written, and nothing else is`() {
        let cells = [
            SharedCells.Cell(limit: .max, step: -1, count: .max),
            SharedCells.Cell(limit: 1, step: .max, count: 2),
        ]
        let bytes = SharedCells(cells: cells).bytes
        #expect(bytes.count == 40)
        #expect(SharedCells(bytes: bytes)?.cells == cells)
        #expect(SharedCells(bytes: Array(bytes.dropLast())) == nil)
    }

    @Test func `a neighbour whose beat stands still is given up, then forgotten`() {
        var neighbours = Neighbours()
        let start = ContinuousClock.now
        let (one, other) = (IdentifierBits(high: 1, low: 1), IdentifierBits(high: 2, low: 2))
        #expect(neighbours.hear([(one, 1), (other, 1)], at: start) == 2)
        #expect(neighbours.hear([(one, 2), (other, 1)], at: start + .seconds(4)) == 2)
        #expect(neighbours.hear([(one, 3), (other, 1)], at: start + .seconds(6)) == 1)
        #expect(neighbours.gone(at: start + .seconds(6)).isEmpty)
        #expect(neighbours.hear([(one, 4), (other, 1)], at: start + .seconds(61)) == 1)
        #expect(neighbours.gone(at: start + .seconds(61)) == [other])
        #expect(neighbours.hear([(one, 4)], at: start + .seconds(62)) == 1)
        #expect(neighbours.gone(at: start + .seconds(62)).isEmpty)
    }
}
