internal import Postgres
internal import Primitives

/// SQL of the people who sign in for customers, for staff.
enum AdminCustomerPersonStore {
    /// Newest first, one more than a page holds.
    static func page(of customer: CustomerID, _ owner: TenantID, before: UserID?, limit: Int) -> Statement {
        Statement(
            """
            \(columns) WHERE tenant_id = $1 AND customer_id = $2 AND ($3::uuid IS NULL OR id < $3)
            ORDER BY id DESC LIMIT $4
            """ as String, [owner, customer, before, Int64(limit + 1)])
    }

    static func one(_ id: UserID, of customer: CustomerID, _ owner: TenantID) -> Statement {
        Statement(
            "\(columns) WHERE tenant_id = $1 AND id = $2 AND customer_id = $3" as String,
            [owner, id, customer])
    }

    static func locked(_ id: UserID, of customer: CustomerID, _ owner: TenantID) -> Statement {
        Statement(
            "\(columns) WHERE tenant_id = $1 AND id = $2 AND customer_id = $3 FOR NO KEY UPDATE" as String,
            [owner, id, customer])
    }

    static func people(_ result: ResultSet) throws -> [AdminCustomerPerson] {
        try result.map { row in
            guard let role = SessionRole(rawValue: try row.get(4)) else {
                throw Unreadable("the stored role is unknown")
            }
            return AdminCustomerPerson(
                id: try row.get(0), customer: try row.get(1), username: try row.get(2),
                email: try row.get(3), role: role, isActive: try row.get(5), needsCode: try row.get(6),
                createdAt: try row.get(7))
        }
    }

    static func update(_ person: AdminCustomerPerson, _ owner: TenantID) -> Statement {
        """
        UPDATE customer_users SET email = \(person.email), role = \(person.role.rawValue), active = \(person.isActive)
        WHERE tenant_id = \(owner) AND id = \(person.id)
        """
    }

    static let emailConstraint = "user_email_is_unique_per_tenant"
    static let usernameConstraint = "user_username_is_unique_per_tenant"

    private static let columns = """
        SELECT id, customer_id, username, email, role, active, totp_confirmed_at IS NOT NULL, created_at
        FROM customer_users
        """
}
