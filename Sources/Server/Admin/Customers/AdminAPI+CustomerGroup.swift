internal import Postgres
internal import Primitives

extension AdminAPI {
    /// Who pays what is decided by those who move money, not by those who help customers.
    func updateCustomerGroup(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "group")
        let expected = "the code of one of the tenant's groups, or null"
        let given = try fields.required("group", fields.members["group"])
        guard given.isNull || given.stringValue != nil else { throw AdminProblem.invalid("group", expected) }
        let (id, owner): (CustomerID, TenantID) = (try call.id(), call.owner)
        return try await changes.run(call, on: owner, fields.body) { transaction, _ in
            let found = try AdminCustomerStore.customers(
                transaction.query(AdminCustomerStore.locked(id, owner)))
            guard let before = found.first else { throw AdminProblem(.notFound) }
            try call.requireMatch(before.json)
            var after = before
            after.group = given.stringValue
            guard after != before else { return (before.json, nil) }
            if let code = after.group {
                let known = try transaction.query(AdminCustomerStore.group(code, owner))
                guard !known.isEmpty else { throw AdminProblem.invalid("group", expected) }
            }
            _ = try transaction.query(AdminCustomerStore.join(after, owner))
            let note = AuditNote(
                call.endpoint.name, "customer", id.description, from: before.json, to: after.json)
            return (after.json, note)
        }
    }
}
