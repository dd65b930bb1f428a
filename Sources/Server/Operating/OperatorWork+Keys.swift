internal import Catalog
internal import Postgres
internal import Primitives

extension OperatorWork {
    /// A key that was made: the text is shown this once and kept nowhere.
    struct MadeKey: Sendable {
        let id: APIKeyID
        /// The slug of whose it is: a live customer's test key is the sandbox's.
        let tenant: String
        let dialect: DialectName
        let text: String
    }

    /// What a new key may do, for how long and from where.
    struct KeyRights: Sendable {
        var mayTakeTrials = false
        var scopes: [String] = []
        var rateLimit: String?
        var end = KeyEnd.never
        var allowedSources: AllowList?
    }

    /// When a new key ends.
    enum KeyEnd: Sendable {
        case never
        case at(Instant)
        case after(DurationText)
    }

    func createKey(
        for name: String, of tenant: String, in dialect: DialectName, _ form: KeyForm, _ rights: KeyRights,
        for environment: KeyEnvironment = .live
    ) async throws -> MadeKey {
        try await pool.transaction(tenant: nil) { transaction in
            let (tenant, customer) = try Self.owner(
                name, try Self.tenant(tenant, transaction), environment, transaction
            ) { try makeDouble(of: $0, in: $1, transaction) }
            let text = form.make(random, for: environment)
            let expiresAt = try Self.instant(of: rights.end, at: transaction.now)
            let id: APIKeyID = identifiers.next(at: transaction.now)
            let row = KeyRow(
                digest: CredentialDigest(of: text).bytes, tenant: tenant.id, id: id, customer: customer.id,
                dialect: dialect, hint: form.hint(text), mayTakeTrials: rights.mayTakeTrials,
                scopes: rights.scopes, rateLimit: rights.rateLimit, expiresAt: expiresAt,
                allowedSources: rights.allowedSources, isRevoked: false)
            // The doors may remember that this text was nobody's.
            _ = try transaction.pipeline([
                CustomerWrites.key(row, at: transaction.now), CustomerWrites.notification,
            ])
            try write(.newKey(row), of: tenant.id, transaction)
            return MadeKey(id: id, tenant: tenant.slug, dialect: dialect, text: text)
        }
    }

    private static func instant(of end: KeyEnd, at now: Instant) throws -> Instant? {
        let instant: Instant
        switch end {
        case .never: return nil
        case .at(let moment): instant = moment
        case .after(let span): instant = now.adding(milliseconds: span.milliseconds) ?? .farthest
        }
        guard now < instant else { throw Refusal.endIsOver(instant) }
        guard instant < .farthest else { throw Refusal.endIsTooFar }
        return instant
    }

    /// Revokes a key by its id or its whole text; every process hears of it at once.
    func revokeKey(_ name: String, of tenant: String) async throws -> KeyView {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(tenant, transaction)
            let digest = CredentialDigest(of: name).bytes
            let found = try OperatorStore.keys(
                transaction.query(OperatorStore.locking(name, digest, of: tenant.id)))
            guard let before = found.first else { throw Refusal.keyUnknown(name) }
            let results = try transaction.pipeline([
                OperatorStore.revoke(before.id, of: tenant.id, at: transaction.now),
                CustomerWrites.notification,
            ])
            guard let key = try OperatorStore.keys(results[0]).first else { throw Refusal.keyUnknown(name) }
            if !before.isRevoked { try write(.revokedKey(key), of: tenant.id, transaction) }
            return key
        }
    }
}
