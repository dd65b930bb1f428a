import Postgres
import Primitives
import Testing

@Suite struct StatementTests {
    @Test func `an interpolation binds a value and never becomes text`() {
        let name = "Robert'); DROP TABLE customers; --"
        let statement: Statement = "SELECT * FROM customers WHERE name = \(name) AND id = \(Int64(7))"

        #expect(statement.text == "SELECT * FROM customers WHERE name = $1 AND id = $2")
        #expect(statement.values == [name.postgresValue, Int64(7).postgresValue])
    }

    /// `Statement("… \(x)")` looks harmless and would be an injection if the string were built first.
    @Test func `an interpolation inside the initialiser's parentheses binds too`() {
        let statement = Statement("SELECT \(1) + \(2)")

        #expect(statement.text == "SELECT $1 + $2")
        #expect(statement.values.count == 2)
    }

    @Test func `a missing optional binds a null of its type`() {
        let statement: Statement = "SELECT \(Int32?.none), \([String]?.none)"

        #expect(statement.values == [.null(like: TypeOID.int4), .null(like: TypeOID.textArray)])
    }

    @Test func `text from code is spliced only when it says so`() {
        let statement: Statement = "SELECT * FROM \(unsafeRaw: "orders") WHERE id = \(1)"

        #expect(statement.text == "SELECT * FROM orders WHERE id = $1")
        #expect(Statement(unsafeRaw: "SELECT 1").values.isEmpty)
    }

    @Test func `values bind by position to text with its own numbers`() {
        let text = "SELECT $2, $1"
        let statement = Statement(text, [Int16(1), "b"])

        #expect(statement.text == text)
        #expect(statement.values == [Int16(1).postgresValue, "b".postgresValue])
    }

    @Test(arguments: ["plain", "it's", #"back\slash's"#, "", "多\n'"])
    func `a quoted literal reads as what was quoted`(text: String) async throws {
        let connection = try await Scratch().connect()
        let read: String = try connection.query(Statement(unsafeRaw: "SELECT \(Statement.literal(text))"))[0]
            .get(0)
        #expect(read == text)
    }

    @Test func `a quoted identifier keeps its case and quotes`() async throws {
        let connection = try await Scratch().connect()
        let name = #"Odd "Name""#
        let result = try connection.query("SELECT 1 AS \(unsafeRaw: Statement.identifier(name))")
        #expect(result.columnNames == [name])
        #expect(try result[0].get(name) == 1)
    }
}
