import Postgres
import Testing

@Suite struct CopyTests {
    private struct Enough: Error {}
    private static let million = "COPY (SELECT n, 'row ' || n FROM generate_series(1, 1000000) n) TO STDOUT"

    @Test func `a copy out hands on every row`() async throws {
        let connection = try await Scratch().connect()
        var rows: [String] = []
        let count = try connection.copyOut(
            "COPY (SELECT n, NULL FROM generate_series(1, 3) n) TO STDOUT (FORMAT csv)"
        ) {
            rows.append(String(decoding: $0, as: UTF8.self))
        }
        #expect(rows == ["1,\n", "2,\n", "3,\n"])
        #expect(count == 3)
    }

    @Test func `a copy out that is given up leaves the connection usable`() async throws {
        let connection = try await Scratch().connect()
        for _ in 1...3 {
            var rows = 0
            #expect(throws: Enough.self) {
                try connection.copyOut(Self.million) { _ in
                    rows += 1
                    if rows == 1000 { throw Enough() }
                }
            }
            #expect(rows == 1000)
            #expect(try connection.query("SELECT \(rows)")[0].get(0) == 1000)
        }
    }

    /// The cancellation may then arrive when there is nothing left to cancel.
    @Test func `giving up at the last row harms no later statement`() async throws {
        let connection = try await Scratch().connect()
        for n in 1...50 {
            #expect(throws: Enough.self) {
                try connection.copyOut("COPY (SELECT 1) TO STDOUT") { _ in throw Enough() }
            }
            #expect(try connection.query("SELECT \(n)")[0].get(0) == n)
        }
    }

    @Test func `a copy in stores what it is handed`() async throws {
        let connection = try await Scratch("CREATE TABLE t (n int8, text text)").connect()
        var chunks = ["1\ton", "e\n2\tt", "", "wo\n"].map { Array($0.utf8) }
        let count = try connection.copyIn("COPY t FROM STDIN") { chunks.isEmpty ? nil : chunks.removeFirst() }
        #expect(count == 2)
        #expect(
            try connection.query("SELECT text FROM t ORDER BY n").map { try $0.get(0, as: String.self) } == [
                "one", "two",
            ])
    }

    @Test func `a copy in that is given up stores nothing`() async throws {
        let connection = try await Scratch("CREATE TABLE t (n int8)").connect()
        var sent = 0
        #expect(throws: Enough.self) {
            try connection.copyIn("COPY t FROM STDIN") {
                sent += 1
                if sent > 3 { throw Enough() }
                return Array("\(sent)\n".utf8)
            }
        }
        #expect(try connection.query("SELECT count(*) FROM t")[0].get(0) == 0)
    }

    @Test func `a row that does not fit is an error and leaves the connection usable`() async throws {
        let connection = try await Scratch("CREATE TABLE t (n int8)").connect()
        var chunks = [Array("1\nmany\n".utf8)]
        let error = #expect(throws: PostgresError.self) {
            try connection.copyIn("COPY t FROM STDIN") { chunks.popLast() }
        }
        #expect(error?.sqlState?.rawValue == "22P02")
        #expect(try connection.query("SELECT count(*) FROM t")[0].get(0) == 0)
    }

    @Test func `what is no copy is refused`() async throws {
        let connection = try await Scratch().connect()
        #expect(throws: PostgresError.self) { try connection.copyOut("SELECT 1") { _ in } }
        #expect(throws: PostgresError.self) { try connection.copyIn("COPY (SELECT 1) TO STDOUT") { nil } }
        #expect(throws: PostgresError.self) { try connection.copyOut("COPY nowhere TO STDOUT") { _ in } }
    }
}
