internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

extension AdminAPI {
    static let customerEndpoints: [AdminEndpoint] = [
        AdminEndpoint(
            name: "listCustomers", method: .get, place: .tenant, path: "/customers",
            permission: .lookingAtCustomers, tag: "customers",
            summary: "The tenant's customers, newest first",
            query: ["Limit", "Cursor", "Email", "Username", "CustomerGroup", "Active"],
            answer: "CustomerList",
            handler: .admitted(AdminAPI.listCustomers)),
        AdminEndpoint(
            name: "createCustomer", method: .post, place: .tenant, path: "/customers", permission: .serving,
            tag: "customers", summary: "Make a customer with an empty wallet", body: "NewCustomer",
            status: .created, answer: "Customer", isTagged: true, problems: [.emailTaken, .usernameTaken],
            handler: .admitted(AdminAPI.createCustomer)),
        AdminEndpoint(
            name: "getCustomer", method: .get, place: .tenant, path: "/customers/{id}",
            permission: .lookingAtCustomers, tag: "customers", summary: "One customer", answer: "Customer",
            isTagged: true, handler: .admitted(AdminAPI.getCustomer)),
        AdminEndpoint(
            name: "updateCustomer", method: .patch, place: .tenant, path: "/customers/{id}",
            permission: .serving, tag: "customers",
            summary: "Change a customer's username, close them or open them again",
            body: "CustomerChange",
            answer: "Customer", isTagged: true, isConditional: true, problems: [.usernameTaken],
            handler: .admitted(AdminAPI.updateCustomer)),
        AdminEndpoint(
            name: "updateCustomerGroup", method: .patch, place: .tenant, path: "/customers/{id}/group",
            permission: .movingMoney, tag: "customers",
            summary: "Put a customer into a group, whose prices they pay from then on, or out of theirs",
            body: "CustomerGroupChange", answer: "Customer", isTagged: true, isConditional: true,
            handler: .admitted(AdminAPI.updateCustomerGroup)),
    ]

    func listCustomers(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call, "email", "username", "group", "active")
        let limit = try query.limit()
        let filter = AdminCustomerFilter(
            email: try query.text("email")?.lowercased(), username: try query.text("username"),
            group: try query.text("group"), isActive: try query.flag("active"), before: try query.cursor())
        let rows = try await pool.read(
            tenant: call.owner, AdminCustomerStore.page(call.owner, filter, limit: limit),
            AdminCustomerStore.customers)
        return .json(Page(readingOneMore: rows, limit: limit, cursor: \.id).json(\.description, \.json))
    }

    func getCustomer(_ call: AdminCall) async throws -> AdminAnswer {
        let found = try await pool.read(
            tenant: call.owner, AdminCustomerStore.one(call.id(), call.owner), AdminCustomerStore.customers)
        guard let customer = found.first else { throw AdminProblem(.notFound) }
        return .json(customer.json)
    }

    func createCustomer(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "email", "username")
        let given = try fields.required(
            "email", fields.text("email", "an e-mail address") { CustomerForms.email($0) != nil })
        let username = try fields.required("username", Self.username(fields))
        let email = CustomerForms.email(given) ?? given
        let (work, tenant, owner) = (work(call), call.tenantView, call.owner)
        return try await changes.run(call, on: owner, fields.body) { transaction, _ in
            let made: CustomerView
            do {
                made = try work.addCustomer(email: email, username: username, to: tenant, transaction)
            } catch OperatorWork.Refusal.taken(let name) {
                let code: AdminProblem.Code = name == email ? .emailTaken : .usernameTaken
                throw AdminProblem(code, field: name == email ? "email" : "username")
            }
            return (try Self.customer(made.id, owner, transaction).json, .newCustomer(made))
        }
    }

    func updateCustomer(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "username", "active")
        let (username, isActive) = (try Self.username(fields), try fields.flag("active"))
        let (id, owner): (CustomerID, TenantID) = (try call.id(), call.owner)
        return try await changes.run(call, on: owner, fields.body) { transaction, _ in
            let found = try AdminCustomerStore.customers(
                transaction.query(AdminCustomerStore.locked(id, owner)))
            guard let before = found.first else { throw AdminProblem(.notFound) }
            try call.requireMatch(before.json)
            var after = before
            after.username = username ?? before.username
            after.isActive = isActive ?? before.isActive
            guard after != before else { return (before.json, nil) }
            do {
                // The doors remember who may come in.
                _ = try transaction.pipeline([
                    AdminCustomerStore.update(after, owner), CustomerWrites.notification,
                ])
            } catch let error as PostgresError
                where error.constraint == AdminCustomerStore.usernameConstraint
            {
                throw AdminProblem(.usernameTaken, field: "username")
            }
            let note = AuditNote(
                call.endpoint.name, "customer", id.description, from: before.json, to: after.json)
            return (after.json, note)
        }
    }

    /// The customer of the id, who is there.
    static func customer(
        _ id: CustomerID, _ owner: TenantID, _ transaction: Transaction
    ) throws -> AdminCustomer {
        let found = try AdminCustomerStore.customers(transaction.query(AdminCustomerStore.one(id, owner)))
        guard let customer = found.first else { throw AdminProblem(.notFound) }
        return customer
    }

    private static func username(_ fields: AdminFields) throws(AdminProblem) -> String? {
        try fields.text(
            "username", "a \(CustomerForms.usernameExplanation)", CustomerForms.isUsername)
    }
}
