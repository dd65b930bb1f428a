internal import Postgres
internal import Primitives

/// What the doors read of a customer.
enum CustomerStore {
    static func currency(of customer: CustomerID, of tenant: TenantID) -> Statement {
        Statement(byKey, [tenant, customer])
    }

    static func currency(_ result: ResultSet) throws -> Currency? {
        guard let code: String = try result.first?.get(0) else { return nil }
        guard let currency = Currency(code) else {
            throw Unreadable("the stored currency is not in ISO 4217")
        }
        return currency
    }

    static func group(of customer: CustomerID, of tenant: TenantID) -> Statement {
        Statement(groupByKey, [tenant, customer])
    }

    static func group(_ result: ResultSet) throws -> CustomerGroupID? { try result.first?.get(0) }

    static func account(of customer: CustomerID, of tenant: TenantID) -> Statement {
        Statement(withWallet, [tenant, customer])
    }

    static func account(_ result: ResultSet) throws -> CustomerAccount? {
        guard let row = result.first else { return nil }
        guard let currency = Currency(try row.get(2, as: String.self)) else {
            throw Unreadable("the stored currency is not in ISO 4217")
        }
        return CustomerAccount(
            username: try row.get(0), email: try row.get(1),
            balance: Money(minor: try row.get(3), currency: currency))
    }

    // A customer without a wallet would be a fault, and is read as one: the balance is no number then.
    private static let withWallet = """
        SELECT c.username, c.email, c.currency, (
            SELECT a.balance_minor FROM accounts a
            WHERE a.tenant_id = c.tenant_id AND a.owner_id = c.id AND a.role = 'wallet' AND a.currency = c.currency
        )
        FROM customers c WHERE c.tenant_id = $1 AND c.id = $2
        """

    private static let groupByKey = "SELECT group_id FROM customers WHERE tenant_id = $1 AND id = $2"

    private static let byKey = "SELECT currency FROM customers WHERE tenant_id = $1 AND id = $2"
}
