import Postgres
import Testing

@Suite struct TimeoutTests {
    @Test func `a statement beyond its timeout is cancelled and the connection stays usable`() async throws {
        let connection = try await Scratch().connect { $0.statementTimeoutMilliseconds = 200 }
        let error = #expect(throws: PostgresError.self) { try connection.query("SELECT pg_sleep(60)") }
        #expect(error?.sqlState == .queryCanceled)
        #expect(error?.isConnectionLost == false)
        #expect(try connection.query("SELECT 1")[0].get(0) == 1)
    }

    @Test func `a lock that does not come in time is given up`() async throws {
        let scratch = try await Scratch("CREATE TABLE t (n int8); INSERT INTO t VALUES (1)")
        let holder = try scratch.connect()
        let waiter = try scratch.connect { $0.lockTimeoutMilliseconds = 50 }
        _ = try holder.query("BEGIN")
        _ = try holder.query("SELECT n FROM t FOR UPDATE")
        let error = #expect(throws: PostgresError.self) { try waiter.query("UPDATE t SET n = 2") }
        #expect(error?.sqlState == .lockNotAvailable)
        #expect(error?.isTransient == true)
        _ = try holder.query("ROLLBACK")
        #expect(try waiter.query("UPDATE t SET n = 2").affected == 1)
    }

    @Test func `a transaction left idle is ended by the server and that is seen`() async throws {
        let connection = try await Scratch().connect { $0.idleInTransactionTimeoutMilliseconds = 20 }
        _ = try connection.query("BEGIN")
        try await until("the server gives up on it") { !connection.isAlive }
        let error = #expect(throws: PostgresError.self) { try connection.query("SELECT 1") }
        #expect(error?.isConnectionLost == true)
        #expect(error?.mayHaveCommitted == false)
    }

    @Test func `a statement is cancelled from another thread`() async throws {
        let scratch = try await Scratch()
        let pool = scratch.pool(threads: 1)
        let (cancellers, continuation) = AsyncStream.makeStream(of: (Canceller, Int32).self)
        async let outcome: Void = pool.run { connection in
            continuation.yield((connection.makeCanceller(), connection.backendPID))
            _ = try connection.query("SELECT pg_sleep(60)")
        }
        var iterator = cancellers.makeAsyncIterator()
        let (canceller, pid) = try #require(await iterator.next())
        let observer = try scratch.connect()
        try await until("the statement runs") {
            try observer.query(
                "SELECT count(*) FROM pg_stat_activity WHERE pid = \(pid) AND wait_event = 'PgSleep'"
            )[0].get(0) == 1
        }
        #expect(canceller.cancel())
        do {
            try await outcome
            Issue.record("the statement was not cancelled")
        } catch let error as PostgresError {
            #expect(error.sqlState == .queryCanceled)
        }
        #expect(
            try await pool.run { try $0.query("SELECT pg_backend_pid()")[0].get(0, as: Int32.self) } == pid)
        await pool.close()
    }
}
