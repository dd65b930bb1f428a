public import Catalog
public import Postgres
public import Primitives

/// What an operator does with API keys: make, revoke, list. Every change is told to all running processes.
public struct APIKeys: Sendable {
    private let pool: PostgresPool
    private let ids: any IdentifierSource
    private let random: any RandomSource

    /// - Parameter pool: connections that row-level security does not bind (the owner's).
    public init(pool: PostgresPool, ids: any IdentifierSource, random: any RandomSource = SystemRandom()) {
        self.pool = pool
        self.ids = ids
        self.random = random
    }

    /// What a new key is to be.
    public struct Draft: Sendable {
        public var tenant: TenantID
        public var customer: CustomerID
        public var dialect: DialectName
        public var form: KeyForm
        /// A key that is known already, for demos and tests; `nil` makes one.
        public var text: String?
        public var trials = false
        public var scopes: [String] = []
        public var rateLimit: String?
        public var expiresAt: Instant?
        /// Where it may be used from; `nil` is anywhere.
        public var allowedSources: AllowList?

        public init(tenant: TenantID, customer: CustomerID, dialect: DialectName, form: KeyForm) {
            self.tenant = tenant
            self.customer = customer
            self.dialect = dialect
            self.form = form
        }
    }

    /// A key as it may be shown: everything but the key.
    public struct Listed: Sendable, Hashable {
        public let id: APIKeyID
        public let customer: CustomerID
        public let dialect: DialectName
        /// Prefix and last characters.
        public let hint: String
        public let trials: Bool
        public let scopes: [String]
        public let rateLimit: String?
        public let expiresAt: Instant?
        public let revokedAt: Instant?
        public let createdAt: Instant
        public let allowedSources: AllowList?
    }

    /// Makes a key and returns its text, which nobody can be shown again.
    public func create(_ draft: Draft) async throws -> (id: APIKeyID, key: String) {
        let key = draft.text ?? draft.form.make(random)
        guard draft.form.accepts(key) else { throw APIKeyRefusal.malformed }
        if let limit = draft.rateLimit, RateLimit(limit) == nil { throw APIKeyRefusal.rateLimitMalformed }
        let digest = CredentialDigest(of: key)
        do {
            let id: APIKeyID = try await pool.transaction(tenant: nil) { transaction in
                let id: APIKeyID = ids.next(at: transaction.now)
                let results = try transaction.pipeline([
                    APIKeyStore.insert(digest, id, draft, hint: draft.form.hint(key), at: transaction.now),
                    APIKeyStore.notify(digest),
                ])
                guard results[0].affected == 1 else { throw APIKeyRefusal.customerUnknown }
                return id
            }
            return (id, key)
        } catch let error as PostgresError where error.constraint == APIKeyStore.constraint {
            throw APIKeyRefusal.taken
        }
    }

    /// Revokes a key; from then on it is nobody's. Revoking it again changes nothing.
    /// - Returns: whether the tenant has such a key.
    public func revoke(_ id: APIKeyID, of tenant: TenantID) async throws -> Bool {
        try await pool.transaction(tenant: nil) { transaction in
            let revoked = try APIKeyStore.digest(
                transaction.query(APIKeyStore.revoke(id, tenant, at: transaction.now)))
            guard let revoked else { return false }
            _ = try transaction.query(APIKeyStore.notify(revoked))
            return true
        }
    }

    /// The tenant's keys, newest first; only one customer's where one is named.
    public func list(of tenant: TenantID, customer: CustomerID? = nil) async throws -> [Listed] {
        try await pool.transaction(tenant: nil) { transaction in
            try APIKeyStore.listed(transaction.query(APIKeyStore.list(tenant, customer)))
        }
    }
}

/// Why a key was not made.
public enum APIKeyRefusal: Error, Sendable, Hashable {
    /// The given text is no key of this dialect.
    case malformed
    case rateLimitMalformed
    /// The tenant has no such customer.
    case customerUnknown
    /// Somebody has this key already.
    case taken
}
