internal import Catalog
internal import HTTPTypes
internal import Primitives

extension AccountAPI {
    /// `GET /v1/keys`.
    func listKeys(_ call: Call) async throws -> DialectResponse {
        let paging = try Paging(call.request)
        let page = try await keys.page(
            of: call.caller, sandbox: try await sandbox(of: call.tenant), before: paging.identifier(),
            limit: paging.limit)
        return .json(Self.page(page.map { .object($0.json) }) { $0.description })
    }

    /// `POST /v1/keys`: the answer is the only one that has the key.
    func createKey(_ call: Call) async throws -> DialectResponse {
        let fields = try Fields(call.request)
        let catalogue = try await catalogues.catalogue(of: call.tenant)
        let draft = try fields.key(in: keys.dialects(of: catalogue), keys.forms, at: call.request.now)
        let (password, code) = (try fields.password(), try fields.code())
        let claim = try call.claim(fields)
        return .json(
            try await keys.create(
                draft, for: call.caller, of: catalogue.tenant, password, code, claim: claim))
    }

    /// `DELETE /v1/keys/{id}`.
    func revokeKey(_ call: Call) async throws -> DialectResponse {
        let revoked = try await keys.revoke(
            try call.id(), of: call.caller, sandbox: try await sandbox(of: call.tenant))
        guard let revoked else { throw Problem(.notFound) }
        return .json(.object(revoked.json))
    }

    private func sandbox(of tenant: TenantID) async throws -> TenantID? {
        try await catalogues.tenants().sandboxesByLive[tenant]
    }
}

extension AccountAPI.Fields {
    /// - Parameter dialects: those that the tenant sells in.
    fileprivate func key(
        in dialects: [DialectName], _ forms: [DialectName: KeyForm], at now: Instant
    ) throws(AccountAPI.Problem) -> CustomerKey.Draft {
        guard let dialect = try text("dialect", .invalidDialect).map(DialectName.init(rawValue:)),
            dialects.contains(dialect), let form = forms[dialect]
        else { throw AccountAPI.Problem(.invalidDialect) }
        return CustomerKey.Draft(
            dialect: dialect, form: form, environment: try environment(form), label: try label(),
            scopes: try scopes(), allowedSources: try allowedSources(), expiresAt: try end(after: now))
    }

    private func environment(_ form: KeyForm) throws(AccountAPI.Problem) -> KeyEnvironment {
        switch try text("environment", .invalidEnvironment) {
        case nil, "live": return .live
        case "test" where form.testPrefix != nil: return .test
        default: throw AccountAPI.Problem(.invalidEnvironment)
        }
    }

    private func label() throws(AccountAPI.Problem) -> String? {
        guard let label = try text("label", .invalidLabel) else { return nil }
        guard ShortText.isAcceptable(label, most: 80) else { throw AccountAPI.Problem(.invalidLabel) }
        return label
    }

    private func scopes() throws(AccountAPI.Problem) -> [String] {
        guard let value = member("scopes") else { return [] }
        let words = (value.arrayValue ?? [.null]).map { $0.stringValue ?? "" }
        guard words.count <= 20, Set(words).count == words.count, words.allSatisfy(Self.isScope) else {
            throw AccountAPI.Problem(.invalidScopes)
        }
        return words
    }

    private static let scopeLetters = KeyAlphabet(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-:.")

    private static func isScope(_ word: String) -> Bool {
        (1...64).contains(word.utf8.count) && word.utf8.allSatisfy(scopeLetters.contains)
    }

    private func allowedSources() throws(AccountAPI.Problem) -> AllowList? {
        guard let value = member("allow") else { return nil }
        let networks = (value.arrayValue ?? []).map { $0.stringValue.flatMap { NetworkPrefix($0) } }
        guard let list = AllowList(networks.compactMap(\.self)), !networks.contains(nil),
            networks.count <= AllowList.networksMax
        else { throw AccountAPI.Problem(.invalidAllow) }
        return list
    }

    private func end(after now: Instant) throws(AccountAPI.Problem) -> Instant? {
        guard let text = try text("expires_at", .invalidExpiresAt) else { return nil }
        guard let end = Instant(rfc3339: text), now < end, end < .farthest else {
            throw AccountAPI.Problem(.invalidExpiresAt)
        }
        return end
    }
}
