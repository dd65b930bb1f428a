internal import Billing
internal import Postgres
internal import Primitives

/// Idempotency keys as the doors use them; the engine has statements of its own.
enum IdempotencyStore {
    struct StoredAnswer {
        let fingerprint: [UInt8]
        let answer: RememberedAnswer
        let recordedAt: Instant
    }

    static let constraint = "one_answer_per_idempotency_key"

    /// Tries to take a key's lock until the end of the transaction.
    static func lock(_ number: Int64) -> Statement {
        Statement(tryLock, [number])
    }

    static func isLocked(_ result: ResultSet) throws -> Bool {
        try result[0].get(0)
    }

    static func answer(_ tenant: TenantID, _ principal: PrincipalID, _ key: IdempotencyKey) -> Statement {
        Statement(byKey, [tenant, principal, key.text])
    }

    static func answer(_ result: ResultSet) throws -> StoredAnswer? {
        guard let row = result.first else { return nil }
        return StoredAnswer(
            fingerprint: try row.get(0),
            answer: RememberedAnswer(status: try row.get(1), sealed: try row.get(2)),
            recordedAt: try row.get(3))
    }

    static func insert(
        _ tenant: TenantID, _ principal: PrincipalID, _ key: IdempotencyKey, _ fingerprint: [UInt8],
        _ command: CommandID, _ answer: RememberedAnswer, at now: Instant
    ) -> Statement {
        Statement(
            inserting, [tenant, principal, key.text, fingerprint, command, answer.status, answer.sealed, now])
    }

    private static let tryLock = "SELECT pg_try_advisory_xact_lock($1)"
    private static let byKey = """
        SELECT fingerprint, status, answer, recorded_at FROM idempotency_keys
        WHERE tenant_id = $1 AND principal_id = $2 AND key = $3
        """
    private static let inserting = """
        INSERT INTO idempotency_keys
            (tenant_id, principal_id, key, fingerprint, command_id, status, answer, recorded_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """
}
