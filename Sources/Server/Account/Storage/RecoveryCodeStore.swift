internal import Postgres
internal import Primitives

/// SQL of the codes that open an account once: only their digests are stored.
enum RecoveryCodeStore {
    /// Affects one row where the code is the person's and was not used before.
    static func use(
        _ digest: CredentialDigest, of person: UserID, _ tenant: TenantID, at now: Instant
    ) -> Statement {
        """
        UPDATE customer_recovery_codes SET used_at = \(now)
        WHERE tenant_id = \(tenant) AND user_id = \(person) AND digest = \(digest.bytes) AND used_at IS NULL
        """
    }

    /// New ones in place of all that there were.
    static func replace(
        with digests: [CredentialDigest], of person: UserID, _ tenant: TenantID, at now: Instant
    ) -> [Statement] {
        [
            removeAll(of: person, tenant),
            """
            INSERT INTO customer_recovery_codes (tenant_id, user_id, digest, made_at)
            SELECT \(tenant), \(person), v.digest, \(now) FROM unnest(\(digests.map(\.bytes))::bytea[]) AS v(digest)
            """,
        ]
    }

    static func removeAll(of person: UserID, _ tenant: TenantID) -> Statement {
        "DELETE FROM customer_recovery_codes WHERE tenant_id = \(tenant) AND user_id = \(person)"
    }

    static func unused(of person: UserID, _ tenant: TenantID) -> Statement {
        """
        SELECT count(*) FROM customer_recovery_codes
        WHERE tenant_id = \(tenant) AND user_id = \(person) AND used_at IS NULL
        """
    }
}
