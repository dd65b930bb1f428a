public import Postgres
public import Primitives

/// Changes that move no money (credentials, rotation, network), each once per Idempotency-Key.
///
/// One transaction under the doors' role looks the key up, runs the change and stores the sealed answer, so
/// that either all of it happened or nothing.
public struct IdempotentConnectionChange: Sendable {
    private let pool: PostgresPool
    private let answers: RememberedAnswers
    private let ids: any IdentifierSource

    /// - Parameter pool: connections of the doors' role.
    public init(pool: PostgresPool, answers: RememberedAnswers, ids: any IdentifierSource) {
        self.pool = pool
        self.answers = answers
        self.ids = ids
    }

    /// A key and what its request asked for.
    public struct Claim: Sendable {
        public let key: IdempotencyKey
        /// SHA-256 of the request's canonical form (`RequestFingerprint`).
        public let fingerprint: [UInt8]

        public init(key: IdempotencyKey, fingerprint: [UInt8]) {
            precondition(fingerprint.count == 32, "a fingerprint is a SHA-256 digest")
            self.key = key
            self.fingerprint = fingerprint
        }
    }

    /// What to answer: HTTP status, body, and whether it was answered before.
    public struct Answer: Sendable, Hashable {
        public let status: Int
        public let body: [UInt8]
        public let isReplayed: Bool
    }

    /// Runs the change once; without a claim simply runs it. The change is told the id of its command, under
    /// which it leaves its event: an answer that is remembered must be of something that can be found.
    ///
    /// What the change throws is thrown on and nothing is stored: a refusal may succeed later under the same
    /// key. A transaction that the server undid is run again, so the change must have no other effects.
    /// - Throws: `IdempotencyRefusal` where the key says no, the change's own refusals, else the database's
    ///   faults.
    public func run(
        tenant: TenantID, principal: PrincipalID, claim: Claim?,
        _ change: @escaping @Sendable (Transaction, CommandID) throws -> (status: Int, body: [UInt8])
    ) async throws -> Answer {
        guard let claim else {
            return try await pool.transaction(tenant: tenant) { transaction in
                let (status, body) = try change(transaction, ids.next(at: transaction.realNow))
                return Answer(status: status, body: body, isReplayed: false)
            }
        }
        do {
            return try await pool.transaction(tenant: tenant) { transaction in
                if let earlier = try lookUp(tenant, principal, claim, transaction) { return earlier }
                let command: CommandID = ids.next(at: transaction.realNow)
                let (status, body) = try change(transaction, command)
                try store(status, body, tenant, principal, claim, command, transaction)
                return Answer(status: status, body: body, isReplayed: false)
            }
        } catch let error as PostgresError where error.constraint == IdempotencyStore.constraint {
            // The engine does not know our lock, and committed a command under this key while the change ran.
            // The change is undone; the winner's answer counts.
            return try await pool.transaction(tenant: tenant) { transaction in
                guard let earlier = try lookUp(tenant, principal, claim, transaction) else { throw error }
                return earlier
            }
        }
    }

    private func lookUp(
        _ tenant: TenantID, _ principal: PrincipalID, _ claim: Claim, _ transaction: Transaction
    ) throws -> Answer? {
        let results = try transaction.pipeline([
            IdempotencyStore.lock(lockNumber(tenant, principal, claim.key)),
            IdempotencyStore.answer(tenant, principal, claim.key),
        ])
        // A row that is there is the answer, whoever holds the lock.
        guard let row = try IdempotencyStore.answer(results[1]) else {
            guard try IdempotencyStore.isLocked(results[0]) else { throw IdempotencyRefusal.keyInFlight }
            return nil
        }
        guard row.fingerprint == claim.fingerprint else { throw IdempotencyRefusal.keyReused }
        let body = try answers.body(of: row.answer, tenant: tenant, principal: principal, key: claim.key)
        return Answer(status: Int(row.answer.status), body: body, isReplayed: true)
    }

    private func store(
        _ status: Int, _ body: [UInt8], _ tenant: TenantID, _ principal: PrincipalID, _ claim: Claim,
        _ command: CommandID, _ transaction: Transaction
    ) throws {
        let answer = answers.remember(
            status: status, body: body, tenant: tenant, principal: principal, key: claim.key)
        _ = try transaction.query(
            IdempotencyStore.insert(
                tenant, principal, claim.key, claim.fingerprint, command, answer, at: transaction.now))
    }

    /// The advisory lock of a key. Two keys that share a number would only take turns.
    private func lockNumber(_ tenant: TenantID, _ principal: PrincipalID, _ key: IdempotencyKey) -> Int64 {
        let digest = CredentialDigest(of: "idempotency \(tenant) \(principal) \(key.text)")
        return digest.bytes.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}

/// Why an Idempotency-Key cannot be used.
public enum IdempotencyRefusal: Error, Sendable, Hashable {
    /// The key was used for another request.
    case keyReused
    /// The first request under this key is still being carried out.
    case keyInFlight
}
