internal import Postgres
internal import Primitives

extension EntryStore {
    /// A page of a customer's statement and one entry more.
    static func page(
        of customer: CustomerView, _ tenant: TenantID, _ filter: AccountBooks.StatementFilter
    ) -> Statement {
        Statement(
            filtered,
            [
                tenant, customer.id, customer.currency.code, filter.before ?? .max, Int64(filter.limit + 1),
                filter.reason, filter.from, filter.to,
            ])
    }

    // Along the wallet's own postings from the newest back, until the page is full.
    private static let filtered = """
        SELECT \(columns)
        FROM postings p
        JOIN journal_entries e ON e.tenant_id = p.tenant_id AND e.id = p.entry_id
        WHERE p.tenant_id = $1 AND p.sequence < $4 AND p.account_id = (
                SELECT id FROM accounts
                WHERE tenant_id = $1 AND owner_id = $2 AND role = 'wallet' AND currency = $3
            )
          AND ($6::text IS NULL OR e.reason = $6) AND ($7::timestamptz IS NULL OR e.recorded_at >= $7)
          AND ($8::timestamptz IS NULL OR e.recorded_at < $8)
        ORDER BY p.sequence DESC LIMIT $5
        """
}
