import Postgres
import Testing

@Suite struct TransactionTests {
    private struct Refused: Error {}

    @Test func `an error in the body rolls back and is thrown on`() async throws {
        let connection = try await Scratch("CREATE TABLE t (n int8)").connect()
        #expect(throws: Refused.self) {
            try connection.withTransaction { connection in
                _ = try connection.query("INSERT INTO t VALUES (1)")
                throw Refused()
            }
        }
        #expect(!connection.isInTransaction)
        try connection.withTransaction { _ = try $0.query("INSERT INTO t VALUES (2)") }
        #expect(try connection.query("SELECT n FROM t").map { try $0.get(0, as: Int.self) } == [2])
    }

    /// The server answers COMMIT of a failed transaction with a cheerful ROLLBACK.
    @Test func `a commit that rolled back is an error even where the body hid the failure`() async throws {
        let connection = try await Scratch("CREATE TABLE t (n int8)").connect()
        let error = #expect(throws: PostgresError.self) {
            try connection.withTransaction { connection in
                _ = try connection.query("INSERT INTO t VALUES (1)")
                _ = try? connection.query("SELECT 1/0")
            }
        }
        #expect(error?.sqlState == .inFailedTransaction)
        #expect(!connection.isInTransaction)
    }

    @Test func `a transaction lost before its commit has left nothing`() async throws {
        let connection = try await Scratch().connect()
        let error = #expect(throws: PostgresError.self) {
            try connection.withTransaction {
                _ = try $0.query("SELECT pg_terminate_backend(pg_backend_pid())")
            }
        }
        #expect(error?.isConnectionLost == true)
        #expect(error?.mayHaveCommitted == false)
    }

    /// The server ends the session while the body is deciding: the decision stands, and nothing is in doubt.
    @Test func `a refusal whose rollback finds the connection lost is still the refusal`() async throws {
        let scratch = try await Scratch("CREATE TABLE t (n int8)")
        let connection = try scratch.connect()
        let other = try scratch.connect()
        #expect(throws: Refused.self) {
            try connection.withTransaction { connection in
                _ = try connection.query("INSERT INTO t VALUES (1)")
                _ = try other.query("SELECT pg_terminate_backend(\(connection.backendPID), 10000)")
                throw Refused()
            }
        }
        #expect(!connection.isAlive)
        #expect(try other.query("SELECT n FROM t").isEmpty)
    }

    @Test func `a commit that got no answer may have happened`() async throws {
        let connection = try await Scratch(
            """
            CREATE TABLE t (n int8);
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION die()
            """
        ).connect()
        let error = #expect(throws: PostgresError.self) {
            try connection.withTransaction { _ = try $0.query("INSERT INTO t VALUES (1)") }
        }
        #expect(error?.isConnectionLost == true)
        #expect(error?.mayHaveCommitted == true)
    }
}
