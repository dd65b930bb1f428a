import Postgres
import Synchronization
import Testing

@Suite struct PoolRetryTests {
    private static func fail(with code: String) -> Statement {
        Statement(unsafeRaw: "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '\(code)'; END $$")
    }

    private final class Counter: Sendable {
        private let count = Atomic(0)
        var value: Int { count.load(ordering: .sequentiallyConsistent) }
        func next() -> Int { count.add(1, ordering: .sequentiallyConsistent).newValue }
    }

    @Test(arguments: ["40001", "40P01"])
    func `a transaction that the server undid runs again from its beginning`(code: String) async throws {
        let pool = try await Scratch("CREATE TABLE t (n int8)").pool()
        let attempts = Counter()
        try await pool.transaction(tenant: nil) { transaction in
            _ = try transaction.query("INSERT INTO t VALUES (1)")
            if attempts.next() < 4 { _ = try transaction.query(Self.fail(with: code)) }
        }
        #expect(attempts.value == 4)
        #expect(try await pool.run { try $0.query("SELECT count(*) FROM t")[0].get(0) } == 1)
        await pool.close()
    }

    @Test(arguments: [("40001", 7), ("40P01", 7), ("23505", 1), ("57014", 1)])
    func `after its last try the error is thrown`(code: String, attemptsMax: Int) async throws {
        let pool = try await Scratch().pool()
        let attempts = Counter()
        let error = await #expect(throws: PostgresError.self) {
            try await pool.transaction(tenant: nil) { transaction in
                _ = attempts.next()
                _ = try transaction.query(Self.fail(with: code))
            }
        }
        #expect(error?.sqlState?.rawValue == code)
        #expect(attempts.value == attemptsMax)
        await pool.close()
    }

    @Test func `a transaction whose session ended before its commit runs again on another`() async throws {
        let pool = try await Scratch().pool()
        let attempts = Counter()
        try await pool.transaction(tenant: nil) { transaction in
            if attempts.next() == 1 {
                _ = try transaction.query("SELECT pg_terminate_backend(pg_backend_pid())")
            }
        }
        #expect(attempts.value == 2)
        await pool.close()
    }

    @Test func `two that deadlock both get through`() async throws {
        let pool = try await Scratch(
            "CREATE TABLE t (id int8 PRIMARY KEY, n int8); INSERT INTO t VALUES (1, 0), (2, 0)"
        ).pool(threads: 2)
        let arrived = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (first, second) in [(1, 2), (2, 1)] {
                group.addTask {
                    try await pool.transaction(tenant: nil) { transaction in
                        _ = try transaction.query("UPDATE t SET n = n + 1 WHERE id = \(first)")
                        // Neither goes on before both hold their first row; a second try finds both counted.
                        _ = arrived.next()
                        while arrived.value < 2 { _ = try transaction.query("SELECT 1") }
                        _ = try transaction.query("UPDATE t SET n = n + 1 WHERE id = \(second)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(arrived.value > 2, "there was a deadlock")
        #expect(
            try await pool.run { try $0.query("SELECT n FROM t").map { try $0.get(0, as: Int.self) } } == [
                2, 2,
            ])
        await pool.close()
    }
}
