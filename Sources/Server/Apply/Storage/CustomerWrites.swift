internal import Catalog
internal import Postgres
internal import Primitives

/// Writes customers, their people and their keys.
enum CustomerWrites {
    static func customer(_ row: CustomerRow, at now: Instant) -> Statement {
        """
        INSERT INTO customers (tenant_id, id, email, username, currency, group_id, active, created_at)
        VALUES (\(row.tenant), \(row.id), \(row.email), \(row.username), \(row.currency.code), \(row.group),
                \(row.isActive), \(now))
        ON CONFLICT (tenant_id, id) DO UPDATE SET username = excluded.username, group_id = excluded.group_id,
            active = excluded.active
        """
    }

    /// A password is set where the file has another than it had, and with it every session ends; else the one that the
    /// person has chosen since stays.
    static func user(_ row: UserRow, at now: Instant) -> Statement {
        """
        INSERT INTO customer_users AS u
            (tenant_id, id, customer_id, username, email, password_hash, role, active, created_at)
        VALUES (\(row.tenant), \(row.id), \(row.customer), \(row.username), \(row.email), \(row.passwordHash),
                \(row.role), \(row.isActive), \(now))
        ON CONFLICT (tenant_id, id) DO UPDATE SET email = excluded.email, role = excluded.role, active = excluded.active,
            (password_hash, applied_password_hash, session_version) = (
                SELECT CASE WHEN old THEN u.password_hash ELSE excluded.password_hash END,
                       CASE WHEN old THEN u.applied_password_hash END,
                       CASE WHEN old THEN u.session_version ELSE u.session_version + 1 END
                FROM (SELECT excluded.password_hash = coalesce(u.applied_password_hash, u.password_hash)) AS v(old)
            )
        """
    }

    /// A key that was revoked stays so; its row is never made good again.
    static func key(_ row: KeyRow, at now: Instant) -> Statement {
        let revokedAt = row.isRevoked ? now : nil
        return """
            INSERT INTO api_keys (hash, tenant_id, id, customer_id, dialect, hint, trials, scopes, rate_limit, expires_at,
                                  allowed_sources, revoked_at, created_at)
            VALUES (\(row.digest), \(row.tenant), \(row.id), \(row.customer), \(row.dialect), \(row.hint),
                    \(row.mayTakeTrials), \(row.scopes), \(row.rateLimit), \(row.expiresAt),
                    \(row.allowedSources?.networks.map(\.description))::text[]::cidr[], \(revokedAt), \(now))
            ON CONFLICT (hash) DO UPDATE SET trials = excluded.trials, scopes = excluded.scopes,
                rate_limit = excluded.rate_limit, expires_at = excluded.expires_at,
                allowed_sources = excluded.allowed_sources, revoked_at = coalesce(api_keys.revoked_at, excluded.revoked_at)
            """
    }

    /// Tells every process to forget what it knows of keys and people, once the transaction is committed.
    static var notification: Statement { "SELECT pg_notify(\(PrincipalCache.channel), '')" }
}
