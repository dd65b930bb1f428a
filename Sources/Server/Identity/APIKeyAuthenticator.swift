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

    /// The key's principal; `nil` where there is none for this tenant and dialect: made up, revoked, expired,
    /// of another door, or of a customer who is no longer served.
    ///
    /// - Parameter address: where the key comes from; what is nobody's is counted for it.
    /// - Throws: what the database failed with; that is a fault and no 401. `StrangerRefusal` where the key was not
    ///   looked up.
    public func principal(
        for key: String, tenant: TenantID, dialect: DialectName, from address: String = ""
    ) async throws -> Principal? {
        guard !key.isEmpty, key.utf8.count <= Self.lengthMax else { return nil }
        let digest = CredentialDigest(of: key)
        switch cache.find(digest, as: .apiKey, tenant, dialect, at: clock.now()) {
        case .known(let principal): return principal
        case .unknown(let ticket):
            let row = try await row(digest, tenant, dialect, address)
            let now = clock.now()
            let principal = row?.principal(tenant, dialect)
            cache.remember(
                principal, expiresAt: row?.expiresAt, for: digest, as: .apiKey, tenant, dialect, ticket,
                at: now)
            if let end = row?.expiresAt, end <= now { return nil }
            return principal
        }
    }

    private func row(
        _ digest: CredentialDigest, _ tenant: TenantID, _ dialect: DialectName, _ address: String
    ) async throws -> APIKeyStore.Key? {
        func look() async throws -> APIKeyStore.Key? {
            try await pool.read(tenant: tenant, APIKeyStore.key(digest, tenant, dialect), APIKeyStore.key)
        }
        if cache.isRegular(digest, as: .apiKey) { return try await look() }
        return try await strangers.look(tenant, from: address, at: clock.now(), look)
    }
}

extension APIKeyStore.Key {
    fileprivate func principal(_ tenant: TenantID, _ dialect: DialectName) -> Principal {
        Principal(
            tenant: tenant, dialect: dialect, customer: customer, id: id.retyped(),
            kind: .apiKey(trials: trials, scopes: scopes), rateLimit: rateLimit)
    }
}
