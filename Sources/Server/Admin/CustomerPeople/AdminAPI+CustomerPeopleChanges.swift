internal import Postgres
internal import Primitives

// Whatever changes what somebody may do, or how they prove who they are, ends their sessions, and every process hears of it.

extension AdminAPI {
    func updateCustomerPerson(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "email", "role", "active")
        let (email, isActive) = (try Self.personsEmail(fields), try fields.flag("active"))
        let role = try fields.word("role", of: SessionRole.self)
        let name = try PersonName(call)
        return try await changes.run(call, on: name.owner, fields.body) { transaction, _ in
            let before = try name.locked(transaction)
            try call.requireMatch(before.json)
            var after = before
            after.email = email ?? before.email
            after.role = role ?? before.role
            after.isActive = isActive ?? before.isActive
            guard after != before else { return (before.json, nil) }
            try Self.naming {
                _ = try transaction.pipeline([
                    AdminCustomerPersonStore.update(after, name.owner),
                    PersonStore.endSessions(name.id, name.owner), CustomerWrites.notification,
                ])
            }
            let note = AuditNote(
                call.endpoint.name, "customer_person", name.id.description, from: before.json,
                to: after.json)
            return (after.json, note)
        }
    }

    func resetCustomerPersonPassword(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "password", "reason")
        let reason = try fields.required("reason", fields.sentence("reason"))
        let chosen = try Self.newPassword(fields)
        let password = chosen ?? StaffRules.makePassword(random)
        let hash = try await hasher.hash(password)
        let name = try PersonName(call)
        return try await changes.run(call, on: name.owner, fields.body) { transaction, command in
            let person = try name.locked(transaction)
            _ = try transaction.pipeline([
                PersonStore.change(passwordHash: hash, name.id, name.owner), CustomerWrites.notification,
                AccountEventStore.insert(
                    "person.password_changed", command, byStaffOf: name.owner, of: person,
                    at: transaction.realNow),
            ])
            let note = AuditNote(
                call.endpoint.name, "customer_person", name.id.description, from: nil,
                to: ["password_changed": true, "reason": .string(reason)])
            return (Self.made(person, chosen == nil ? password : nil), note)
        }
    }

    func resetCustomerPersonSecondFactor(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "reason")
        let reason = try fields.required("reason", fields.sentence("reason"))
        let name = try PersonName(call)
        return try await changes.run(call, on: name.owner, fields.body) { transaction, command in
            let before = try name.locked(transaction)
            guard before.needsCode else { throw AdminProblem(.secondFactorOff) }
            let results = try transaction.pipeline([
                PersonStore.turnOff(name.id, name.owner),
                RecoveryCodeStore.removeAll(of: name.id, name.owner),
                PersonStore.endSessions(name.id, name.owner), CustomerWrites.notification,
                AccountEventStore.insert(
                    "person.authenticator_turned_off", command, byStaffOf: name.owner, of: before,
                    at: transaction.realNow),
                AdminCustomerPersonStore.one(name.id, of: name.customer, name.owner),
            ])
            guard let after = try AdminCustomerPersonStore.people(results[5]).first else {
                preconditionFailure("somebody whose row is locked went away")
            }
            let note = AuditNote(
                call.endpoint.name, "customer_person", name.id.description, from: ["second_factor": true],
                to: ["second_factor": false, "reason": .string(reason)])
            return (after.json, note)
        }
    }
}

/// Whom a path names.
private struct PersonName: Sendable {
    let owner: TenantID
    let customer: CustomerID
    let id: UserID

    init(_ call: AdminCall) throws(AdminProblem) {
        (owner, customer, id) = (call.owner, try call.id(), try call.id("person"))
    }

    /// Nobody else changes them until the transaction ends, themself included.
    func locked(_ transaction: Transaction) throws -> AdminCustomerPerson {
        try AdminAPI.person(AdminCustomerPersonStore.locked(id, of: customer, owner), transaction)
    }
}

extension AccountEventStore {
    /// What staff have changed of how somebody signs in.
    fileprivate static func insert(
        _ kind: String, _ event: CommandID, byStaffOf owner: TenantID, of person: AdminCustomerPerson,
        at now: Instant
    ) -> Statement {
        let payload: JSON = ["person": .string(person.id.description), "by": "staff"]
        return insert(kind, event, of: person.customer, owner, payload, at: now)
    }
}
