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
        let isRevoked: Bool
        let isCustomerActive: Bool
        let allowedSources: AllowList?
    }

    /// The key of this digest; whether it is still good is the caller's to ask.
    static func key(_ digest: CredentialDigest, _ tenant: TenantID, _ dialect: DialectName) -> Statement {
        Statement(byDigest, [digest.bytes, tenant, dialect])
    }

    static func key(_ result: ResultSet) throws -> Key? {
        guard let row = result.first else { return nil }
        let limit: String? = try row.get(4)
        return Key(
            id: try row.get(0), customer: try row.get(1), trials: try row.get(2), scopes: try row.get(3),
            rateLimit: try limit.map(Self.rateLimit), expiresAt: try row.get(5), isRevoked: try row.get(6),
            isCustomerActive: try row.get(7), allowedSources: try allowedSources(row.get(8)))
    }

    private static func rateLimit(_ text: String) throws -> RateLimit {
        guard let limit = RateLimit(text) else {
            throw Unreadable("the stored rate limit is not a rate limit")
        }
        return limit
    }

    /// A list that cannot be read is a fault, for taken as none it would open the key to everybody.
    static func allowedSources(_ texts: [String]?) throws -> AllowList? {
        guard let texts else { return nil }
        let networks = texts.compactMap { NetworkPrefix($0) }
        guard networks.count == texts.count, let list = AllowList(networks) else {
            throw Unreadable("the stored allow list is not one of addresses and networks")
        }
        return list
    }

    /// The digest alone finds the row: asked for beside it, the tenant would look like an index of few rows to a
    /// planner that has seen no keys yet.
    private static let byDigest = """
        WITH k AS MATERIALIZED (
            SELECT id, tenant_id, customer_id, dialect, trials, scopes, rate_limit, expires_at, revoked_at,
                   allowed_sources
            FROM api_keys WHERE hash = $1
        )
        SELECT k.id, k.customer_id, k.trials, k.scopes, k.rate_limit, k.expires_at, k.revoked_at IS NOT NULL,
               c.active, k.allowed_sources::text[]
        FROM k JOIN customers c ON c.tenant_id = k.tenant_id AND c.id = k.customer_id
        WHERE k.tenant_id = $2 AND k.dialect = $3
        """

    static let constraint = "api_keys_pkey"

    /// Inserts nothing where the tenant has no such customer.
    static func insert(
        _ digest: CredentialDigest, _ id: APIKeyID, _ draft: APIKeys.Draft, hint: String, at now: Instant
    ) -> Statement {
        Statement(
            inserting,
            [
                digest.bytes, draft.tenant, id, draft.customer, draft.dialect, hint, draft.trials,
                draft.scopes, draft.rateLimit, draft.expiresAt,
                draft.allowedSources?.networks.map(\.description), now,
            ])
    }

    static func notify(_ digest: CredentialDigest) -> Statement {
        Statement("SELECT pg_notify($1, $2)", [PrincipalCache.channel, digest.description])
    }

    static func revoke(_ id: APIKeyID, _ tenant: TenantID, at now: Instant) -> Statement {
        Statement(revoking, [tenant, id, now])
    }

    static func digest(_ result: ResultSet) throws -> CredentialDigest? {
        guard let row = result.first else { return nil }
        return CredentialDigest(hex: Hex.encode(try row.get(0, as: [UInt8].self)))
    }

    static func list(_ tenant: TenantID, _ customer: CustomerID?) -> Statement {
        Statement(listing, [tenant, customer])
    }

    static func listed(_ result: ResultSet) throws -> [APIKeys.Listed] {
        try result.map { row in
            APIKeys.Listed(
                id: try row.get(0), customer: try row.get(1), dialect: try row.get(2), hint: try row.get(3),
                trials: try row.get(4), scopes: try row.get(5), rateLimit: try row.get(6),
                expiresAt: try row.get(7), revokedAt: try row.get(8), createdAt: try row.get(9),
                allowedSources: try allowedSources(row.get(10)))
        }
    }

    private static let inserting = """
        INSERT INTO api_keys
            (hash, tenant_id, id, customer_id, dialect, hint, trials, scopes, rate_limit, expires_at,
             allowed_sources, created_at)
        SELECT $1, c.tenant_id, $3, c.id, $5, $6, $7, $8, $9, $10, $11::text[]::cidr[], $12
        FROM customers c WHERE c.tenant_id = $2 AND c.id = $4
        """
    private static let revoking = """
        UPDATE api_keys SET revoked_at = coalesce(revoked_at, $3)
        WHERE tenant_id = $1 AND id = $2 RETURNING hash
        """
    private static let listing = """
        SELECT id, customer_id, dialect, hint, trials, scopes, rate_limit, expires_at, revoked_at, created_at,
               allowed_sources::text[]
        FROM api_keys WHERE tenant_id = $1 AND ($2::uuid IS NULL OR customer_id = $2)
        ORDER BY created_at DESC, id DESC
        """
}
