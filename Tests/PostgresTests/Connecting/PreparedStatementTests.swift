import Testing

@testable import Postgres

@Suite struct PreparedStatementTests {
    private func prepared(_ connection: Connection) throws -> Int {
        // Simple protocol, so that asking prepares nothing.
        Int(
            try connection.firstRowsAsText(of: "SELECT count(*) AS n FROM pg_prepared_statements", limit: 1)[
                0
            ].dropFirst(2))!
    }

    @Test func `a text is prepared once`() async throws {
        let connection = try await Scratch().connect()
        for n in 1...5 { #expect(try connection.query("SELECT \(n) + 1")[0].get(0) == n + 1) }
        _ = try connection.pipeline(["SELECT \(1) + 1", "SELECT \(2) + 1", "SELECT 7", "SELECT 7"])
        #expect(try prepared(connection) == 2)
    }

    @Test func `the same text with other types is another statement`() async throws {
        let connection = try await Scratch().connect()
        #expect(try connection.query("SELECT \(Int64(1))")[0].get(0) == 1)
        #expect(try connection.query("SELECT \("one")")[0].get(0) == "one")
        #expect(try connection.query("SELECT \(Int64?.none)")[0].get(0, as: Int64?.self) == nil)
        #expect(try prepared(connection) == 2)
    }

    @Test func `the least recently used makes room and the server forgets it too`() async throws {
        let connection = try await Scratch().connect { $0.preparedStatementsMax = 4 }
        for n in 0..<100 {
            #expect(try connection.query(Statement(unsafeRaw: "SELECT \(n)"))[0].get(0) == n)
            #expect(try connection.query("SELECT 'always'")[0].get(0) == "always")
        }
        #expect(try prepared(connection) <= 4 + 16)
    }

    @Test func `a statement that fails to prepare is not remembered`() async throws {
        let connection = try await Scratch().connect()
        #expect(throws: PostgresError.self) { try connection.query("SELECT * FROM later") }
        try connection.execute("CREATE TABLE later ()")
        #expect(try connection.query("SELECT * FROM later").count == 0)
    }

    @Test func `nothing is prepared behind pgbouncer`() async throws {
        let connection = try await Scratch().connect { $0.usesPreparedStatements = false }
        #expect(try connection.query("SELECT \(1) + 1")[0].get(0) == 2)
        #expect(try connection.pipeline(["SELECT \(1)", "SELECT \(2)"]).count == 2)
        #expect(try prepared(connection) == 0)
    }

    /// A migration of another process changes a table under sessions that have prepared statements over it.
    @Test func `a changed table does not trip a prepared statement`() async throws {
        let scratch = try await Scratch("CREATE TABLE t (a int8); INSERT INTO t VALUES (1)")
        let connection = try scratch.connect()
        #expect(try connection.query("SELECT * FROM t").columnNames == ["a"])
        #expect(try connection.pipeline(["SELECT * FROM t"])[0].columnNames == ["a"])
        try scratch.connect().execute("ALTER TABLE t ADD b text")
        #expect(try connection.query("SELECT * FROM t").columnNames == ["a", "b"])
        try scratch.connect().execute("ALTER TABLE t ADD c text")
        #expect(try connection.pipeline(["SELECT * FROM t"])[0].columnNames == ["a", "b", "c"])
    }

    @Test func `a changed table inside a transaction makes the pool run it again`() async throws {
        let scratch = try await Scratch("CREATE TABLE t (a int8)")
        let pool = scratch.pool(threads: 1)
        let columns = { @Sendable in
            try await pool.transaction(tenant: nil) { try $0.query("SELECT * FROM t").columnNames }
        }
        #expect(try await columns() == ["a"])
        try scratch.connect().execute("ALTER TABLE t ADD b text")
        #expect(try await columns() == ["a", "b"])
        await pool.close()
    }

    @Test func `eviction takes the one that was not used the longest`() {
        var statements = PreparedStatements(capacity: 2)
        let keys = ["a", "b", "c"].map { PreparedStatements.Key(text: $0, types: []) }
        statements.insert("s1", for: keys[0])
        statements.insert("s2", for: keys[1])
        #expect(statements.name(for: keys[0]) == "s1")
        statements.insert("s3", for: keys[2])
        #expect(statements.name(for: keys[1]) == nil)
        #expect(statements.evicted == ["s2"])
        #expect(statements.count == 2)
    }
}
