internal import Catalog
internal import Postgres
internal import Primitives

extension AdminAPI {
    static let customerKeyEndpoints: [AdminEndpoint] = [
        AdminEndpoint(
            name: "listCustomerKeys", method: .get, place: .tenant, path: "/customers/{id}/keys",
            permission: .lookingAtCustomers, tag: "customer keys",
            summary: "A customer's API keys, newest first", query: ["Limit", "Cursor"],
            answer: "CustomerKeyList", handler: .admitted(AdminAPI.listCustomerKeys)),
        AdminEndpoint(
            name: "createCustomerKey", method: .post, place: .tenant, path: "/customers/{id}/keys",
            permission: .serving, tag: "customer keys",
            summary:
                "Make an API key of a customer for a dialect; its text is shown this once. A sandbox's are test keys",
            body: "NewCustomerKey", status: .created, answer: "MadeCustomerKey",
            handler: .admitted(AdminAPI.createCustomerKey)),
        AdminEndpoint(
            name: "revokeCustomerKey", method: .post, place: .tenant,
            path: "/customers/{id}/keys/{key}/revoke", permission: .serving, tag: "customer keys",
            summary: "Revoke a customer's API key; again changes nothing", answer: "CustomerKey",
            isTagged: true, handler: .admitted(AdminAPI.revokeCustomerKey)),
    ]

    func listCustomerKeys(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call)
        let (limit, before): (Int, APIKeyID?) = (try query.limit(), try query.cursor())
        let (id, owner): (CustomerID, TenantID) = (try call.id(), call.owner)
        let rows = try await pool.transaction(tenant: owner) { transaction in
            _ = try Self.customer(id, owner, transaction)
            return try AdminCustomerKeyStore.keys(
                transaction.query(
                    AdminCustomerKeyStore.page(of: id, owner, before: before, limit: limit)))
        }
        return .json(Page(readingOneMore: rows, limit: limit, cursor: \.id).json(\.description, \.json))
    }

    func createCustomerKey(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(
            call, "dialect", "trials", "scopes", "rate_limit", "expires_at", "allowed_sources")
        let draft = try draft(call, fields)
        let text = draft.form.make(random, for: call.tenantView.isSandbox ? .test : .live)
        let digest = CredentialDigest(of: text)
        return try await changes.run(call, on: call.owner, fields.body) { [ids] transaction, _ in
            _ = try Self.customer(draft.customer, draft.tenant, transaction)
            let id: APIKeyID = ids.next(at: transaction.realNow)
            let results = try transaction.pipeline([
                APIKeyStore.insert(
                    digest, id, draft, hint: draft.form.hint(text), at: transaction.realNow),
                // The doors may remember that this text was nobody's.
                APIKeyStore.notify(digest),
                AdminCustomerKeyStore.one(id, of: draft.customer, draft.tenant),
            ])
            guard let key = try AdminCustomerKeyStore.keys(results[2]).first else {
                preconditionFailure("a key that was made is not there")
            }
            let note = AuditNote(
                call.endpoint.name, "customer_key", id.description, from: nil, to: key.json)
            return (["key": key.json, "text": .string(text)], note)
        }
    }

    private func draft(_ call: AdminCall, _ fields: AdminFields) throws -> APIKeys.Draft {
        let forms = KnownDialects.all.keyForms
        let names = forms.compactMap { $0.value == nil ? nil : $0.key.rawValue }.sorted()
        let expected = "one of \(names.joined(separator: ", "))"
        let name = try fields.required("dialect", fields.text("dialect", expected, names.contains))
        let dialect = DialectName(rawValue: name)
        var draft = APIKeys.Draft(
            tenant: call.owner, customer: try call.id(), dialect: dialect,
            form: KnownDialects.all.keyForm(dialect))
        draft.trials = try fields.flag("trials") ?? false
        draft.scopes =
            try fields.texts(
                "scopes", "a list of at most 100, each a \(CustomerForms.scopeExplanation)",
                CustomerForms.isScope) ?? []
        draft.rateLimit = try fields.text("rate_limit", "requests in a time, like 120/1m, or off") {
            RateLimit($0) != nil
        }
        draft.expiresAt = try fields.instant("expires_at")
        if let end = draft.expiresAt, end <= clock.now() || end >= .farthest {
            throw AdminProblem.invalid("expires_at", "a moment to come")
        }
        draft.allowedSources = try fields.sources("allowed_sources")
        return draft
    }

    func revokeCustomerKey(_ call: AdminCall) async throws -> AdminAnswer {
        let body = try AdminFields(call).body
        let (customer, owner): (CustomerID, TenantID) = (try call.id(), call.owner)
        let id: APIKeyID = try call.id("key")
        return try await changes.run(call, on: owner, body) { transaction, _ in
            let found = try AdminCustomerKeyStore.keys(
                transaction.query(AdminCustomerKeyStore.locked(id, of: customer, owner)))
            guard let before = found.first else { throw AdminProblem(.notFound) }
            guard before.revokedAt == nil else { return (before.json, nil) }
            let results = try transaction.pipeline([
                APIKeyStore.revoke(id, owner, at: transaction.realNow), CustomerWrites.notification,
                AdminCustomerKeyStore.one(id, of: customer, owner),
            ])
            guard let after = try AdminCustomerKeyStore.keys(results[2]).first else {
                preconditionFailure("a key whose row is locked went away")
            }
            let note = AuditNote(
                call.endpoint.name, "customer_key", id.description, from: before.json, to: after.json)
            return (after.json, note)
        }
    }
}
