import Postgres
import Primitives
import Testing

@Suite struct PoolCopyTests {
    private struct Enough: Error {}
    private static let million = "COPY (SELECT n, 'row ' || n FROM generate_series(1, 1000000) n) TO STDOUT"

    @Test func `a million rows stream through a bounded channel`() async throws {
        let pool = try await Scratch().pool(threads: 1)
        var lines = 0
        for try await chunk in pool.copyOut(Self.million) { lines += chunk.count { $0 == 0x0A } }
        #expect(lines == 1_000_000)
        await pool.close()
    }

    @Test func `a reader that stops midway frees the connection`() async throws {
        let pool = try await Scratch().pool(threads: 1)
        let pid = try await pool.run { $0.backendPID }
        var bytes = 0
        for try await chunk in pool.copyOut(Self.million) {
            bytes += chunk.count
            if bytes > 200_000 { break }
        }
        #expect(try await pool.run { $0.backendPID } == pid, "the connection was drained, not replaced")
        #expect(try await pool.run { try $0.query("SELECT 1")[0].get(0) } == 1)
        await pool.close()
    }

    @Test func `a cancelled reader cancels the statement, even one that sends nothing`() async throws {
        let scratch = try await Scratch()
        let pool = scratch.pool(threads: 1)
        let pid = try await pool.run { $0.backendPID }
        let reading = Task {
            for try await _ in pool.copyOut("COPY (SELECT pg_sleep(600)) TO STDOUT") {}
        }
        let observer = try scratch.connect()
        try await until("the statement runs") {
            try observer.query(
                "SELECT count(*) FROM pg_stat_activity WHERE pid = \(pid) AND wait_event = 'PgSleep'")[0].get(
                    0) == 1
        }
        reading.cancel()
        await #expect(throws: CancellationError.self) { try await reading.value }
        #expect(try await pool.run { $0.backendPID } == pid)
        await pool.close()
    }

    @Test func `a sequence that nobody reads runs nothing`() async throws {
        let pool = try await Scratch().pool(threads: 1)
        _ = pool.copyOut(Self.million).makeAsyncIterator()
        #expect(try await pool.run { try $0.query("SELECT 1")[0].get(0) } == 1)
        await pool.close()
    }

    @Test func `an error of the server ends the sequence`() async throws {
        let pool = try await Scratch().pool(threads: 1)
        let error = await #expect(throws: PostgresError.self) {
            for try await _ in pool.copyOut(
                "COPY (SELECT 1 / (3 - n) FROM generate_series(1, 9) n) TO STDOUT")
            {}
        }
        #expect(error?.sqlState?.rawValue == "22012")
        await pool.close()
        await #expect(throws: PoolError.self) { for try await _ in pool.copyOut(Self.million) {} }
    }

    @Test func `a copy runs under its tenant`() async throws {
        let pool = try await Scratch().pool(threads: 1)
        var text = ""
        let copy = pool.copyOut(
            "COPY (SELECT current_setting('tollgate.tenant')) TO STDOUT", tenant: TenantID(9))
        for try await chunk in copy { text += String(decoding: chunk, as: UTF8.self) }
        #expect(text == "9\n")
        await pool.close()
    }

    @Test func `a copy in is fed from a sequence`() async throws {
        let pool = try await Scratch("CREATE TABLE t (n int8)").pool(threads: 1)
        let chunks = AsyncStream { continuation in
            for n in 1...1000 { continuation.yield(Array("\(n)\n".utf8)) }
            continuation.finish()
        }
        #expect(try await pool.copyIn("COPY t FROM STDIN", from: chunks, chunksMax: 2) == 1000)
        #expect(try await pool.run { try $0.query("SELECT sum(n) FROM t")[0].get(0) } == 500_500)
        await pool.close()
    }

    @Test func `a sequence that fails leaves nothing behind`() async throws {
        let pool = try await Scratch("CREATE TABLE t (n int8)").pool(threads: 1)
        let chunks = AsyncThrowingStream<[UInt8], any Error> { continuation in
            continuation.yield(Array("1\n".utf8))
            continuation.finish(throwing: Enough())
        }
        await #expect(throws: Enough.self) { try await pool.copyIn("COPY t FROM STDIN", from: chunks) }
        #expect(try await pool.run { try $0.query("SELECT count(*) FROM t")[0].get(0) } == 0)
        await pool.close()
    }

    @Test func `a cancelled copy in leaves nothing behind`() async throws {
        let pool = try await Scratch("CREATE TABLE t (n int8)").pool(threads: 1)
        let (chunks, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        continuation.yield(Array("1\n".utf8))
        let copying = Task { try await pool.copyIn("COPY t FROM STDIN", from: chunks) }
        copying.cancel()
        await #expect(throws: CancellationError.self) { try await copying.value }
        #expect(try await pool.run { try $0.query("SELECT count(*) FROM t")[0].get(0) } == 0)
        await pool.close()
    }

    @Test func `a refused row fails the copy`() async throws {
        let pool = try await Scratch("CREATE TABLE t (n int8)").pool(threads: 1)
        let chunks = AsyncStream { continuation in
            for _ in 1...1000 { continuation.yield(Array("many\n".utf8)) }
            continuation.finish()
        }
        let error = await #expect(throws: PostgresError.self) {
            try await pool.copyIn("COPY t FROM STDIN", from: chunks, chunksMax: 1)
        }
        #expect(error?.sqlState?.rawValue == "22P02")
        await pool.close()
    }
}
