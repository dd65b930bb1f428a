extension Statement {
    /// How many transactions of the server, of all its databases, were ever given an id: those that write.
    ///
    /// Answers one bigint. Source: PostgreSQL 15, 9.27 "pg_snapshot_xmax".
    public static let transactionsBegun: Statement =
        "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
}
