import Postgres
import Primitives
import Testing

@Suite struct SnapshotStreamTests {
    private struct Enough: Error {}

    /// Everything that a binary COPY brings, or nothing of it.
    @Test func `rows of a binary COPY are read in place, of every type and with NULL`() async throws {
        let connection = try await Scratch().connect()
        var seen: [String] = []
        let count = try connection.copyRows(
            """
            COPY (SELECT n::smallint, n::integer, n::bigint, CASE WHEN n > 1 THEN 'row ' || n END, n = 2,
                '2026-01-31 00:00:00.123+00'::timestamptz, '00000000-0000-0000-0000-0000000000ff'::uuid
                FROM generate_series(-1, 2) n ORDER BY 3) TO STDOUT (FORMAT binary)
            """, columns: 7
        ) { (row: CopiedRow) throws in
            #expect(row.integer(0) == row.integer(1) && row.integer(1) == row.integer(2))
            #expect(try row.instant(5) == Instant(rfc3339: "2026-01-31T00:00:00.123Z"))
            #expect(row.raw(6)?.count == 16 && row.raw(6)?.last == 255)
            #expect(row.isNull(3) == (row.text(3) == nil))
            seen.append("\(row.integer(2) ?? 0) \(row.text(3) ?? "nothing") \(row.flag(4) ?? false)")
        }
        #expect(count == 4)
        #expect(seen == ["-1 nothing false", "0 nothing false", "1 nothing false", "2 row 2 true"])
        let none = try connection.copyRows(
            "COPY (SELECT 1 WHERE false) TO STDOUT (FORMAT binary)", columns: 1
        ) { _ in Issue.record("there is no row") }
        #expect(none == 0)
        // A statement that gives something else is a mistake of ours, and leaves the connection usable.
        #expect(throws: Unreadable.self) {
            try connection.copyRows("COPY (SELECT 1, 2) TO STDOUT (FORMAT binary)", columns: 1) { _ in }
        }
        #expect(throws: Unreadable.self) {
            try connection.copyRows("COPY (SELECT 1) TO STDOUT", columns: 1) { _ in }
        }
        #expect(try connection.query("SELECT 1")[0].get(0) == 1)
    }

    @Test func `a stream sees one moment over all its statements`() async throws {
        let scratch = try await Scratch()
        let other = try scratch.connect()
        try other.execute("CREATE TABLE t (n integer)")
        let pool = scratch.pool(threads: 1)
        let stream = pool.stream(tenant: TenantID(1)) { transaction, send in
            for _ in 0..<3 {
                let count: Int64 = try transaction.query("SELECT count(*) FROM t")[0].get(0)
                try send([UInt8(count)])
                try scratch.connect().execute("INSERT INTO t VALUES (1)")
            }
        }
        var seen: [UInt8] = []
        for try await chunk in stream { seen += chunk }
        #expect(seen == [0, 0, 0])
        await #expect(throws: PostgresError.self, "it cannot write") {
            for try await _ in pool.stream(
                tenant: TenantID(1),
                { transaction, _ in
                    _ = try transaction.query("INSERT INTO t VALUES (1)")
                })
            {}
        }
        await pool.close()
    }

    @Test(arguments: [true, false])
    func `a reader that goes away ends the transaction and leaves the connection`(
        isCancelled: Bool
    ) async throws {
        let scratch = try await Scratch()
        let pool = scratch.pool(threads: 1)
        let pid = try await pool.run { $0.backendPID }
        let reading = Task {
            var chunks = 0
            for try await _ in pool.stream(
                tenant: TenantID(1),
                { transaction, send in
                    try transaction.connection.copyRows(
                        "COPY (SELECT repeat('x', 1000) FROM generate_series(1, 10000000)) TO STDOUT (FORMAT binary)",
                        columns: 1
                    ) { row in try send(Array(row.raw(0)!)) }
                })
            {
                chunks += 1
                if chunks == 3 {
                    if !isCancelled { break }
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            }
        }
        _ = await reading.result
        let observer = try scratch.connect()
        try await until("nothing runs") {
            try observer.query(
                "SELECT count(*) FROM pg_stat_activity WHERE pid = \(pid) AND state = 'idle'")[0].get(0) == 1
        }
        #expect(try await pool.run { $0.backendPID } == pid, "the connection was drained, not replaced")
        await pool.close()
    }
}
