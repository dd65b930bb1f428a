import Postgres
import Primitives
import TestSupport
import Testing

@Suite("The table of currencies", .database)
struct CurrencyTableTests {
    @Test func `the database knows the currencies that the program knows, at the same scales`() async throws {
        try await withDatabase { database in
            let rows = try await database.owner.run { connection in
                try connection.query("SELECT code, scale FROM currencies ORDER BY code COLLATE \"C\"").map {
                    row in
                    "\(try row.get("code", as: String.self)) \(try row.get("scale", as: Int16.self))"
                }
            }
            #expect(rows == Currency.all.map { "\($0.code) \($0.scale)" })
            #expect(rows.count == 167)
        }
    }
}
