internal import Postgres
internal import Primitives

/// The people who sign in for a customer.
enum SessionUserStore {
    /// A person, with what a token needs to be held against.
    struct User {
        let id: UserID
        let customer: CustomerID
        let role: SessionRole
        /// Whether both the person and the customer are active.
        let isServed: Bool
        /// Of the sessions that are good.
        let sessionVersion: Int32
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
            id: try row.get(0), customer: try row.get(1), role: role, isServed: try row.get(3),
            sessionVersion: try row.get(4))
    }

    private static let columns = "u.id, u.customer_id, u.role, u.active AND c.active, u.session_version"
    private static let join =
        "customer_users u JOIN customers c ON c.tenant_id = u.tenant_id AND c.id = u.customer_id"

    private static let byID = "SELECT \(columns) FROM \(join) WHERE u.tenant_id = $1 AND u.id = $2"
}
