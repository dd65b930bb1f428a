internal import Postgres
internal import Primitives

extension OperatorWork {
    /// A person of the staff with the password that was made for them; it is shown this once.
    struct MadePerson: Sendable {
        let person: StaffPerson
        /// `nil` where one was given.
        let password: String?
    }

    /// Lets somebody in: the first of a new installation, or whoever is to help where nobody can sign in.
    ///
    /// - Parameters:
    ///   - tenant: whose staff; `nil`: the platform's.
    ///   - made: the password, where it was made here.
    func createStaff(_ new: NewStaffPerson, of tenant: String?, made: String?) async throws -> MadePerson {
        try await pool.transaction(tenant: nil) { transaction in
            let scope = try Self.scope(tenant, transaction)
            let person: StaffPerson
            do {
                person = try new.insert(scope, identifiers, transaction)
            } catch StaffRefusal.emailTaken {
                throw Refusal.personTaken(new.email)
            }
            let note = AuditNote("createPerson", "person", person.id.description, from: nil, to: person.json)
            try write(note, of: scope, transaction)
            return MadePerson(person: person, password: made)
        }
    }

    /// Gives somebody who is locked out another password, turns their second factor off and lets them in again; their
    /// sessions end.
    func resetStaff(
        _ email: String, of tenant: String?, passwordHash: String, made: String?
    ) async throws -> MadePerson {
        try await pool.transaction(tenant: nil) { transaction in
            let scope = try Self.scope(tenant, transaction)
            let found = try StaffStore.person(
                transaction.query(StaffStore.person(email: email.lowercased(), scope)))
            guard let person = found else { throw Refusal.personUnknown(email) }
            let changed = person.changed(isActive: true, passwordHash: passwordHash)
            let results = try transaction.pipeline([
                StaffStore.update(changed, endingSessions: true), StaffStore.turnOff(of: person.id, scope),
                StaffStore.person(person.id, scope),
            ])
            guard let after = try StaffStore.person(results[2]) else { throw Refusal.personUnknown(email) }
            let note = AuditNote(
                "resetPerson", "person", person.id.description, from: person.json,
                to: after.json(withNewPassword: true))
            try write(note, of: scope, transaction)
            return MadePerson(person: after, password: made)
        }
    }

    /// The people of a tenant, or of the platform, newest first.
    func staff(of tenant: String?) async throws -> [StaffPerson] {
        try await pool.transaction(tenant: nil) { transaction in
            let scope = try Self.scope(tenant, transaction)
            return try StaffStore.people(
                transaction.query(StaffStore.people(scope, before: nil, limit: 10_000)))
        }
    }

    private static func scope(_ tenant: String?, _ transaction: Transaction) throws -> TenantID {
        guard let tenant else { return .platform }
        return try Self.tenant(tenant, transaction).id
    }
}
