internal import Postgres
internal import Primitives

/// SQL of customers' API keys, for staff.
enum AdminCustomerKeyStore {
    /// Newest first, one more than a page holds.
    static func page(
        of customer: CustomerID, _ owner: TenantID, before: APIKeyID?, limit: Int
    ) -> Statement {
        Statement(
            """
            \(columns) WHERE tenant_id = $1 AND customer_id = $2 AND ($3::uuid IS NULL OR id < $3)
            ORDER BY id DESC LIMIT $4
            """ as String, [owner, customer, before, Int64(limit + 1)])
    }

    static func one(_ id: APIKeyID, of customer: CustomerID, _ owner: TenantID) -> Statement {
        Statement(
            "\(columns) WHERE tenant_id = $1 AND id = $2 AND customer_id = $3" as String,
            [owner, id, customer])
    }

    static func locked(_ id: APIKeyID, of customer: CustomerID, _ owner: TenantID) -> Statement {
        Statement(
            "\(columns) WHERE tenant_id = $1 AND id = $2 AND customer_id = $3 FOR NO KEY UPDATE" as String,
            [owner, id, customer])
    }

    static func keys(_ result: ResultSet) throws -> [AdminCustomerKey] {
        try result.map { row in
            AdminCustomerKey(
                id: try row.get(0), customer: try row.get(1), dialect: try row.get(2), hint: try row.get(3),
                label: try row.get(12), maker: try row.get(13), mayTakeTrials: try row.get(4),
                scopes: try row.get(5), rateLimit: try row.get(6),
                allowedSources: try APIKeyStore.allowedSources(row.get(7)), expiresAt: try row.get(8),
                lastUsedAt: try row.get(9), revokedAt: try row.get(10), createdAt: try row.get(11))
        }
    }

    private static let columns = """
        SELECT id, customer_id, dialect, hint, trials, scopes, rate_limit, allowed_sources::text[], expires_at,
            last_used_at, revoked_at, created_at, label, made_by
        FROM api_keys
        """
}
