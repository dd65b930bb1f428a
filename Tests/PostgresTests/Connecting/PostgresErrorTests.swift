import Postgres
import Testing

@Suite struct PostgresErrorTests {
    @Test func `a violated constraint is named`() async throws {
        let connection = try await Scratch(
            """
            CREATE TABLE wallets (
                id int8 PRIMARY KEY,
                balance int8 NOT NULL CONSTRAINT balance_must_not_be_negative CHECK (balance >= 0)
            );
            INSERT INTO wallets VALUES (1, 0)
            """
        ).connect()

        let negative = #expect(throws: PostgresError.self) {
            try connection.query("UPDATE wallets SET balance = \(-5)")
        }
        #expect(negative?.sqlState == .checkViolation)
        #expect(negative?.constraint == "balance_must_not_be_negative")
        #expect(negative?.table == "wallets")

        let twice = #expect(throws: PostgresError.self) {
            try connection.query("INSERT INTO wallets VALUES (\(1), \(0))")
        }
        #expect(twice?.sqlState == .uniqueViolation)
        #expect(twice?.constraint == "wallets_pkey")
        #expect(twice?.detail == "Key (id)=(1) already exists.")

        let missing = #expect(throws: PostgresError.self) {
            try connection.query("INSERT INTO wallets VALUES (\(2), \(Int64?.none))")
        }
        #expect(missing?.sqlState == .notNullViolation)
        #expect(missing?.column == "balance")
        #expect(missing?.isTransient == false)
    }

    @Test func `the description has text, code and call site and never a value`() async throws {
        let connection = try await Scratch("CREATE TABLE people (name text PRIMARY KEY)").connect()
        _ = try connection.query("INSERT INTO people VALUES (\("Ada Lovelace"))")
        let twice = #expect(throws: PostgresError.self) {
            try connection.query("INSERT INTO people VALUES (\("Ada Lovelace"))")
        }
        let text = try #require(twice).description
        #expect(text.contains("[23505]"))
        #expect(text.contains("people_pkey"))
        #expect(text.contains("INSERT INTO people VALUES ($1)"))
        #expect(text.contains("PostgresErrorTests.swift:"))
        #expect(!text.contains("Lovelace"))

        let wrong = #expect(throws: PostgresError.self) {
            try connection.query("SELECT \("secret42")::text::int8")
        }
        #expect(wrong?.message.contains("secret42") == true)
        #expect(wrong?.description.contains("secret42") == false)
    }

    @Test func `the kinds of refusal have their codes`() async throws {
        let connection = try await Scratch().connect()
        func code(_ statement: Statement) -> SQLState? {
            #expect(throws: PostgresError.self) { try connection.query(statement) }?.sqlState
        }
        #expect(code("SELECT * FROM nowhere") == .undefinedTable)
        #expect(code("SELEKT") == .syntaxError)
        #expect(code("SELECT nothing") == .undefinedColumn)
        #expect(code("SELECT 1; SELECT 2") == .syntaxError)
    }

    @Test func `too many parameters are refused before anything is sent`() async throws {
        let connection = try await Scratch().connect()
        let values = [Value](repeating: Int16(1).postgresValue, count: 65_536)
        let error = #expect(throws: PostgresError.self) {
            try connection.pipeline(["SELECT 1", Statement(text: "SELECT 1", values: values)])
        }
        #expect(error?.sqlState == nil)
        #expect(try connection.query("SELECT 2")[0].get(0) == 2)
    }
}
