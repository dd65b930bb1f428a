internal import Postgres
internal import Primitives

extension AdminAPI {
    static let keyEndpoints: [AdminEndpoint] = keys(at: .platform) + keys(at: .tenant)

    /// Keys of machines: the platform's, and each tenant's.
    private static func keys(at place: AdminPlace) -> [AdminEndpoint] {
        let (one, whose, mayRead, may) =
            switch place {
            case .platform:
                (
                    "AdminKey", "the platform's", AdminPermission.platform(.owner, .readOnly),
                    AdminPermission.platform(.owner)
                )
            case .tenant:
                (
                    "TenantAdminKey", "the tenant's", AdminPermission.roles(.owner, .readOnly),
                    AdminPermission.roles(.owner)
                )
            }
        return [
            AdminEndpoint(
                name: "list\(one)s", method: .get, place: place, path: "/keys", permission: mayRead,
                tag: "keys", summary: "\(whose.capitalizedFirst) admin keys, newest first",
                query: ["Limit", "Cursor"], answer: "AdminKeyList", handler: .admitted(AdminAPI.listKeys)),
            AdminEndpoint(
                name: "create\(one)", method: .post, place: place, path: "/keys", permission: may,
                tag: "keys", summary: "Make an admin key of \(whose); its text is shown this once",
                body: "NewAdminKey", status: .created, answer: "MadeAdminKey",
                handler: .admitted(AdminAPI.createKey)),
            AdminEndpoint(
                name: "get\(one)", method: .get, place: place, path: "/keys/{id}", permission: mayRead,
                tag: "keys", summary: "One admin key of \(whose), without its text", answer: "AdminKey",
                isTagged: true, handler: .admitted(AdminAPI.getKey)),
            AdminEndpoint(
                name: "revoke\(one)", method: .post, place: place, path: "/keys/{id}/revoke", permission: may,
                tag: "keys", summary: "Revoke an admin key of \(whose); again changes nothing",
                answer: "AdminKey", isTagged: true, handler: .admitted(AdminAPI.revokeKey)),
        ]
    }

    func listKeys(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call)
        let (limit, before): (Int, AdminKeyID?) = (try query.limit(), try query.cursor())
        let rows = try await pool.read(
            tenant: call.owner, AdminKeyStore.keys(call.owner, before: before, limit: limit),
            AdminKeyStore.keys)
        let page = Page(readingOneMore: rows, limit: limit, cursor: \.id)
        return .json(page.json(\.description, \.json))
    }

    func getKey(_ call: AdminCall) async throws -> AdminAnswer {
        let id: AdminKeyID = try call.id()
        let key = try await pool.read(
            tenant: call.owner, AdminKeyStore.key(id, call.owner), AdminKeyStore.key)
        guard let key else { throw StaffRefusal.keyUnknown }
        return .json(key.json)
    }

    func createKey(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "name", "role", "expires_at", "allowed_sources")
        let name = try fields.required(
            "name",
            fields.text("name", "1 to \(StaffRules.nameLength.upperBound) characters", StaffRules.isName))
        let role = try fields.required("role", fields.word("role", of: StaffRole.self))
        let (expiresAt, sources) = (
            try fields.instant("expires_at"), try fields.sources("allowed_sources")
        )
        if let expiresAt, expiresAt <= clock.now() || expiresAt >= .farthest {
            throw AdminProblem.invalid("expires_at", "a moment to come")
        }
        let text = AdminKeyText(for: call.scope, random)
        return try await changes.run(call, on: call.owner, fields.body) { [ids] transaction, _ in
            let key = AdminKey(
                scope: text.scope, id: ids.next(at: transaction.realNow), name: name, role: role,
                hint: text.hint, allowedSources: sources, expiresAt: expiresAt, revokedAt: nil,
                createdAt: transaction.realNow)
            _ = try transaction.query(AdminKeyStore.insert(key, text.digest))
            return (
                ["key": key.json, "text": .string(text.text)],
                AuditNote(call.endpoint.name, "key", key.id.description, from: nil, to: key.json)
            )
        }
    }

    func revokeKey(_ call: AdminCall) async throws -> AdminAnswer {
        let body = try AdminFields(call).body
        let (id, owner): (AdminKeyID, TenantID) = (try call.id(), call.owner)
        return try await changes.run(call, on: owner, body) { transaction, _ in
            let before = try AdminKeyStore.key(transaction.query(AdminKeyStore.locked(id, owner)))
            guard let before else { throw StaffRefusal.keyUnknown }
            let results = try transaction.pipeline([
                AdminKeyStore.revoke(id, owner, at: transaction.realNow), AdminKeyStore.key(id, owner),
            ])
            guard let after = try AdminKeyStore.key(results[1]) else {
                preconditionFailure("a key whose row is locked went away")
            }
            let note = AuditNote(
                call.endpoint.name, "key", id.description, from: before.json, to: after.json)
            return (after.json, before == after ? nil : note)
        }
    }
}

extension AdminKey {
    var json: JSON {
        let sources = allowedSources?.networks.map { JSON.string($0.description) }
        return [
            "id": .string(id.description), "name": .string(name), "role": .string(role.rawValue),
            "hint": .string(hint), "allowed_sources": sources.map(JSON.array) ?? .null,
            "expires_at": expiresAt.map { .string($0.rfc3339()) } ?? .null,
            "revoked_at": revokedAt.map { .string($0.rfc3339()) } ?? .null,
            "created_at": .string(createdAt.rfc3339()),
        ]
    }
}

extension String {
    /// For the beginning of a sentence.
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
