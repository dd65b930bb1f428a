internal import Postgres
internal import SchemaFiles

/// Runs the invariants: queries that return no rows when all is well.
enum LedgerAudit {
    /// One row of an invariant: something that does not hold.
    struct Finding: Sendable, Equatable {
        let invariant: String
        let tenant: Int64
        let problem: String
    }

    /// How many invariants there are.
    static var count: Int { SchemaFiles.invariants.count }

    /// Everything that does not hold, in the order of the invariants' names; the session is good for nothing else after.
    static func run(_ connection: Connection, progress: (String) -> Void = { _ in }) throws -> [Finding] {
        _ = try AuditSession.settings.map { try connection.query($0) }
        return try SchemaFiles.invariants.flatMap { invariant in
            progress(invariant.name)
            return try connection.query(Statement(unsafeRaw: invariant.sql)).map { row in
                Finding(
                    invariant: invariant.name, tenant: try row.get("tenant_id"),
                    problem: try row.get("problem"))
            }
        }
    }
}
