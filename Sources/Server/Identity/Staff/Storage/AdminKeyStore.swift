internal import Postgres
internal import Primitives

/// SQL of admin keys; `scope` is what they are filed under.
enum AdminKeyStore {
    static func key(_ digest: CredentialDigest, _ scope: TenantID) -> Statement {
        Statement("\(columns) WHERE tenant_id = $1 AND hash = $2" as String, [scope, digest.bytes])
    }

    static func key(_ id: AdminKeyID, _ scope: TenantID) -> Statement {
        Statement("\(columns) WHERE tenant_id = $1 AND id = $2" as String, [scope, id])
    }

    static func locked(_ id: AdminKeyID, _ scope: TenantID) -> Statement {
        Statement("\(columns) WHERE tenant_id = $1 AND id = $2 FOR UPDATE" as String, [scope, id])
    }

    /// Newest first, one more than a page holds.
    static func keys(_ scope: TenantID, before: AdminKeyID?, limit: Int) -> Statement {
        Statement(
            "\(columns) WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
                as String,
            [scope, before, Int64(limit + 1)])
    }

    static func key(_ result: ResultSet) throws -> AdminKey? { try keys(result).first }

    static func keys(_ result: ResultSet) throws -> [AdminKey] {
        try result.map { row in
            guard let role = StaffRole(rawValue: try row.get(3)) else {
                throw Unreadable("the stored role is unknown")
            }
            return AdminKey(
                scope: StaffScope(try row.get(0)), id: try row.get(1), name: try row.get(2), role: role,
                hint: try row.get(4), allowedSources: try APIKeyStore.allowedSources(row.get(5)),
                expiresAt: try row.get(6), revokedAt: try row.get(7), createdAt: try row.get(8))
        }
    }

    static func insert(_ key: AdminKey, _ digest: CredentialDigest) -> Statement {
        """
        INSERT INTO admin_keys
            (tenant_id, id, hash, name, role, hint, allowed_sources, expires_at, created_at)
        VALUES (\(key.scope.number), \(key.id), \(digest.bytes), \(key.name), \(key.role.rawValue), \(key.hint),
                \(key.allowedSources?.networks.map(\.description))::text[]::cidr[], \(key.expiresAt),
                \(key.createdAt))
        """
    }

    static func revoke(_ id: AdminKeyID, _ scope: TenantID, at now: Instant) -> Statement {
        """
        UPDATE admin_keys SET revoked_at = \(now)
        WHERE tenant_id = \(scope) AND id = \(id) AND revoked_at IS NULL
        """
    }

    private static let columns = """
        SELECT tenant_id, id, name, role, hint, allowed_sources::text[], expires_at, revoked_at, created_at
        FROM admin_keys
        """
}
