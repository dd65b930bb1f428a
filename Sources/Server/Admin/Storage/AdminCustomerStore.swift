internal import Postgres
internal import Primitives

/// SQL of customers and their wallets, for staff.
enum AdminCustomerStore {
    /// Newest first, one more than a page holds.
    static func page(_ owner: TenantID, _ filter: AdminCustomerFilter, limit: Int) -> Statement {
        Statement(
            """
            \(columns)
            WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($3::text IS NULL OR email = $3)
              AND ($4::text IS NULL OR username = $4) AND ($5::boolean IS NULL OR active = $5)
              AND ($7::text IS NULL OR group_id = (
                  SELECT g.id FROM customer_groups g WHERE g.tenant_id = $1 AND g.code = $7))
            ORDER BY id DESC LIMIT $6
            """ as String,
            [
                owner, filter.before, filter.email, filter.username, filter.isActive, Int64(limit + 1),
                filter.group,
            ])
    }

    static func one(_ id: CustomerID, _ owner: TenantID) -> Statement {
        Statement("\(columns) WHERE tenant_id = $1 AND id = $2" as String, [owner, id])
    }

    static func locked(_ id: CustomerID, _ owner: TenantID) -> Statement {
        Statement("\(columns) WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE" as String, [owner, id])
    }

    static func customers(_ result: ResultSet) throws -> [AdminCustomer] {
        try result.map { row in
            AdminCustomer(
                id: try row.get(0), email: try row.get(1), username: try row.get(2),
                currency: try row.currency(3), group: try row.get(6), isActive: try row.get(4),
                createdAt: try row.get(5))
        }
    }

    static func update(_ customer: AdminCustomer, _ owner: TenantID) -> Statement {
        """
        UPDATE customers SET username = \(customer.username), active = \(customer.isActive)
        WHERE tenant_id = \(owner) AND id = \(customer.id)
        """
    }

    /// Puts a customer into the group of theirs, or into none.
    static func join(_ customer: AdminCustomer, _ owner: TenantID) -> Statement {
        """
        UPDATE customers SET group_id = (
            SELECT g.id FROM customer_groups g WHERE g.tenant_id = \(owner) AND g.code = \(customer.group))
        WHERE tenant_id = \(owner) AND id = \(customer.id)
        """
    }

    static let usernameConstraint = "customer_username_is_unique_per_tenant"

    /// The wallet in the customer's currency, locked as the engine locks it.
    static func lockedWallet(of customer: AdminCustomer, _ owner: TenantID) -> Statement {
        """
        SELECT balance_minor, floor_minor, NULL::bigint FROM accounts
        WHERE tenant_id = \(owner) AND owner_id = \(customer.id) AND role = 'wallet'
          AND currency = \(customer.currency.code)
        FOR NO KEY UPDATE
        """
    }

    static func wallet(of id: CustomerID, _ owner: TenantID) -> Statement {
        """
        SELECT a.balance_minor, a.floor_minor, d.balance_minor, c.currency
        FROM customers c
        LEFT JOIN accounts a ON a.tenant_id = c.tenant_id AND a.owner_id = c.id AND a.role = 'wallet'
             AND a.currency = c.currency
        LEFT JOIN accounts d ON d.tenant_id = c.tenant_id AND d.owner_id = c.id AND d.role = 'receivable'
             AND d.currency = c.currency
        WHERE c.tenant_id = \(owner) AND c.id = \(id)
        """
    }

    /// `nil` where there is no such customer; who has no wallet has nothing on it.
    static func wallet(_ result: ResultSet) throws -> AdminWallet? {
        try result.first.map { try wallet($0, $0.currency(3)) }
    }

    static func wallet(_ row: Row, _ currency: Currency) throws -> AdminWallet {
        AdminWallet(
            balance: try row.moneyIfAny(0, currency) ?? .zero(currency),
            creditLimit: Money(minor: -(try row.get(1, as: Int64?.self) ?? 0), currency: currency),
            owed: try row.moneyIfAny(2, currency) ?? .zero(currency))
    }

    static func setLimit(_ limit: Money, of customer: AdminCustomer, _ owner: TenantID) -> Statement {
        """
        UPDATE accounts SET floor_minor = \(-limit.minor)
        WHERE tenant_id = \(owner) AND owner_id = \(customer.id) AND role = 'wallet'
          AND currency = \(customer.currency.code)
        """
    }

    static func group(_ code: String, _ owner: TenantID) -> Statement {
        "SELECT 1 FROM customer_groups WHERE tenant_id = \(owner) AND code = \(code)"
    }

    private static let columns = """
        SELECT id, email, username, currency, active, created_at,
               (SELECT g.code FROM customer_groups g WHERE g.tenant_id = customers.tenant_id AND g.id = customers.group_id)
        FROM customers
        """
}
