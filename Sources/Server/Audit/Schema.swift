internal import Postgres
internal import Primitives
internal import SchemaFiles

/// The schema that this program was made with, and what a database lacks of it.
enum Schema {
    private static let migrator = Migrator(
        SchemaFiles.migrations.map {
            Migration(name: $0.name, up: $0.up, checkBefore: $0.checkBefore, checkAfter: $0.checkAfter)
        })

    /// Applies what is missing and answers the names of it.
    static func migrate(_ pool: PostgresPool, now: Instant) async throws -> [String] {
        try await pool.run { try migrator.migrate($0, now: now) }
    }

    /// Throws where the database is not of this program's schema, and says what to do.
    static func requireCurrent(_ pool: PostgresPool) async throws {
        let pending = try await pool.run { try migrator.pending($0) }
        guard pending.isEmpty else {
            throw CommandFailure.failed(
                "the database lacks \(pending.joined(separator: ", ")): run `tollgate migrate`, or start `tollgate up`"
            )
        }
    }
}
