internal import Primitives

/// Somebody who signs in for a customer, as staff see them: no password, no code, and nothing made of one.
struct AdminCustomerPerson: Sendable, Hashable {
    let id: UserID
    let customer: CustomerID
    let username: String
    var email: String
    var role: SessionRole
    var isActive: Bool
    /// Whether signing in takes a code.
    let needsCode: Bool
    let createdAt: Instant

    var json: JSON {
        [
            "id": .string(id.description), "customer": .string(customer.description),
            "username": .string(username), "email": .string(email), "role": .string(role.rawValue),
            "active": .bool(isActive), "second_factor": .bool(needsCode),
            "created_at": .string(createdAt.rfc3339()),
        ]
    }
}
