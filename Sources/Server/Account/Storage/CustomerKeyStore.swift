internal import Catalog
internal import Postgres
internal import Primitives

/// SQL of the keys that customers make for themselves.
enum CustomerKeyStore {
    /// Lets nobody else make a key for the customer until the end of the transaction, so that they can be counted.
    static func lock(_ customer: CustomerID, _ tenant: TenantID) -> Statement {
        let digest = CredentialDigest(of: "keys \(tenant) \(customer)")
        let number = digest.bytes.prefix(8).reduce(0 as Int64) { $0 << 8 | Int64($1) }
        return "SELECT pg_advisory_xact_lock(\(number))"
    }

    /// Affects no row where the customer has as many good keys as they may.
    static func insert(
        _ key: CustomerKey, _ digest: CredentialDigest, _ customer: CustomerID, _ tenant: TenantID,
        by person: UserID, at now: Instant
    ) -> Statement {
        """
        INSERT INTO api_keys
            (hash, tenant_id, id, customer_id, dialect, hint, scopes, expires_at, allowed_sources, label, made_by, created_at)
        SELECT \(digest.bytes), \(tenant), \(key.id), \(customer), \(key.dialect), \(key.hint), \(key.scopes),
            \(key.expiresAt), \(key.allowedSources?.networks.map(\.description))::text[]::cidr[], \(key.label), \(person),
            \(now)
        WHERE (
            SELECT count(*) FROM api_keys
            WHERE tenant_id = \(tenant) AND customer_id = \(customer) AND revoked_at IS NULL
              AND (expires_at IS NULL OR expires_at > \(now))
        ) < \(Int64(CustomerKey.most))
        """
    }

    static func email(of customer: CustomerID, _ tenant: TenantID) -> Statement {
        "SELECT email FROM customers WHERE tenant_id = \(tenant) AND id = \(customer)"
    }

    static func customer(_ email: String, _ tenant: TenantID) -> Statement {
        "SELECT id FROM customers WHERE tenant_id = \(tenant) AND email = \(email)"
    }

    static func page(
        of customer: CustomerID, _ tenant: TenantID, before: APIKeyID?, limit: Int
    ) -> Statement {
        """
        SELECT id, dialect, hint, label, scopes, allowed_sources::text[], expires_at, created_at, last_used_at, revoked_at
        FROM api_keys
        WHERE tenant_id = \(tenant) AND customer_id = \(customer) AND (\(before)::uuid IS NULL OR id < \(before))
        ORDER BY id DESC LIMIT \(Int64(limit))
        """
    }

    /// A key that was revoked before keeps its time.
    static func revoke(
        _ key: APIKeyID, of customer: CustomerID, _ tenant: TenantID, at now: Instant
    ) -> Statement {
        """
        UPDATE api_keys SET revoked_at = coalesce(revoked_at, \(now))
        WHERE tenant_id = \(tenant) AND id = \(key) AND customer_id = \(customer)
        RETURNING id, dialect, hint, label, scopes, allowed_sources::text[], expires_at, created_at, last_used_at, revoked_at
        """
    }

    static func keys(_ result: ResultSet, _ environment: KeyEnvironment) throws -> [CustomerKey] {
        try result.map { row in
            CustomerKey(
                id: try row.get(0), dialect: try row.get(1), environment: environment, hint: try row.get(2),
                label: try row.get(3), scopes: try row.get(4),
                allowedSources: try APIKeyStore.allowedSources(row.get(5)), expiresAt: try row.get(6),
                createdAt: try row.get(7), lastUsedAt: try row.get(8), revokedAt: try row.get(9))
        }
    }
}
