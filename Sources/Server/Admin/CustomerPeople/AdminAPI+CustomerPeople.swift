internal import Catalog
internal import Postgres
internal import Primitives

extension AdminAPI {
    private static let path = "/customers/{id}/people"

    static let customerPeopleEndpoints: [AdminEndpoint] = [
        AdminEndpoint(
            name: "listCustomerPeople", method: .get, place: .tenant, path: path,
            permission: .lookingAtCustomers, tag: "customer people",
            summary: "Who signs in for a customer, newest first", query: ["Limit", "Cursor"],
            answer: "CustomerPersonList", handler: .admitted(AdminAPI.listCustomerPeople)),
        AdminEndpoint(
            name: "createCustomerPerson", method: .post, place: .tenant, path: path, permission: .serving,
            tag: "customer people",
            summary:
                "Let somebody sign in for a customer; without a password one is made and shown this once",
            body: "NewCustomerPerson", status: .created, answer: "MadeCustomerPerson",
            problems: [.emailTaken, .usernameTaken, .sandboxFollows],
            handler: .admitted(AdminAPI.createCustomerPerson)),
        AdminEndpoint(
            name: "getCustomerPerson", method: .get, place: .tenant, path: "\(path)/{person}",
            permission: .lookingAtCustomers, tag: "customer people",
            summary: "One of the people who sign in for a customer", answer: "CustomerPerson",
            isTagged: true, handler: .admitted(AdminAPI.getCustomerPerson)),
        AdminEndpoint(
            name: "updateCustomerPerson", method: .patch, place: .tenant, path: "\(path)/{person}",
            permission: .serving, tag: "customer people",
            summary: "Change e-mail address, role or whether they may sign in; their sessions end",
            body: "CustomerPersonChange", answer: "CustomerPerson", isTagged: true, isConditional: true,
            problems: [.emailTaken], handler: .admitted(AdminAPI.updateCustomerPerson)),
        AdminEndpoint(
            name: "resetCustomerPersonPassword", method: .post, place: .tenant,
            path: "\(path)/{person}/password/reset", permission: .serving, tag: "customer people",
            summary:
                "Give somebody another password; without one it is made and shown this once. Their sessions end",
            body: "PasswordReset", answer: "MadeCustomerPerson",
            handler: .admitted(AdminAPI.resetCustomerPersonPassword)),
        AdminEndpoint(
            name: "resetCustomerPersonSecondFactor", method: .post, place: .tenant,
            path: "\(path)/{person}/second-factor/reset", permission: .serving, tag: "customer people",
            summary:
                "Turn off the codes of somebody who lost their app and their recovery codes; their sessions end",
            body: "SecondFactorReset", answer: "CustomerPerson", isTagged: true,
            problems: [.secondFactorOff], handler: .admitted(AdminAPI.resetCustomerPersonSecondFactor)),
    ]

    func listCustomerPeople(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call)
        let (limit, before): (Int, UserID?) = (try query.limit(), try query.cursor())
        let (id, owner): (CustomerID, TenantID) = (try call.id(), call.owner)
        let rows = try await pool.transaction(tenant: owner) { transaction in
            _ = try Self.customer(id, owner, transaction)
            return try AdminCustomerPersonStore.people(
                transaction.query(
                    AdminCustomerPersonStore.page(of: id, owner, before: before, limit: limit)))
        }
        return .json(Page(readingOneMore: rows, limit: limit, cursor: \.id).json(\.description, \.json))
    }

    func getCustomerPerson(_ call: AdminCall) async throws -> AdminAnswer {
        let found = try await pool.read(
            tenant: call.owner,
            AdminCustomerPersonStore.one(call.id("person"), of: call.id(), call.owner),
            AdminCustomerPersonStore.people)
        guard let person = found.first else { throw AdminProblem(.notFound) }
        return .json(person.json)
    }

    func createCustomerPerson(_ call: AdminCall) async throws -> AdminAnswer {
        // Test keys are all that a sandbox lets anybody in by.
        guard call.namedTenant.sandboxOf == nil else {
            throw AdminProblem(.sandboxFollows, "Nobody signs in to a sandbox.")
        }
        let fields = try AdminFields(call, "username", "email", "role", "password")
        let username = try fields.required(
            "username",
            fields.text("username", "a \(CustomerForms.usernameExplanation)", CustomerForms.isUsername))
        let email = try fields.required("email", Self.personsEmail(fields))
        let role = try fields.required("role", fields.word("role", of: SessionRole.self))
        let chosen = try Self.newPassword(fields)
        let password = chosen ?? StaffRules.makePassword(random)
        let hash = try await hasher.hash(password)
        let (customer, owner): (CustomerID, TenantID) = (try call.id(), call.owner)
        return try await changes.run(call, on: owner, fields.body) { [ids] transaction, _ in
            _ = try Self.customer(customer, owner, transaction)
            let row = UserRow(
                tenant: owner, id: ids.next(at: transaction.realNow), customer: customer,
                username: username, email: email, passwordHash: hash, role: role.rawValue, isActive: true)
            try Self.naming {
                _ = try transaction.pipeline([
                    CustomerWrites.user(row, at: transaction.realNow), CustomerWrites.notification,
                ])
            }
            let person = try Self.person(
                AdminCustomerPersonStore.one(row.id, of: customer, owner), transaction)
            let note = AuditNote(
                call.endpoint.name, "customer_person", row.id.description, from: nil, to: person.json)
            return (Self.made(person, chosen == nil ? password : nil), note)
        }
    }

    /// - Parameter password: the one that was made.
    static func made(_ person: AdminCustomerPerson, _ password: String?) -> JSON {
        ["person": person.json, "password": password.map(JSON.string) ?? .null]
    }

    static func personsEmail(_ fields: AdminFields) throws(AdminProblem) -> String? {
        try fields.text("email", "an e-mail address") { CustomerForms.email($0) != nil }
            .flatMap(CustomerForms.email)
    }

    /// The person of the statement, who is there.
    static func person(
        _ statement: Statement, _ transaction: Transaction
    ) throws -> AdminCustomerPerson {
        let found = try AdminCustomerPersonStore.people(transaction.query(statement))
        guard let person = found.first else { throw AdminProblem(.notFound) }
        return person
    }

    /// Runs what may take a name that is another person's.
    static func naming(_ write: () throws -> Void) throws {
        do {
            try write()
        } catch let error as PostgresError
            where error.constraint == AdminCustomerPersonStore.usernameConstraint
        {
            throw AdminProblem(.usernameTaken, field: "username")
        } catch let error as PostgresError
            where error.constraint == AdminCustomerPersonStore.emailConstraint
        {
            throw AdminProblem(.emailTaken, field: "email")
        }
    }
}
