internal import Catalog
internal import Primitives

extension CustomerDraft {
    mutating func addUsers(
        _ document: CustomerDocument, _ customer: CustomerID, _ slug: String, _ tenant: TenantID
    ) throws {
        for user in document.users { try add(user, customer, document.email, slug, tenant) }
        guard prunes, document.listsUsers else { return }
        let listed = Set(document.users.map(\.username))
        for row in index.users[customer] ?? [] where row.isActive && !listed.contains(row.username) {
            var closed = row
            closed.isActive = false
            plan.users.append(Difference(tenant: slug, kind: "user").deactivation(closed, name: row.username))
        }
    }

    private mutating func add(
        _ document: UserDocument, _ customer: CustomerID, _ owner: String, _ slug: String, _ tenant: TenantID
    ) throws {
        let current = index.usersByName[.init(tenant: tenant, text: document.username)]
        if let current, current.customer != customer {
            throw document.mark.problem(
                "user \"\(document.username)\" belongs to another customer than \"\(owner)\"")
        }
        let namesake = index.usersByEmail[.init(tenant: tenant, text: document.email)]
        if let other = namesake, other.username != document.username {
            throw document.mark.problem("email \"\(document.email)\" is that of user \"\(other.username)\"")
        }
        let hash = try passwords.hash(of: document.username, in: slug, stored: current?.passwordHash)
        let desired = UserRow(
            tenant: tenant, id: current?.id ?? ids.next(at: now), customer: customer,
            username: document.username,
            email: document.email, passwordHash: hash, role: document.role, isActive: document.isActive)
        let difference = Difference(tenant: slug, kind: "user")
        let change = difference.change(to: desired, from: current, name: document.username) { row in
            [
                ("email", row.email), ("password", row.passwordHash == current?.passwordHash ? "old" : "new"),
                ("role", row.role), ("active", row.isActive ? "yes" : "no"),
            ]
        }
        if let change { plan.users.append(change) }
    }
}
