internal import Postgres
internal import Primitives

/// The people who sign in for a customer.
enum SessionUserStore {
    /// A person, with what signing in needs to know.
    struct User {
        let id: UserID
        let customer: CustomerID
        let role: SessionRole
        let passwordHash: String
        /// Whether both the person and the customer are active.
        let isServed: Bool
    }

    /// The person of this address, as it was typed or in lower case.
    static func user(email: String, _ tenant: TenantID) -> Statement {
        Statement(byEmail, [tenant, [email, email.lowercased()]])
    }

    static func user(_ id: UserID, _ tenant: TenantID) -> Statement {
        Statement(byID, [tenant, id])
    }

    static func user(_ result: ResultSet) throws -> User? {
        guard let row = result.first else { return nil }
        guard let role = SessionRole(rawValue: try row.get(2)) else {
            throw Unreadable("the stored role is unknown")
        }
        return User(
            id: try row.get(0), customer: try row.get(1), role: role, passwordHash: try row.get(3),
            isServed: try row.get(4))
    }

    private static let columns = "u.id, u.customer_id, u.role, u.password_hash, u.active AND c.active"
    private static let join =
        "customer_users u JOIN customers c ON c.tenant_id = u.tenant_id AND c.id = u.customer_id"

    private static let byEmail = """
        SELECT \(columns) FROM \(join)
        WHERE u.tenant_id = $1 AND u.email = ANY ($2::text[]) ORDER BY u.email LIMIT 1
        """
    private static let byID = "SELECT \(columns) FROM \(join) WHERE u.tenant_id = $1 AND u.id = $2"
}
