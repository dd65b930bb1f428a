internal import Postgres
internal import Primitives

/// SQL of what is forgotten when it is old enough.
enum RetentionStore {
    /// The tenants, switched off or not: theirs grows old too. With all of them, what is filed as the platform's.
    static func tenants(_ only: TenantID?) -> Statement {
        """
        SELECT id FROM tenants WHERE \(only)::bigint IS NULL OR id = \(only)
        UNION ALL SELECT \(TenantID.platform) WHERE \(only)::bigint IS NULL ORDER BY 1
        """
    }

    static func tenants(_ result: ResultSet) throws -> [TenantID] { try result.map { try $0.get(0) } }

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

extension OldKey {
    static func old(of tenant: TenantID, before: Instant, after cursor: OldKey, limit: Int) -> Statement {
        """
        SELECT old.principal_id::text, old.key, old.recorded_at FROM idempotency_keys AS old
        WHERE old.tenant_id = \(tenant) AND old.recorded_at < \(before)
          AND (old.recorded_at, old.principal_id, old.key)
              > (\(cursor.recordedAt), \(cursor.principal)::uuid, \(cursor.key))
        ORDER BY old.recorded_at, old.principal_id, old.key LIMIT \(limit)
        """
    }

    static func read(_ result: ResultSet) throws -> [OldKey] {
        try result.map {
            OldKey(principal: try $0.get(0), key: try $0.get(1), recordedAt: try $0.get(2))
        }
    }

    static func forget(_ rows: [OldKey], of tenant: TenantID, before: Instant) -> Statement {
        """
        DELETE FROM idempotency_keys AS remembered
        USING unnest(\(rows.map(\.principal))::text[], \(rows.map(\.key))::text[]) AS old (principal, key)
        WHERE remembered.tenant_id = \(tenant) AND remembered.principal_id = old.principal::uuid
          AND remembered.key = old.key AND remembered.recorded_at < \(before)
        RETURNING 1
        """
    }
}

extension OldAttempt {
    static func old(of tenant: TenantID, before: Instant, after cursor: OldAttempt, limit: Int) -> Statement {
        """
        SELECT subscription_id, period_index, last_at FROM renewal_attempts
        WHERE tenant_id = \(tenant) AND last_at < \(before)
          AND (last_at, subscription_id, period_index) > (\(cursor.lastAt), \(cursor.subscription), \(cursor.period))
        ORDER BY last_at, subscription_id, period_index LIMIT \(limit)
        """
    }

    static func read(_ result: ResultSet) throws -> [OldAttempt] {
        try result.map {
            OldAttempt(subscription: try $0.get(0), period: try $0.get(1), lastAt: try $0.get(2))
        }
    }

    static func forget(_ rows: [OldAttempt], of tenant: TenantID, before: Instant) -> Statement {
        """
        DELETE FROM renewal_attempts AS attempt
        USING unnest(\(rows.map(\.subscription)), \(rows.map(\.period))) AS old (subscription_id, period_index)
        WHERE attempt.tenant_id = \(tenant) AND attempt.subscription_id = old.subscription_id
          AND attempt.period_index = old.period_index AND attempt.last_at < \(before)
        RETURNING 1
        """
    }
}
