internal import Billing
internal import Postgres
internal import Primitives

/// SQL of journal entries as an operator looks them up: beside each, what it did to the customer's wallet.
enum EntryStore {
    /// An order's charge, which has its id, and what reversed it since.
    static func entries(of order: OrderView, _ tenant: TenantID) -> Statement {
        Statement(ofOrder, [tenant, order.id, order.customer, order.price.total.currency.code])
    }

    /// A customer's statement, newest first: what is older than a place in it.
    static func statement(
        of customer: CustomerView, _ tenant: TenantID, before sequence: Int64?, limit: Int
    ) -> Statement {
        Statement(ofWallet, [tenant, customer.id, customer.currency.code, sequence ?? .max, limit])
    }

    static func entries(_ result: ResultSet, _ currency: Currency) throws -> [EntryView] {
        try result.map { row in
            var amount = try row.moneyIfAny(7, currency) ?? .zero(currency)
            // A wallet is what the tenant owes: a debit takes from it.
            if try row.get(8, as: String?.self) == Side.debit.rawValue {
                amount = Money(minor: -amount.minor, currency: currency)
            }
            return EntryView(
                id: try row.get(0), reason: try row.get(1), recordedAt: try row.get(2), amount: amount,
                balance: try row.moneyIfAny(9, currency), sequence: try row.get(10), order: try row.get(3),
                reference: try row.get(4), memo: try row.get(5), actor: try row.get(6))
        }
    }

    static let columns = """
        e.id, e.reason, e.recorded_at, e.order_id, e.reference, e.memo, e.actor,
        p.amount_minor, p.side, p.balance_after, p.sequence
        """

    private static let ofOrder = """
        SELECT \(columns)
        FROM journal_entries e
        LEFT JOIN LATERAL (
            SELECT p.* FROM postings p
            JOIN accounts a ON a.tenant_id = p.tenant_id AND a.id = p.account_id
            WHERE p.tenant_id = $1 AND p.entry_id = e.id
              AND a.owner_id = $3 AND a.role = 'wallet' AND a.currency = $4
        ) p ON true
        WHERE e.tenant_id = $1 AND (e.id = $2 OR e.reverses_id = $2)
        ORDER BY e.recorded_at, e.id
        """

    // The account first: its postings come from the ends of two indexes then, however long the statement is.
    private static let ofWallet = """
        SELECT \(columns)
        FROM (
            SELECT * FROM postings
            WHERE tenant_id = $1 AND sequence < $4 AND account_id = (
                SELECT id FROM accounts
                WHERE tenant_id = $1 AND owner_id = $2 AND role = 'wallet' AND currency = $3
            )
            ORDER BY sequence DESC LIMIT $5
        ) p
        JOIN journal_entries e ON e.tenant_id = p.tenant_id AND e.id = p.entry_id
        ORDER BY p.sequence DESC
        """
}
