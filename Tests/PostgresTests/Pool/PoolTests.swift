import Postgres
import Testing

@Suite struct PoolTests {
    @Test func `jobs run on as many connections as there are threads`() async throws {
        let scratch = try await Scratch()
        let barrier = try Barrier(scratch)
        let pool = scratch.pool(threads: 3)
        try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    try await pool.run { connection in
                        _ = try connection.query(Barrier.pass)
                        return connection.backendPID
                    }
                }
            }
            try await barrier.untilReached(by: 3)
            try barrier.open()
            #expect(try await group.reduce(into: Set()) { $0.insert($1) }.count == 3)
        }
        await pool.close()
    }

    @Test func `a job's own error reaches its caller and spoils nothing`() async throws {
        struct Odd: Error {}
        let pool = try await Scratch().pool(threads: 1)
        await #expect(throws: Odd.self) { try await pool.run { _ in throw Odd() } }
        let error = await #expect(throws: PostgresError.self) {
            try await pool.run { _ = try $0.query("SELECT 1/0") }
        }
        #expect(error.map { "\($0.file)".hasSuffix("PoolTests.swift") } == true)
        #expect(try await pool.run { try $0.query("SELECT 1")[0].get(0) } == 1)
        await pool.close()
    }

    @Test func `a full queue refuses at once and keeps what it accepted`() async throws {
        let scratch = try await Scratch()
        let barrier = try Barrier(scratch)
        let pool = scratch.pool(threads: 1, queueLimit: 2)
        async let first = pool.run { try $0.query(Barrier.pass).count }
        try await barrier.untilReached()
        async let second = pool.run { try $0.query("SELECT 2")[0].get(0, as: Int.self) }
        async let third = pool.run { try $0.query("SELECT 3")[0].get(0, as: Int.self) }
        try await until("two jobs wait") { pool.waiting == 2 }

        let refusal = await #expect(throws: PoolError.self) { try await pool.run { _ in } }
        guard case .overloaded = refusal else { throw refusal ?? .closed }

        try barrier.open()
        #expect(try await [first, second, third] == [1, 2, 3])
        await pool.close()
    }

    @Test func `closing finishes what was accepted and refuses the rest`() async throws {
        let scratch = try await Scratch()
        let barrier = try Barrier(scratch)
        let pool = scratch.pool(threads: 1)
        async let first = pool.run { try $0.query(Barrier.pass).count }
        try await barrier.untilReached()
        async let second = pool.run { try $0.query("SELECT 2")[0].get(0, as: Int.self) }
        try await until("a job waits") { pool.waiting == 1 }
        async let closed: Void = pool.close()
        try await until("the pool refuses") {
            do {
                async let probe: Void = pool.run { _ in }
                if pool.waiting > 1 { try barrier.open() }
                try await probe
                return false
            } catch PoolError.closed {
                return true
            }
        }
        try? barrier.open()
        #expect(try await [first, second] == [1, 2])
        await closed
        await pool.close()
    }

    @Test func `a transaction that a job left open is rolled back before the next job`() async throws {
        let pool = try await Scratch("CREATE TABLE t (n int8)").pool(threads: 1)
        let pid = try await pool.run { connection in
            _ = try connection.pipeline(["BEGIN", "INSERT INTO t VALUES (1)"])
            return connection.backendPID
        }
        let (count, next) = try await pool.run { connection in
            (try connection.query("SELECT count(*) FROM t")[0].get(0, as: Int.self), connection.backendPID)
        }
        #expect(count == 0)
        #expect(next == pid)
        await pool.close()
    }

    @Test func `a connection that died between two jobs is replaced unseen`() async throws {
        let scratch = try await Scratch()
        let pool = scratch.pool(threads: 1)
        let pid = try await pool.run { $0.backendPID }
        let other = try scratch.connect()
        _ = try other.query("SELECT pg_terminate_backend(\(pid), 10000)")
        #expect(try await pool.run { try $0.query("SELECT 1")[0].get(0) } == 1)
        #expect(try await pool.run { $0.backendPID } != pid)
        await pool.close()
    }

    @Test func `a pool nobody holds ends its threads`() async throws {
        let scratch = try await Scratch()
        let pid = try await scratch.pool(threads: 1).run { $0.backendPID }
        let observer = try scratch.connect()
        try await until("the connection is gone") {
            try observer.query("SELECT count(*) FROM pg_stat_activity WHERE pid = \(pid)")[0].get(0) == 0
        }
    }
}
