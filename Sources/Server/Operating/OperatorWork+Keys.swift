internal import Catalog
internal import Postgres
internal import Primitives

extension OperatorWork {
    /// A key that was made: the text is shown this once and kept nowhere.
    struct MadeKey: Sendable {
        let id: APIKeyID
        let dialect: DialectName
        let text: String
    }

    /// What a new key may do.
    struct KeyRights: Sendable {
        var mayTakeTrials = false
        var scopes: [String] = []
        var rateLimit: String?
    }

    func createKey(
        for name: String, of tenant: String, in dialect: DialectName, _ form: KeyForm, _ rights: KeyRights
    ) async throws -> MadeKey {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(tenant, transaction)
            let customer = try Self.customer(name, tenant.id, transaction)
            let text = form.make(random)
            let id: APIKeyID = identifiers.next(at: transaction.now)
            let row = KeyRow(
                digest: CredentialDigest(of: text).bytes, tenant: tenant.id, id: id, customer: customer.id,
                dialect: dialect, hint: form.hint(text), mayTakeTrials: rights.mayTakeTrials,
                scopes: rights.scopes,
                rateLimit: rights.rateLimit, expiresAt: nil, isRevoked: false)
            // The doors may remember that this text was nobody's.
            _ = try transaction.pipeline([
                CustomerWrites.key(row, at: transaction.now), CustomerWrites.notification,
            ])
            return MadeKey(id: id, dialect: dialect, text: text)
        }
    }

    func keys(of name: String, of tenant: String) async throws -> [KeyView] {
        try await customer(name, of: tenant).keys
    }

    /// Revokes a key by its id or its whole text; every process hears of it at once.
    func revokeKey(_ name: String, of tenant: String) async throws -> KeyView {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(tenant, transaction)
            let digest = CredentialDigest(of: name).bytes
            let revoked = try OperatorStore.keys(
                transaction.query(OperatorStore.revoke(name, digest, of: tenant.id, at: transaction.now)))
            guard let key = revoked.first else { throw Refusal.keyUnknown(name) }
            _ = try transaction.query(CustomerWrites.notification)
            return key
        }
    }
}
