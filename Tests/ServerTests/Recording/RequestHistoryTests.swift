import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("An account's request log", .database)
struct RequestHistoryTests {
    @Test func `it shows the account's own requests, newest first, to the bounds and no further`()
        async throws
    {
        let world = RecordedWorld(try #require(TestDatabase.current))
        let clock = world.database.clock
        var asked: [LoggedRequest] = []
        for _ in 0..<4 {
            asked.append(world.ask(world.ann))
            world.ask(world.ben)
            world.ask(world.ann, of: RecordedWorld.brio)
            clock.advance(milliseconds: 86_400_000 - 1)
        }
        try await running(world.recorder) {}

        let all = try #require(try await world.page(world.ann))
        #expect(all.items == asked.reversed())
        #expect(all.next == nil)
        let times = asked.map(\.recordedAt)
        #expect(try await world.page(world.ann, since: times[1])?.items == asked[1...].reversed())
        #expect(try await world.page(world.ann, until: times[1])?.items == asked[...1].reversed())
        #expect(
            try await world.page(world.ann, since: times[1], until: times[2])?.items == [asked[2], asked[1]])
        let after = try #require(times[3].adding(milliseconds: 1))
        #expect(try await world.page(world.ann, since: after)?.items == [])
        #expect(try await world.page(world.ann, since: times[2], until: times[1])?.items == [])
        #expect(try await world.page(world.ann, of: RecordedWorld.brio)?.items.count == 4)
    }

    @Test func `pages neither repeat nor skip while more is asked`() async throws {
        let world = RecordedWorld(try #require(TestDatabase.current))
        let clock = world.database.clock
        var asked: [LoggedRequest] = []
        for number in 0..<23 {
            asked.append(world.ask(world.ann))
            // Several in one millisecond, and some days.
            if number.isMultiple(of: 5) { clock.advance(milliseconds: 40_000_000) }
        }
        #expect(await world.recorder.write(asked) == .written)

        var seen: [LoggedRequest] = []
        var cursor: LoggedRequestID?
        repeat {
            let page = try #require(try await world.page(world.ann, before: cursor, limit: 4))
            #expect(page.items.count == 4 || page.next == nil)
            seen += page.items
            cursor = page.next
            clock.advance(milliseconds: 1)
            #expect(await world.recorder.write([world.ask(world.ann)]) == .written)
        } while cursor != nil
        #expect(seen == asked.reversed())
    }

    @Test func `a cursor that is no entry of the account is refused`() async throws {
        let world = RecordedWorld(try #require(TestDatabase.current))
        let (own, other) = (world.ask(world.ann), world.ask(world.ben))
        let foreign = world.ask(world.ann, of: RecordedWorld.brio)
        try await running(world.recorder) {}
        for cursor in [
            other.id, foreign.id, LoggedRequestID(bits: world.ann.bits), LoggedRequestID(bits: .zero),
        ] {
            #expect(try await world.page(world.ann, before: cursor) == nil)
        }
        #expect(try await world.page(world.ann, before: own.id)?.items == [])
    }

    @Test func `a door without a tenant reads nothing, and a day itself is nobody's to read`() async throws {
        let world = RecordedWorld(try #require(TestDatabase.current))
        world.ask(world.ann)
        try await running(world.recorder) {}
        let door = world.database.pool(.door)
        let count: Int = try await door.run { try $0.query("SELECT count(*) FROM request_log")[0].get(0) }
        #expect(count == 0)
        for role in [DatabaseRole.door, .recorder, .worker, .engine] {
            let error = await #expect(throws: PostgresError.self) {
                _ = try await world.database.pool(role, threads: 1).run {
                    try $0.query("SELECT count(*) FROM request_log_20260131").count
                }
            }
            #expect(error?.sqlState == .insufficientPrivilege, "\(role)")
        }
    }
}
