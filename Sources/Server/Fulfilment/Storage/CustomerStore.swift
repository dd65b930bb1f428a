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

    private static let byKey = "SELECT currency FROM customers WHERE tenant_id = $1 AND id = $2"
}
