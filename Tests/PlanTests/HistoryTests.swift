import Postgres
import TestSupport
import Testing

/// Every invariant is run at the end of each of these.
@Suite("The benchmark's history", .database) struct HistoryTests {
    @Test func `a thousandth of it holds every invariant`() async throws {
        try await withDatabase { database in
            try await History.fill(database, subscriptions: 10_000, slots: 2_000)
            let counts = try await database.owner.run { connection in
                try connection.query(
                    """
                    SELECT (SELECT count(*) FROM subscriptions), (SELECT count(*) FROM postings),
                           (SELECT count(*) FROM slots), (SELECT count(*) FROM allocations WHERE released_at IS NULL),
                           (SELECT count(*) FROM slots WHERE state = 'ready')
                    """
                ).map { row in try (0..<5).map { try row.get($0, as: Int64.self) } }[0]
            }
            // Both tenants have three customers, and shares are whole numbers; the catalogue has moved money too.
            #expect(counts == [10_002, 30_016, 2_004, 1_206, 798])
        }
    }

    @Test func `indexes and constraints are the schema's own afterwards`() async throws {
        try await withDatabase { database in
            let before = try await Self.indexes(database)
            try await History.fill(database, subscriptions: 100, slots: 10)
            #expect(try await Self.indexes(database) == before)
        }
    }

    private static func indexes(_ database: TestDatabase) async throws -> [String] {
        try await database.owner.run { connection in
            try connection.query(
                """
                SELECT pg_get_indexdef(i.indexrelid) || coalesce(' ' || c.conname, '') AS made
                FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid
                WHERE i.indrelid::regclass::text !~ '\\.' ORDER BY made
                """
            ).map { try $0.get(0) }
        }
    }
}
