import Postgres
import Primitives
import Testing

@Suite struct ReadingTests {
    private func row(_ statement: Statement) async throws -> Row {
        try await Scratch().connect().query(statement)[0]
    }

    @Test func `null where none is expected is an error that names the column`() async throws {
        let row = try await row("SELECT NULL::int8 AS balance_minor")
        let error = #expect(throws: PostgresError.self) { try row.get("balance_minor", as: Int64.self) }
        #expect(error?.message == "column balance_minor is NULL, which Int64 does not take")
        #expect(error?.statement == "SELECT NULL::int8 AS balance_minor")
        #expect(try row.get("balance_minor", as: Int64?.self) == nil)
    }

    @Test func `a null inside an array needs an optional element`() async throws {
        let row = try await row("SELECT ARRAY[1, NULL]::int8[]")
        #expect(throws: PostgresError.self) { try row.get(0, as: [Int64].self) }
        #expect(try row.get(0, as: [Int64?].self) == [1, nil])
    }

    @Test func `a column that is not there is an error that names those that are`() async throws {
        let row = try await row("SELECT 1 AS id, 2 AS \"orderTotal\"")
        let error = #expect(throws: PostgresError.self) { try row.get("total", as: Int.self) }
        #expect(error?.message == "the result has no column total, only id, orderTotal")
        #expect(try row.get("orderTotal") == 2)
    }

    @Test func `an integer is read from any integer type that fits`() async throws {
        let row = try await row("SELECT 1::int2, 2::int4, 3::int8, 70000::int4, 5::oid")
        #expect(try row.get(0, as: Int64.self) == 1)
        #expect(try row.get(1, as: Int.self) == 2)
        #expect(try row.get(2, as: Int32.self) == 3)
        #expect(try row.get(4, as: Int.self) == 5)
        #expect(throws: PostgresError.self) { try row.get(3, as: Int16.self) }
    }

    /// `sum(bigint)` is a numeric, and money must come out of it exactly.
    @Test(arguments: [
        "0", "1", "-1", "10000", "-99990000", "9223372036854775807", "-9223372036854775808", "100000000",
    ])
    func `a whole numeric is read exactly`(text: String) async throws {
        let row = try await row("SELECT \(unsafeRaw: text)::numeric")
        #expect(try row.get(0, as: Int64.self) == Int64(text))
    }

    @Test(arguments: ["9223372036854775808", "-9223372036854775809", "1e30", "0.5", "10000.0001", "'NaN'"])
    func `a numeric that is no 64-bit integer is refused`(text: String) async throws {
        let row = try await row("SELECT \(unsafeRaw: text)::numeric")
        #expect(throws: PostgresError.self) { try row.get(0, as: Int64.self) }
    }

    @Test func `every textual type is read as a string`() async throws {
        let connection = try await Scratch("CREATE TYPE mood AS ENUM ('calm')").connect()
        let row = try connection.query(
            "SELECT 'a'::varchar, 'b'::name, 'c'::char(1), 'calm'::mood, '{}'::jsonb, 'f'")[0]
        #expect(try (0..<6).map { try row.get($0, as: String.self) } == ["a", "b", "c", "calm", "{}", "f"])
    }

    @Test func `a type is never read as another`() async throws {
        let row = try await row("SELECT 1.5::float8, now(), 'x', ARRAY[[1],[2]]::int8[]")
        #expect(throws: PostgresError.self) { try row.get(0, as: Int64.self) }
        #expect(throws: PostgresError.self) { try row.get(1, as: Int64.self) }
        #expect(throws: PostgresError.self) { try row.get(2, as: Instant.self) }
        #expect(throws: PostgresError.self) { try row.get(3, as: [Int64].self) }
    }

    @Test func `a result is a collection of rows`() async throws {
        let result = try await Scratch().connect().query(
            "SELECT n, n * n AS square FROM generate_series(1, 4) n")
        #expect(try result.map { try $0.get("square", as: Int.self) } == [1, 4, 9, 16])
        #expect(result.count == 4)
        #expect(result.affected == 4)
        #expect(try result.last?.get(0) == 4)
    }
}
