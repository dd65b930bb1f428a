internal import Catalog
internal import Postgres
internal import Primitives

/// SQL of what an operator looks up and changes by hand.
enum OperatorStore {
    static func tenant(_ slug: String) -> Statement {
        "SELECT id, slug, currency, sandbox_of, clock_ahead_ms FROM tenants WHERE slug = \(slug)"
    }

    static func tenant(_ result: ResultSet) throws -> TenantView? {
        try result.first.map { row in
            TenantView(
                id: try row.get(0), slug: try row.get(1), currency: try row.currency(2),
                sandboxOf: try row.get(3), clockAhead: try row.get(4))
        }
    }

    static func customers(of tenant: TenantID) -> Statement {
        Statement("\(customerColumns) WHERE c.tenant_id = $1 ORDER BY c.email" as String, [tenant])
    }

    /// By e-mail address, username or id.
    static func customer(_ name: String, of tenant: TenantID) -> Statement {
        Statement(
            "\(customerColumns) WHERE c.tenant_id = $1 AND (c.email = $2 OR c.username = $2 OR c.id::text = $2)"
                as String,
            [tenant, name])
    }

    static func customer(_ id: CustomerID, of tenant: TenantID) -> Statement {
        Statement("\(customerColumns) WHERE c.tenant_id = $1 AND c.id = $2" as String, [tenant, id])
    }

    static func customers(_ result: ResultSet) throws -> [CustomerView] {
        try result.map { row in
            let currency = try row.currency(4)
            let floor = try row.get(6, as: Int64?.self)
            return CustomerView(
                id: try row.get(0), email: try row.get(1), username: try row.get(2), currency: currency,
                isActive: try row.get(3), balance: try row.moneyIfAny(5, currency),
                creditLimit: floor.map { Money(minor: -$0, currency: currency) },
                owed: try row.moneyIfAny(7, currency), group: try row.get(8))
        }
    }

    /// Puts a double in the sandbox's group of the same code as its live customer's.
    static func joinGroup(
        _ double: CustomerID, of live: CustomerID, in sandbox: TenantID
    ) -> Statement {
        """
        UPDATE customers SET group_id = (
            SELECT same.id
            FROM tenants t
            JOIN customers c ON c.tenant_id = t.sandbox_of AND c.id = \(live)
            JOIN customer_groups g ON g.tenant_id = c.tenant_id AND g.id = c.group_id
            JOIN customer_groups same ON same.tenant_id = t.id AND same.code = g.code
            WHERE t.id = \(sandbox))
        WHERE tenant_id = \(sandbox) AND id = \(double)
        """
    }

    static func keys(of customer: CustomerID, _ tenant: TenantID) -> Statement {
        """
        SELECT id, dialect, hint, revoked_at IS NOT NULL, expires_at, allowed_sources::text[],
               last_used_at
        FROM api_keys
        WHERE tenant_id = \(tenant) AND customer_id = \(customer) ORDER BY id
        """
    }

    /// By id or by digest, locked.
    static func locking(_ id: String, _ digest: [UInt8], of tenant: TenantID) -> Statement {
        """
        SELECT id, dialect, hint, revoked_at IS NOT NULL, expires_at, allowed_sources::text[],
               last_used_at
        FROM api_keys
        WHERE tenant_id = \(tenant) AND (id::text = \(id) OR hash = \(digest)) FOR NO KEY UPDATE
        """
    }

    /// A key that was revoked before keeps its time.
    static func revoke(_ id: APIKeyID, of tenant: TenantID, at now: Instant) -> Statement {
        """
        UPDATE api_keys SET revoked_at = coalesce(revoked_at, \(now))
        WHERE tenant_id = \(tenant) AND id = \(id)
        RETURNING id, dialect, hint, revoked_at IS NOT NULL, expires_at, allowed_sources::text[], last_used_at
        """
    }

    static func keys(_ result: ResultSet) throws -> [KeyView] {
        try result.map { row in
            KeyView(
                id: try row.get(0), dialect: try row.get(1), hint: try row.get(2), isRevoked: try row.get(3),
                expiresAt: try row.get(4), allowedSources: try APIKeyStore.allowedSources(row.get(5)),
                lastUsedAt: try row.get(6))
        }
    }

    private static let customerColumns = """
        SELECT c.id, c.email, c.username, c.active, c.currency, a.balance_minor, a.floor_minor, d.balance_minor,
               (SELECT g.code FROM customer_groups g WHERE g.tenant_id = c.tenant_id AND g.id = c.group_id)
        FROM customers c LEFT JOIN accounts a
          ON a.tenant_id = c.tenant_id AND a.owner_id = c.id AND a.role = 'wallet' AND a.currency = c.currency
        LEFT JOIN accounts d
          ON d.tenant_id = c.tenant_id AND d.owner_id = c.id AND d.role = 'receivable' AND d.currency = c.currency
        """
}
