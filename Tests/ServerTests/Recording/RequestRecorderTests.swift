import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("The recorder of requests", .database)
struct RequestRecorderTests {
    @Test func `a graceful stop loses nothing`() async throws {
        let world = RecordedWorld(try #require(TestDatabase.current))
        try await running(world.recorder) {
            for number in 0..<1_000 {
                world.ask(world.ann, of: number.isMultiple(of: 2) ? RecordedWorld.alba : RecordedWorld.brio)
            }
        }
        #expect(world.recorder.waiting == 0)
        #expect(try await world.written() == 1_000)
    }

    @Test func `what comes back is what was asked`() async throws {
        let world = RecordedWorld(try #require(TestDatabase.current))
        let odd = "/a\tb\\c\nd\r\u{0}é\\N"
        var asked: [LoggedRequest] = []
        try await running(world.recorder) {
            asked.append(world.ask(world.ann, path: odd, status: 404))
            world.database.clock.advance(milliseconds: 1)
            asked.append(world.ask(world.ann, path: String(repeating: "é", count: 1_000), status: 200))
        }
        let entries = try #require(try await world.page(world.ann)).items
        #expect(entries.map(\.id) == asked.reversed().map(\.id))
        #expect(entries[0] == asked[1])
        #expect(entries[0].path.utf8.count == LoggedRequest.pathMax)
        // A text of PostgreSQL's cannot hold a zero byte.
        #expect(entries[1].path == odd.filter { $0 != "\u{0}" })
        #expect(entries[1].recordedAt == ManualClock.start)
    }

    @Test func `a batch that may have been written is not written twice`() async throws {
        let world = RecordedWorld(try #require(TestDatabase.current))
        let batch = (0..<10).map { _ in world.ask(world.ann) }
        #expect(await world.recorder.write(batch) == .written)
        // The answer to COMMIT was lost.
        world.recorder.isOutcomeUnknown.withLock { $0 = true }
        #expect(await world.recorder.write(batch) == .written)
        #expect(try await world.written() == 10)
        // Nobody's doubt: then a row that is there already is a mistake, and said to be one.
        #expect(await world.recorder.write(batch) == .refused)
        #expect(try await world.written() == 10)
    }

    /// A day is made when it is first needed, with the one that follows: here a month's end and a leap year's missing day.
    @Test func `every day has its share, and the next one is there before midnight`() async throws {
        let world = RecordedWorld(try #require(TestDatabase.current))
        let clock = world.database.clock
        for (moment, day) in [
            ("2026-01-31T23:59:59.999Z", ["20260131", "20260201"]),
            ("2026-02-01T00:00:00Z", ["20260201", "20260202"]),
            ("2026-02-28T12:00:00Z", ["20260228", "20260301"]),
            ("2028-02-28T12:00:00Z", ["20280228", "20280229"]),
            ("2026-12-31T23:59:59.999Z", ["20261231", "20270101"]),
        ] {
            clock.set(try #require(Instant(rfc3339: moment)))
            #expect(await world.recorder.write([world.ask(world.ann)]) == .written, "\(moment)")
            let made = try await world.days()
            #expect(day.allSatisfy { made.contains("request_log_\($0)") }, "\(moment): \(made)")
        }
        #expect(try await world.written() == 5)
        let entries = try #require(try await world.page(world.ann)).items
        #expect(entries.map(\.recordedAt) == entries.map(\.recordedAt).sorted(by: >))
    }

    @Test func `a batch across midnight is one batch`() async throws {
        let world = RecordedWorld(try #require(TestDatabase.current))
        let clock = world.database.clock
        clock.advance(milliseconds: 86_399_999)
        var batch = [world.ask(world.ann)]
        clock.advance(milliseconds: 1)
        batch.append(world.ask(world.ann))
        #expect(await world.recorder.write(batch) == .written)
        // Its first half is there already, so no part of it may be written.
        let third = world.ask(world.ann)
        #expect(await world.recorder.write([batch[0], third]) == .refused)
        #expect(try await world.written() == 2)
    }

    @Test func `two recorders at once make one day`() async throws {
        let database = try #require(TestDatabase.current)
        let worlds = (0..<4).map { _ in RecordedWorld(database) }
        let outcomes = await withTaskGroup { group in
            for (number, world) in worlds.enumerated() {
                let customer: CustomerID = ProcessIdentifiers(seed: UInt64(number)).next(
                    at: database.clock.now())
                group.addTask { await world.recorder.write([world.ask(customer)]) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes == Array(repeating: .written, count: 4))
        #expect(try await worlds[0].days() == ["request_log_20260131", "request_log_20260201"])
    }

    @Test func `old days are forgotten, and made anew where they are needed after all`() async throws {
        let world = RecordedWorld(try #require(TestDatabase.current))
        let clock = world.database.clock
        let retention = RequestLogRetention(
            pool: world.database.pool(.worker), clock: clock, days: 2, logger: .quiet)
        for _ in 0..<5 {
            #expect(await world.recorder.write([world.ask(world.ann)]) == .written)
            clock.advance(days: 1)
        }
        clock.advance(days: -1)
        #expect(try await retention.run() == 2)
        #expect(try await retention.run() == 0)
        #expect(try await world.days() == (202..<206).map { "request_log_20260\($0)" })
        #expect(try await world.page(world.ann)?.items.count == 3)

        // The recorder has not heard of it, and its clock is slow.
        clock.set(ManualClock.start)
        let late = [world.ask(world.ben)]
        #expect(await world.recorder.write(late) == .later)
        #expect(await world.recorder.write(late) == .written)
        #expect(try await world.page(world.ben)?.items.count == 1)
    }

    @Test func `PostgreSQL that restarts meanwhile costs no row and doubles none`() async throws {
        let server = try await TestServer.launch()
        try await withDatabase(on: server) { database in
            let world = RecordedWorld(database)
            try await running(world.recorder) {
                for number in 0..<2_000 {
                    world.ask(world.ann)
                    if number == 500 { try await eventually("a flush") { world.recorder.waiting == 0 } }
                    if number == 700 {
                        try await server.crash()
                        // A server that is still starting does not hear that it should stop.
                        try await eventually("the recovery") { (try? await world.written()) != nil }
                    }
                    if number == 1_200 { try await server.restart() }
                }
                try await eventually("all of them") { world.recorder.waiting == 0 }
            }
            #expect(try await world.written() == 2_000)
        }
        await server.stop()
    }

    @Test func `a stop does not wait for ever`() async throws {
        let database = try #require(TestDatabase.current)
        var settings = RequestRecorder.Settings()
        settings.stopMilliseconds = 50
        let nowhere = PostgresPool(
            PostgresConfiguration(conninfo: "host=/nowhere dbname=none"), threads: 1, clock: database.clock,
            logger: .quiet)
        let recorder = RequestRecorder(pool: nowhere, settings: settings, logger: .quiet)
        try await running(recorder) {
            for _ in 0..<3 {
                recorder.record(
                    LoggedRequest(
                        tenant: RecordedWorld.alba, id: ProcessIdentifiers().next(at: database.clock.now()),
                        customer: CustomerID(bits: .zero), principal: nil, dialect: "gate", method: "GET",
                        path: "/", route: "x", status: 200, microseconds: 1, address: "", requestID: ""))
            }
        }
        #expect(recorder.waiting == 3)
    }
}
