import Postgres
import Testing

@Suite struct PipelineTests {
    @Test func `a pipeline is one round trip, even when its statements are new`() async throws {
        let connection = try await Scratch("CREATE TABLE t (n int8)").connect()
        let statements: [Statement] = ["BEGIN", "INSERT INTO t VALUES (\(1))", "SELECT n FROM t", "COMMIT"]
        for _ in 1...2 {
            #expect(try connection.roundTrips { _ = try connection.pipeline(statements) } == 1)
        }
        #expect(try connection.roundTrips { _ = try connection.query("SELECT n FROM t") } == 1)
        #expect(try connection.roundTrips { _ = try connection.query("SELECT n + 1 FROM t") } == 1)
    }

    @Test func `results come in the order of the statements`() async throws {
        let connection = try await Scratch().connect()
        let results = try connection.pipeline((0..<50).map { "SELECT \($0), 'x'" })
        #expect(try results.map { try $0[0].get(0, as: Int.self) } == Array(0..<50))
        #expect(try connection.pipeline([]).isEmpty)
    }

    @Test func `the first error is thrown with its place and the connection stays usable`() async throws {
        let connection = try await Scratch("CREATE TABLE t (n int8 PRIMARY KEY)").connect()
        let error = #expect(throws: PostgresError.self) {
            try connection.pipeline([
                "INSERT INTO t VALUES (\(1))", "INSERT INTO t VALUES (\(1))", "SELECT 1/0",
            ])
        }
        #expect(error?.pipelineIndex == 1)
        #expect(error?.sqlState == .uniqueViolation)
        #expect(error?.statement == "INSERT INTO t VALUES ($1)")
        #expect(!connection.isInTransaction)
        #expect(try connection.query("SELECT count(*) FROM t")[0].get(0) == 0, "all of it or nothing")
        #expect(try connection.pipeline(["SELECT 1", "SELECT 2"]).count == 2)
    }

    @Test func `a statement that cannot be prepared fails at its own place`() async throws {
        let connection = try await Scratch().connect()
        let error = #expect(throws: PostgresError.self) {
            try connection.pipeline(["SELECT 1", "SELECT * FROM nowhere", "SELECT 3"])
        }
        #expect(error?.pipelineIndex == 1)
        #expect(error?.sqlState == .undefinedTable)
        #expect(try connection.pipeline(["SELECT 1", "SELECT 3"])[1][0].get(0) == 3)
    }

    @Test func `a constraint that is checked at commit fails the pipeline`() async throws {
        let connection = try await Scratch(
            """
            CREATE TABLE parents (id int8 PRIMARY KEY);
            CREATE TABLE children (parent int8 CONSTRAINT has_a_parent
                REFERENCES parents DEFERRABLE INITIALLY DEFERRED)
            """
        ).connect()
        for _ in 1...2 {
            let error = #expect(throws: PostgresError.self) {
                try connection.pipeline(["SELECT 1", "INSERT INTO children VALUES (\(1))"])
            }
            #expect(error?.sqlState == .foreignKeyViolation)
            #expect(error?.constraint == "has_a_parent")
            #expect(error?.isConnectionLost == false)
        }
        #expect(try connection.query("SELECT count(*) FROM children")[0].get(0) == 0)
    }

    @Test func `a failed transaction stays open until it is rolled back`() async throws {
        let connection = try await Scratch().connect()
        #expect(throws: PostgresError.self) { try connection.pipeline(["BEGIN", "SELECT 1/0", "COMMIT"]) }
        #expect(connection.isInTransaction)
        _ = try connection.query("ROLLBACK")
        #expect(!connection.isInTransaction)
    }

    /// Both directions carry more than the sockets hold, so a client that only wrote would wait for ever.
    @Test func `large statements with large answers do not block each other`() async throws {
        let connection = try await Scratch().connect()
        let text = String(repeating: "x", count: 1_000_000)
        let results = try connection.pipeline((0..<20).map { "SELECT \(text), \($0)" })
        #expect(
            try results.map { try $0[0].get(0, as: String.self).utf8.count }
                == Array(repeating: 1_000_000, count: 20))
    }

    @Test func `a session that ends in the middle is one error`() async throws {
        let scratch = try await Scratch()
        let connection = try scratch.connect()
        let error = #expect(throws: PostgresError.self) {
            try connection.pipeline(["SELECT 1", "SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 3"])
        }
        #expect(error?.isConnectionLost == true)
        #expect(!connection.isAlive)
        #expect(throws: PostgresError.self) { try connection.pipeline(["SELECT 1"]) }
    }

    @Test func `a copy inside a pipeline closes the connection instead of hanging`() async throws {
        let connection = try await Scratch("CREATE TABLE t (n int8)").connect()
        #expect(throws: PostgresError.self) {
            try connection.pipeline(["SELECT 1", "COPY t TO STDOUT", "SELECT 2"])
        }
        #expect(!connection.isAlive)
    }
}
