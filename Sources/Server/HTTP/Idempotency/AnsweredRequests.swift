public import Postgres
public import Primitives

/// What keys did: looked up without doing anything again.
public struct AnsweredRequests: Sendable {
    private let pool: PostgresPool
    private let answers: RememberedAnswers

    /// - Parameter pool: connections of the doors' role.
    public init(pool: PostgresPool, answers: RememberedAnswers) {
        self.pool = pool
        self.answers = answers
    }

    /// One answer as it was given.
    public struct Record: Sendable, Hashable {
        public let status: Int
        public let body: [UInt8]
        public let recordedAt: Instant
        /// SHA-256 of the request's canonical form.
        public let fingerprint: [UInt8]
    }

    /// What was answered under a key of this caller's; `nil` where nothing was carried out under it.
    public func record(of key: IdempotencyKey, by caller: Principal) async throws -> Record? {
        let statement = IdempotencyStore.answer(caller.tenant, caller.id, key)
        let found = try await pool.read(tenant: caller.tenant, statement) {
            try IdempotencyStore.answer($0)
        }
        guard let found else { return nil }
        let body = try answers.body(of: found.answer, tenant: caller.tenant, principal: caller.id, key: key)
        return Record(
            status: Int(found.answer.status), body: body, recordedAt: found.recordedAt,
            fingerprint: found.fingerprint)
    }

    /// The answer that this very request was given before.
    ///
    /// - Throws: `IdempotencyRefusal.keyReused` where the key named another request.
    public func find(
        _ claim: IdempotentConnectionChange.Claim, by caller: Principal
    ) async throws -> IdempotentConnectionChange.Answer? {
        guard let record = try await record(of: claim.key, by: caller) else { return nil }
        guard record.fingerprint == claim.fingerprint else { throw IdempotencyRefusal.keyReused }
        return IdempotentConnectionChange.Answer(
            status: record.status, body: record.body, isReplayed: true)
    }
}
