internal import Postgres
internal import Primitives

extension AdminAPI {
    static let peopleEndpoints: [AdminEndpoint] = people(at: .platform) + people(at: .tenant)

    /// Who works for the platform, and for a tenant: the same operations, one level apart.
    private static func people(at place: AdminPlace) -> [AdminEndpoint] {
        let (one, many, whose, mayRead, may) =
            switch place {
            case .platform:
                (
                    "Person", "People", "the platform's staff", AdminPermission.platform(.owner, .readOnly),
                    AdminPermission.platform(.owner)
                )
            case .tenant:
                (
                    "TenantPerson", "TenantPeople", "the tenant's staff",
                    AdminPermission.roles(.owner, .readOnly), AdminPermission.roles(.owner)
                )
            }
        return [
            AdminEndpoint(
                name: "list\(many)", method: .get, place: place, path: "/people", permission: mayRead,
                tag: "people", summary: "The people of \(whose), newest first", query: ["Limit", "Cursor"],
                answer: "PersonList", handler: .admitted(AdminAPI.listPeople)),
            AdminEndpoint(
                name: "create\(one)", method: .post, place: place, path: "/people", permission: may,
                tag: "people",
                summary: "Let somebody into \(whose); without a password one is made and shown this once",
                body: "NewPerson", status: .created, answer: "MadePerson", problems: [.emailTaken],
                handler: .admitted(AdminAPI.createPerson)),
            AdminEndpoint(
                name: "get\(one)", method: .get, place: place, path: "/people/{id}", permission: mayRead,
                tag: "people", summary: "One person of \(whose)", answer: "Person", isTagged: true,
                handler: .admitted(AdminAPI.getPerson)),
            AdminEndpoint(
                name: "update\(one)", method: .patch, place: place, path: "/people/{id}", permission: may,
                tag: "people",
                summary: "Change name, role, password or whether they may sign in; their sessions end",
                body: "PersonChange", answer: "Person", isTagged: true, isConditional: true,
                problems: [.lastOwner], handler: .admitted(AdminAPI.updatePerson)),
            AdminEndpoint(
                name: "reset\(one)SecondFactor", method: .post, place: place,
                path: "/people/{id}/second-factor/reset", permission: may, tag: "people",
                summary: "Turn off the second factor of somebody who lost it; their sessions end",
                answer: "Person", isTagged: true, problems: [.secondFactorOff],
                handler: .admitted(AdminAPI.resetSecondFactor)),
        ]
    }

    func listPeople(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call)
        let (limit, before): (Int, StaffID?) = (try query.limit(), try query.cursor())
        let rows = try await pool.read(
            tenant: call.owner, StaffStore.people(call.owner, before: before, limit: limit),
            StaffStore.people)
        let page = Page(readingOneMore: rows, limit: limit, cursor: \.id)
        return .json(page.json(\.description, \.json))
    }

    func getPerson(_ call: AdminCall) async throws -> AdminAnswer {
        let person = try await pool.read(
            tenant: call.owner, StaffStore.person(call.id(), call.owner), StaffStore.person)
        guard let person else { throw StaffRefusal.personUnknown }
        return .json(person.json)
    }

    func createPerson(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "email", "name", "role", "password")
        let email = try fields.required(
            "email", fields.text("email", "an e-mail address") { StaffRules.email($0) != nil })
        let name = try fields.required("name", Self.personName(fields))
        let role = try fields.required("role", fields.word("role", of: StaffRole.self))
        let chosen = try Self.newPassword(fields)
        let password = chosen ?? StaffRules.makePassword(random)
        let hash = try await hasher.hash(password)
        let new = NewStaffPerson(
            email: StaffRules.email(email) ?? email, name: name, role: role, passwordHash: hash)
        return try await changes.run(call, on: call.owner, fields.body) {
            [ids, owner = call.owner] transaction, _ in
            let person = try new.insert(owner, ids, transaction)
            return (
                [
                    "person": person.json,
                    "password": chosen == nil ? .string(password) : .null,
                ],
                AuditNote(
                    call.endpoint.name, "person", person.id.description, from: nil, to: person.json)
            )
        }
    }

    func updatePerson(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "name", "role", "active", "password")
        let (name, role) = (try Self.personName(fields), try fields.word("role", of: StaffRole.self))
        let (active, password) = (try fields.flag("active"), try Self.newPassword(fields))
        let hash: String? = if let password { try await hasher.hash(password) } else { nil }
        let (id, owner): (StaffID, TenantID) = (try call.id(), call.owner)
        return try await changes.run(call, on: owner, fields.body) { transaction, _ in
            // Owners first, in one order, so that two who take each other's role away cannot both succeed.
            let results = try transaction.pipeline([StaffStore.owners(owner), StaffStore.locked(id, owner)])
            let owners = try StaffStore.owners(results[0])
            guard let person = try StaffStore.person(results[1]) else { throw StaffRefusal.personUnknown }
            try call.requireMatch(person.json)
            let changed = person.changed(name: name, role: role, isActive: active, passwordHash: hash)
            if owners == [id], !(changed.isActive && changed.role == .owner) { throw StaffRefusal.lastOwner }
            guard changed != person else { return (person.json, nil) }
            let ends = changed.role != person.role || !changed.isActive || hash != nil
            _ = try transaction.query(StaffStore.update(changed, endingSessions: ends))
            return (
                changed.json,
                AuditNote(
                    call.endpoint.name, "person", id.description, from: person.json,
                    to: changed.json(withNewPassword: hash != nil))
            )
        }
    }

    func resetSecondFactor(_ call: AdminCall) async throws -> AdminAnswer {
        let body = try AdminFields(call).body
        let (id, owner): (StaffID, TenantID) = (try call.id(), call.owner)
        return try await changes.run(call, on: owner, body) { transaction, _ in
            let row = try StaffStore.person(transaction.query(StaffStore.locked(id, owner)))
            guard let person = row else { throw StaffRefusal.personUnknown }
            guard person.secondFactor != nil else { throw StaffRefusal.secondFactorOff }
            _ = try transaction.query(StaffStore.turnOff(of: id, owner))
            guard let after = try StaffStore.person(transaction.query(StaffStore.person(id, owner))) else {
                preconditionFailure("somebody whose row is locked went away")
            }
            return (
                after.json,
                AuditNote(
                    call.endpoint.name, "person", id.description, from: ["second_factor": true],
                    to: ["second_factor": false])
            )
        }
    }

    private static func personName(_ fields: AdminFields) throws(AdminProblem) -> String? {
        try fields.text(
            "name", "1 to \(StaffRules.nameLength.upperBound) characters, none of them control characters",
            StaffRules.isName)
    }
}

extension StaffPerson {
    var json: JSON {
        [
            "id": .string(id.description), "email": .string(email), "name": .string(name),
            "role": .string(role.rawValue), "active": .bool(isActive), "second_factor": .bool(needsCode),
            "created_at": .string(createdAt.rfc3339()),
        ]
    }

    /// For the audit log, which never sees a password but hears that there is a new one.
    func json(withNewPassword isNew: Bool) -> JSON {
        guard isNew, var object = json.objectValue else { return json }
        object["password_changed"] = true
        return .object(object)
    }
}
