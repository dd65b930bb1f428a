import Postgres
import Primitives
import Testing

@Suite struct MigratorTests {
    private let now = Instant(milliseconds: 1_769_860_800_000)
    private let first = Migration(
        name: "0001-orders", up: "CREATE TABLE orders (n int8); INSERT INTO orders VALUES (1)")
    private let second = Migration(name: "0002-more", up: "INSERT INTO orders VALUES (2)")

    @Test func `migrating twice changes nothing the second time`() async throws {
        let connection = try await Scratch().connect()
        let migrator = Migrator([first, second])
        #expect(try migrator.pending(connection) == ["0001-orders", "0002-more"])
        #expect(try migrator.migrate(connection, now: now) == ["0001-orders", "0002-more"])
        #expect(try migrator.migrate(connection, now: now) == [])
        #expect(try migrator.pending(connection) == [])
        #expect(try connection.query("SELECT count(*) FROM orders")[0].get(0) == 2)

        let row = try connection.query("SELECT * FROM schema_migrations ORDER BY name")[0]
        #expect(try row.get("name") == "0001-orders")
        #expect(try row.get("applied_at") == now)
        #expect(try row.get("checksum", as: String.self).count == 64)
    }

    @Test func `looking for pending ones creates nothing`() async throws {
        let connection = try await Scratch().connect()
        _ = try Migrator([first]).pending(connection)
        #expect(try connection.query("SELECT to_regclass('schema_migrations') IS NULL")[0].get(0) == true)
    }

    @Test func `later migrations follow the earlier ones`() async throws {
        let connection = try await Scratch().connect()
        #expect(try Migrator([first]).migrate(connection, now: now) == ["0001-orders"])
        #expect(try Migrator([first, second]).migrate(connection, now: now) == ["0002-more"])
    }

    @Test func `an applied migration that was changed is refused`() async throws {
        let connection = try await Scratch().connect()
        _ = try Migrator([first]).migrate(connection, now: now)
        var changed = first
        changed.up += " "
        #expect(throws: MigrationError.checksumChanged(name: "0001-orders")) {
            try Migrator([changed, second]).migrate(connection, now: now)
        }
        #expect(throws: MigrationError.unknownApplied(["0001-orders"])) {
            try Migrator([second]).migrate(connection, now: now)
        }
    }

    @Test func `a check that finds rows afterwards rolls its migration back`() async throws {
        let connection = try await Scratch().connect()
        var checked = second
        checked.checkAfter =
            "SELECT 'never' WHERE false; SELECT n AS wrong, NULL AS note FROM orders ORDER BY n"
        #expect(
            throws: MigrationError.checkFailed(
                name: "0002-more", check: .after, rows: ["wrong=1 note=NULL", "wrong=2 note=NULL"]
            )
        ) {
            try Migrator([first, checked]).migrate(connection, now: now)
        }
        #expect(try connection.query("SELECT count(*) FROM orders")[0].get(0) == 1)
        #expect(try Migrator([first, checked]).pending(connection) == ["0002-more"])
        #expect(try Migrator([first, second]).migrate(connection, now: now) == ["0002-more"])
    }

    @Test func `a check that finds rows before keeps its migration from beginning`() async throws {
        let connection = try await Scratch().connect()
        var checked = second
        checked.checkBefore = "SELECT n FROM orders"
        let error = #expect(throws: MigrationError.self) {
            try Migrator([first, checked]).migrate(connection, now: now)
        }
        #expect(error?.description == "migration 0002-more: check_before found\n  n=1")
    }

    @Test func `a broken migration leaves nothing and the earlier ones stay`() async throws {
        let connection = try await Scratch().connect()
        let broken = Migration(name: "0002-broken", up: "INSERT INTO orders VALUES (2); SELECT 1/0")
        #expect(throws: PostgresError.self) { try Migrator([first, broken]).migrate(connection, now: now) }
        #expect(try connection.query("SELECT count(*) FROM orders")[0].get(0) == 1)
        let ending = Migration(name: "0002-ending", up: "INSERT INTO orders VALUES (2); COMMIT")
        #expect(throws: MigrationError.endedItsTransaction(name: "0002-ending")) {
            try Migrator([first, ending]).migrate(connection, now: now)
        }
    }

    @Test func `several migrators at once take turns`() async throws {
        let scratch = try await Scratch()
        let pool = scratch.pool(threads: 4) { $0.statementTimeoutMilliseconds = 200 }
        // Whoever comes second waits for longer than a statement may take.
        var slow = first
        slow.up += "; SELECT pg_sleep(0.4)"
        let migrator = Migrator([slow, second])
        let now = now
        try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<4 { group.addTask { try await pool.run { try migrator.migrate($0, now: now) } } }
            let applied = try await group.reduce(into: [[String]]()) { $0.append($1) }
            #expect(applied.filter { !$0.isEmpty } == [["0001-orders", "0002-more"]])
        }
        await pool.close()
    }

    @Test func `a migration may take longer than a statement, and the timeout is back afterwards`()
        async throws
    {
        let connection = try await Scratch().connect {
            $0.statementTimeoutMilliseconds = 300
            $0.lockTimeoutMilliseconds = 10_000
        }
        let slow = Migration(name: "0001-slow", up: "SELECT pg_sleep(0.4)")
        #expect(try Migrator([slow]).migrate(connection, now: now) == ["0001-slow"])
        #expect(try connection.query("SELECT current_setting('statement_timeout')")[0].get(0) == "300ms")
        #expect(try connection.query("SELECT current_setting('lock_timeout')")[0].get(0) == "10s")
    }
}
