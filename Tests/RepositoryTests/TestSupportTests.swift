import Postgres
import Primitives
import TestSupport
import Testing

@Suite("The tests' own tools")
struct TestSupportTests {
    @Test func `time stands still until it is told to move`() {
        let clock = ManualClock()
        #expect(clock.now() == Instant(milliseconds: 1_769_817_600_000))
        clock.advance(days: 28)
        #expect(clock.now().milliseconds(since: ManualClock.start) == 28 * 86_400_000)
    }

    @Test func `seeded bytes and counted ids are the same in every run`() {
        #expect(SeededRandom(seed: 7).bytes(9) == SeededRandom(seed: 7).bytes(9))
        #expect(SeededRandom(seed: 7).bytes(9) != SeededRandom(seed: 8).bytes(9))
        let ids = SequentialIdentifiers()
        let first: OrderID = ids.next(at: ManualClock.start)
        let second: OrderID = ids.next(at: ManualClock.start)
        #expect(first < second)
        #expect(first.bits.isGenuine && first.bits.sequence == 1)
    }

    @Test func `waiting for what never comes ends with an error`() async throws {
        await #expect(throws: NeverHappened.self) {
            try await eventually("a miracle", within: .milliseconds(10)) { false }
        }
        try await eventually { true }
    }
}

@Suite("The tests' databases", .database)
struct TestDatabaseTests {
    static let tenant =
        "INSERT INTO tenants VALUES (1, 'a', 'A', 'USD', 'UTC', 0, true, '2026-01-31T00:00:00Z')"

    @Test func `each test begins with the schema and no rows`() async throws {
        try await withDatabase { database in
            let tenants: Int = try await database.owner.run {
                try $0.query("SELECT count(*) FROM tenants")[0].get(0)
            }
            #expect(tenants == 0)
            try await database.execute(Self.tenant)
        }
    }

    @Test func `no test sees what another has written`() async throws {
        try await withDatabase { mine in
            try await mine.execute(Self.tenant)
            let other = try await TestServer.shared()
            try await TestDatabase.$current.withValue(nil) {
                try await withDatabase(on: other) { theirs in
                    #expect(theirs.name != mine.name)
                    let count: Int = try await theirs.owner.run {
                        try $0.query("SELECT count(*) FROM tenants")[0].get(0)
                    }
                    #expect(count == 0)
                }
            }
        }
    }

    @Test(arguments: [DatabaseRole.door, .engine, .worker])
    func `a role acts with its own rights`(role: DatabaseRole) async throws {
        try await withDatabase { database in
            let name: String = try await database.pool(role).run {
                try $0.query("SELECT current_user::text")[0].get(0)
            }
            #expect(name == role.rawValue)
            await #expect(throws: PostgresError.self) {
                try await database.pool(role).run { try $0.execute("DELETE FROM transfers") }
            }
        }
    }
}

@Suite("A server of one's own")
struct OwnServerTests {
    @Test func `restart and crash break connections and keep what was committed`() async throws {
        let server = try await TestServer.launch()
        try await withDatabase(on: server) { database in
            try await database.execute(TestDatabaseTests.tenant)
            try await server.restart()
            try await eventually("the server after its restart") {
                (try? await database.owner.run { try $0.query("SELECT 1").count }) == 1
            }
            try await server.crash()
            try await eventually("the server after its crash") {
                (try? await database.owner.run { try $0.query("SELECT 1 FROM tenants").count }) == 1
            }
        }
        await server.stop()
    }
}
