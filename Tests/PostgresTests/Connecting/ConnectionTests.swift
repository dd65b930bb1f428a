import Postgres
import Testing

@Suite struct ConnectionTests {
    @Test func `a session starts with the settings of its configuration`() async throws {
        let scratch = try await Scratch()
        let connection = try scratch.connect {
            $0.statementTimeoutMilliseconds = 1234
            $0.lockTimeoutMilliseconds = 567
            $0.settings["tollgate.note"] = #"a b\c 'd'"#
        }
        func show(_ name: String) throws -> String {
            try connection.query(Statement("SELECT current_setting($1)", [name]))[0].get(0)
        }
        #expect(try show("statement_timeout") == "1234ms")
        #expect(try show("lock_timeout") == "567ms")
        #expect(try show("idle_in_transaction_session_timeout") == "1min")
        #expect(try show("TimeZone") == "UTC")
        #expect(try show("client_encoding") == "UTF8")
        #expect(try show("tollgate.note") == #"a b\c 'd'"#)
    }

    @Test func `options of the connection string are kept beside ours`() async throws {
        let connection = try await Scratch().connect { $0.conninfo += " options='-c work_mem=77kB'" }
        let row = try connection.query("SELECT current_setting('work_mem'), current_setting('TimeZone')")[0]
        #expect(try row.get(0, as: String.self) == "77kB")
        #expect(try row.get(1, as: String.self) == "UTC")
    }

    @Test func `a session acts as the role it was given`() async throws {
        let scratch = try await Scratch()
        try scratch.connect().execute("DROP ROLE IF EXISTS only_a_door; CREATE ROLE only_a_door NOLOGIN")
        let connection = try scratch.connect { $0.role = "only_a_door" }
        #expect(try connection.query("SELECT current_user::text")[0].get(0) == "only_a_door")
        let error = #expect(throws: PostgresError.self) { try connection.query("SELECT * FROM pg_authid") }
        #expect(error?.sqlState == .insufficientPrivilege)
    }

    @Test func `a connection string that cannot be parsed is refused without repeating it`() {
        let error = #expect(throws: PostgresError.self) {
            try Connection(PostgresConfiguration(conninfo: "password=secret nonsense"))
        }
        #expect(error?.description.contains("secret") == false)
    }

    @Test func `no server is a lost connection and no code`() {
        let error = #expect(throws: PostgresError.self) {
            try Connection(PostgresConfiguration(conninfo: "host=/nonexistent"))
        }
        #expect(error?.isConnectionLost == true)
        #expect(error?.isTransient == true)
        #expect(error?.mayHaveCommitted == false)
    }

    @Test func `a script of several statements is run in order`() async throws {
        let connection = try await Scratch("CREATE TABLE t (n int8); INSERT INTO t VALUES (1), (2)").connect()
        try connection.execute("DELETE FROM t WHERE n = 1; INSERT INTO t VALUES (3)")
        #expect(
            try connection.query("SELECT n FROM t ORDER BY n").map { try $0.get(0, as: Int.self) } == [2, 3])
        #expect(try connection.query("UPDATE t SET n = 0").affected == 2)
    }

    @Test func `a closed connection answers with an error`() async throws {
        let connection = try await Scratch().connect()
        #expect(connection.isAlive)
        #expect(connection.backendPID > 0)
        connection.close()
        connection.close()
        #expect(!connection.isAlive)
        let error = #expect(throws: PostgresError.self) { try connection.query("SELECT 1") }
        #expect(error?.isConnectionLost == true)
    }

    @Test func `a session that the server ended is seen before it is used`() async throws {
        let scratch = try await Scratch()
        let connection = try scratch.connect()
        let other = try scratch.connect()
        _ = try other.query("SELECT pg_terminate_backend(\(connection.backendPID))")
        try await until("the goodbye arrives") { !connection.isAlive }
    }

    @Test func `a statement is lost with the session that ran it`() async throws {
        let connection = try await Scratch().connect()
        let error = #expect(throws: PostgresError.self) {
            try connection.query("SELECT pg_terminate_backend(pg_backend_pid())")
        }
        #expect(error?.isConnectionLost == true)
        #expect(error?.mayHaveCommitted == true, "outside of a transaction nobody can know")
        #expect(!connection.isAlive)
    }

    @Test func `a copy through the wrong door closes the connection instead of hanging`() async throws {
        let connection = try await Scratch().connect()
        let error = #expect(throws: PostgresError.self) { try connection.query("COPY (SELECT 1) TO STDOUT") }
        #expect(error?.message == "COPY has functions of its own")
        #expect(!connection.isAlive)
    }
}
