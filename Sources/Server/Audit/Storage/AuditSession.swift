internal import Postgres

/// How a session plans that reads whole tables, one against the other.
enum AuditSession {
    /// PostgreSQL takes tenant and id for independent, finds joins of them by far too small, and looks ten million rows
    /// up one by one. To read both sides once costs a fraction of it.
    static let settings: [Statement] = [
        "SET enable_nestloop = off",
        "SET work_mem = '64MB'",
    ]
}
