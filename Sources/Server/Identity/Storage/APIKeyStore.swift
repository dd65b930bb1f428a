internal import Catalog
internal import Postgres
internal import Primitives

/// API keys as rows: only their digests are stored.
enum APIKeyStore {
    /// What a key's row says to whoever presents it.
    struct Key {
        let id: APIKeyID
        let customer: CustomerID
        let trials: Bool
        let scopes: [String]
        let rateLimit: RateLimit?
        let expiresAt: Instant?
    }

    /// The key of this digest, if it has not been revoked and its customer is served; expiry is the caller's to check.
    static func key(_ digest: CredentialDigest, _ tenant: TenantID, _ dialect: DialectName) -> Statement {
        Statement(byDigest, [digest.bytes, tenant, dialect])
    }

    static func key(_ result: ResultSet) throws -> Key? {
        guard let row = result.first else { return nil }
        let limit: String? = try row.get(4)
        return Key(
            id: try row.get(0), customer: try row.get(1), trials: try row.get(2), scopes: try row.get(3),
            rateLimit: try limit.map(Self.rateLimit), expiresAt: try row.get(5))
    }

    private static func rateLimit(_ text: String) throws -> RateLimit {
        guard let limit = RateLimit(text) else { throw Unreadable("the stored rate limit is not a rate limit") }
        return limit
    }

    private static let byDigest = """
        SELECT k.id, k.customer_id, k.trials, k.scopes, k.rate_limit, k.expires_at
        FROM api_keys k JOIN customers c ON c.tenant_id = k.tenant_id AND c.id = k.customer_id
        WHERE k.hash = $1 AND k.tenant_id = $2 AND k.dialect = $3 AND k.revoked_at IS NULL AND c.active
        """
}
