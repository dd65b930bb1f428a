public import Primitives

/// Brings a schema up to date, one migration per transaction, and keeps book in `schema_migrations`.
///
/// An advisory lock makes several migrators at once take turns: the first applies, the others find nothing to
/// do. The connection must not go through pgbouncer in transaction mode.
public struct Migrator: Sendable {
    private let migrations: [Migration]

    public init(_ migrations: [Migration]) {
        self.migrations = migrations
    }

    /// Applies what is pending and answers the names of it.
    public func migrate(_ connection: Connection, now: Instant) throws -> [String] {
        try holdingLock(connection) {
            try connection.execute(Self.createTable)
            let plan = try plan(connection)
            for name in plan.pending {
                try apply(migrations.first { $0.name == name }!, connection, now)
            }
            return plan.pending
        }
    }

    /// The names of what `migrate` would apply; changes nothing.
    public func pending(_ connection: Connection) throws -> [String] {
        try plan(connection).pending
    }

    private func plan(_ connection: Connection) throws -> MigrationPlan {
        let exists: Bool = try connection.query(Self.tableExists)[0].get(0)
        let applied =
            try exists
            ? connection.query("SELECT name, checksum FROM schema_migrations").map { row in
                MigrationPlan.Entry(name: try row.get(0), checksum: try row.get(1))
            } : []
        let known = try migrations.map { migration in
            MigrationPlan.Entry(name: migration.name, checksum: try migration.checksum(on: connection))
        }
        return try MigrationPlan.decide(known: known, applied: applied)
    }

    private func apply(_ migration: Migration, _ connection: Connection, _ now: Instant) throws {
        let checksum = try migration.checksum(on: connection)
        try connection.withTransaction { connection in
            try check(migration.checkBefore, .before, of: migration, connection)
            try connection.execute(migration.up)
            guard connection.isInTransaction else {
                throw MigrationError.endedItsTransaction(name: migration.name)
            }
            try check(migration.checkAfter, .after, of: migration, connection)
            _ = try connection.query(
                """
                INSERT INTO schema_migrations (name, checksum, applied_at)
                VALUES (\(migration.name), \(checksum), \(now))
                """
            )
        }
    }

    private func check(
        _ script: String?, _ check: MigrationError.Check, of migration: Migration, _ connection: Connection
    ) throws {
        guard let script else { return }
        let rows = try connection.firstRowsAsText(of: script, limit: 5)
        guard rows.isEmpty else {
            throw MigrationError.checkFailed(name: migration.name, check: check, rows: rows)
        }
    }

    /// Waits for the lock without a timeout, and lets each migration take the time it needs.
    private func holdingLock<T>(_ connection: Connection, _ body: () throws -> T) throws -> T {
        try connection.execute("SET statement_timeout = 0; SET lock_timeout = 0; \(Self.lock)")
        defer {
            try? connection.execute(Self.unlock)
            try? connection.execute("RESET statement_timeout")
        }
        try connection.execute("RESET lock_timeout")
        return try body()
    }

    // Per schema, so that two schemas of one database do not wait for each other.
    private static let lockKey = "hashtextextended('tollgate schema_migrations ' || current_schema(), 0)"
    private static let lock = "SELECT pg_advisory_lock(\(lockKey))"
    private static let unlock = "SELECT pg_advisory_unlock(\(lockKey))"

    private static let tableExists: Statement =
        "SELECT to_regclass(quote_ident(current_schema()) || '.schema_migrations') IS NOT NULL"

    private static let createTable = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            name text PRIMARY KEY,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL
        )
        """
}
