internal import Postgres
internal import Primitives

/// Somebody who is to be let in; the password was hashed before the transaction, for that takes its time.
struct NewStaffPerson: Sendable {
    /// Lower case.
    let email: String
    let name: String
    let role: StaffRole
    let passwordHash: String

    /// - Throws: `StaffRefusal.emailTaken`.
    func insert(
        _ scope: TenantID, _ ids: any IdentifierSource, _ transaction: Transaction
    ) throws -> StaffPerson {
        let id: StaffID = ids.next(at: transaction.realNow)
        do {
            _ = try transaction.query(
                StaffStore.insert(
                    id, email: email, name: name, role: role, passwordHash: passwordHash, scope,
                    at: transaction.realNow))
        } catch let error as PostgresError where error.constraint == StaffStore.emailConstraint {
            throw StaffRefusal.emailTaken
        }
        return StaffPerson(
            scope: StaffScope(scope), id: id, email: email, name: name, role: role, isActive: true,
            passwordHash: passwordHash, sessionVersion: 1, secondFactor: nil, createdAt: transaction.realNow)
    }
}

extension StaffPerson {
    /// The same person with something changed; what is `nil` stays.
    func changed(
        name: String? = nil, role: StaffRole? = nil, isActive: Bool? = nil, passwordHash: String? = nil
    ) -> StaffPerson {
        StaffPerson(
            scope: scope, id: id, email: email, name: name ?? self.name, role: role ?? self.role,
            isActive: isActive ?? self.isActive, passwordHash: passwordHash ?? self.passwordHash,
            sessionVersion: sessionVersion, secondFactor: secondFactor, createdAt: createdAt)
    }
}
