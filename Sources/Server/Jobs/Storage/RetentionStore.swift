internal import Postgres
internal import Primitives

/// SQL of what is forgotten when it is old enough.
enum RetentionStore {
    /// The tenants, switched off or not: theirs grows old too.
    static func tenants(_ only: TenantID?) -> Statement {
        "SELECT id FROM tenants WHERE \(only)::bigint IS NULL OR id = \(only) ORDER BY id"
    }

    static func tenants(_ result: ResultSet) throws -> [TenantID] { try result.map { try $0.get(0) } }

    /// The oldest of a tenant's keys that were recorded before a moment, behind where the last batch ended.
    static func keys(
        of tenant: TenantID, before: Instant, after cursor: OldKey, limit: Int
    ) -> Statement {
        """
        SELECT old.principal_id::text, old.key, old.recorded_at FROM idempotency_keys AS old
        WHERE old.tenant_id = \(tenant) AND old.recorded_at < \(before)
          AND (old.recorded_at, old.principal_id, old.key)
              > (\(cursor.recordedAt), \(cursor.principal)::uuid, \(cursor.key))
        ORDER BY old.recorded_at, old.principal_id, old.key LIMIT \(limit)
        """
    }

    static func keys(_ result: ResultSet) throws -> [OldKey] {
        try result.map {
            OldKey(principal: try $0.get(0), key: try $0.get(1), recordedAt: try $0.get(2))
        }
    }

    /// One row for each key that was still there. The age is asked again: a key that was forgotten and used anew since it
    /// was found is young.
    static func forget(_ keys: [OldKey], of tenant: TenantID, before: Instant) -> Statement {
        """
        DELETE FROM idempotency_keys AS remembered
        USING unnest(\(keys.map(\.principal))::text[], \(keys.map(\.key))::text[]) AS old (principal, key)
        WHERE remembered.tenant_id = \(tenant) AND remembered.principal_id = old.principal::uuid
          AND remembered.key = old.key AND remembered.recorded_at < \(before)
        RETURNING 1
        """
    }

    /// One row for each run that was forgotten; one that is under way is not.
    static func forgetRuns(before: Instant, limit: Int) -> Statement {
        """
        DELETE FROM job_runs WHERE state <> 'running' AND id IN (
            SELECT id FROM job_runs WHERE started_at < \(before) AND state <> 'running' ORDER BY started_at, id LIMIT \(limit)
        )
        RETURNING 1
        """
    }
}

/// An idempotency key that is old enough to be forgotten; the principal as text, for nobody is looked up by it.
struct OldKey: Sendable {
    let principal: String
    let key: String
    let recordedAt: Instant

    /// Before all others.
    static let start = OldKey(
        principal: "00000000-0000-0000-0000-000000000000", key: "", recordedAt: Instant(milliseconds: -1))
}
