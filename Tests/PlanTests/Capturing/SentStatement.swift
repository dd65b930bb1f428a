import Postgres

/// A statement as the product has sent it: its text, the types of its parameters, and as whom.
struct SentStatement: Sendable, Hashable {
    let text: String
    /// As `PREPARE` takes them.
    let types: [String]
    let session: SessionKind

    /// What a session has prepared since it was opened: whatever the product has run there.
    static func all(on connection: Connection, as session: SessionKind) throws -> [SentStatement] {
        try connection.query(
            """
            SELECT statement, parameter_types::text[] FROM pg_prepared_statements
            WHERE statement ~ '^\\s*(SELECT|INSERT|UPDATE|DELETE|WITH)' AND statement !~ 'pg_prepared_statements|set_config'
            """
        ).map { SentStatement(text: try $0.get(0), types: try $0.get(1), session: session) }
    }
}

/// Whose session it is; each has the rights of its role.
enum SessionKind: String, Sendable, CaseIterable {
    case engine, door, worker, recorder, job
}
