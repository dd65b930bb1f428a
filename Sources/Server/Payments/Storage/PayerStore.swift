internal import Postgres
internal import Primitives

/// A customer as a payment provider needs one.
struct Payer: Sendable {
    let currency: Currency
    let email: String
    let isActive: Bool
    /// The provider's name of them, and of the card that they have left.
    let name: String?
    let method: String?

    var saved: SavedPaymentMethod? {
        guard let name, let method else { return nil }
        return SavedPaymentMethod(payer: name, method: method)
    }
}

/// SQL of customers who pay.
enum PayerStore {
    static func payer(_ customer: CustomerID, of tenant: TenantID, at provider: String) -> Statement {
        """
        SELECT c.currency, c.email, c.active, s.payer, s.method
        FROM customers c
        LEFT JOIN saved_payment_methods s
          ON s.tenant_id = c.tenant_id AND s.customer_id = c.id AND s.provider = \(provider)
        WHERE c.tenant_id = \(tenant) AND c.id = \(customer)
        """
    }

    static func payer(_ result: ResultSet) throws -> Payer? {
        try result.first.map { row in
            Payer(
                currency: try row.currency(0), email: try row.get(1), isActive: try row.get(2),
                name: try row.get(3), method: try row.get(4))
        }
    }
}
