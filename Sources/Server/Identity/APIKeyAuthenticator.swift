public import Catalog
public import Postgres
public import Primitives

/// Tells whose API key a request carries.
public final class APIKeyAuthenticator: Sendable {
    private let pool: PostgresPool
    private let cache: PrincipalCache
    private let strangers: Strangers
    private let clock: any WallClock

    /// - Parameters:
    ///   - pool: connections of the doors' role.
    ///   - strangers: bounds the reads that keys cause which were never good.
    public init(
        pool: PostgresPool, cache: PrincipalCache, strangers: Strangers = Strangers(), clock: any WallClock
    ) {
        self.pool = pool
        self.cache = cache
        self.strangers = strangers
        self.clock = clock
    }

    /// The longest text that is looked at; no dialect's keys are half as long.
    public static let lengthMax = 512

    /// The key's principal; `nil` where it does not open the door.
    ///
    /// - Throws: what `verdict` throws.
    public func principal(
        for key: String, tenant: TenantID, dialect: DialectName, from address: String = ""
    ) async throws -> Principal? {
        try await verdict(on: key, tenant: tenant, dialect: dialect, from: address).principal
    }

    /// Whether a key opens this tenant's and dialect's door, now and from there.
    ///
    /// - Parameter address: where the key comes from; what is nobody's is counted for it.
    /// - Throws: what the database failed with; that is a fault and no 401. `StrangerRefusal` where the key was not
    ///   looked up.
    public func verdict(
        on key: String, tenant: TenantID, dialect: DialectName, from address: String
    ) async throws -> CredentialVerdict {
        guard !key.isEmpty, key.utf8.count <= Self.lengthMax else { return .nobodys }
        let digest = CredentialDigest(of: key)
        let facts: CredentialFacts?
        switch cache.find(digest, as: .apiKey, tenant, dialect, at: clock.now()) {
        case .known(let known): facts = known
        case .unknown(let ticket):
            facts = try await look(digest, tenant, dialect, address)
            cache.remember(facts, for: digest, as: .apiKey, tenant, dialect, ticket, at: clock.now())
        }
        return facts?.verdict(at: clock.now(), from: address) ?? .nobodys
    }

    private func look(
        _ digest: CredentialDigest, _ tenant: TenantID, _ dialect: DialectName, _ address: String
    ) async throws -> CredentialFacts? {
        func look() async throws -> CredentialFacts? {
            try await pool.read(tenant: tenant, APIKeyStore.key(digest, tenant, dialect)) {
                try APIKeyStore.key($0)?.facts(tenant, dialect)
            }
        }
        if cache.isRegular(digest, as: .apiKey) { return try await look() }
        return try await strangers.look(tenant, from: address, at: clock.now(), isSomebodys: \.isServed, look)
    }
}

extension APIKeyStore.Key {
    fileprivate func facts(_ tenant: TenantID, _ dialect: DialectName) -> CredentialFacts {
        CredentialFacts(
            principal: Principal(
                tenant: tenant, dialect: dialect, customer: customer, id: id.retyped(),
                kind: .apiKey(trials: trials, scopes: scopes), rateLimit: rateLimit),
            isRevoked: isRevoked, isCustomerActive: isCustomerActive, expiresAt: expiresAt,
            allowedSources: allowedSources)
    }
}
