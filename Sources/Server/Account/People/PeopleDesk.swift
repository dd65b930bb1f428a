internal import Postgres
internal import Primitives

/// What people change about how they sign in: each in one transaction, told to all running processes.
struct PeopleDesk: Sendable {
    let proving: Proving
    let sessions: Sessions
    let ids: any IdentifierSource
    let random: any RandomSource

    var pool: PostgresPool { proving.pool }

    /// Why nothing was changed, where the proof was good.
    enum Refusal: Error, Sendable, Hashable {
        case authenticatorIsOn
        case authenticatorIsOff
        /// There is no secret that waits for its first code.
        case nothingToConfirm
        case passwordIsTheSame
    }

    /// A person, and how many recovery codes they have left.
    struct Standing: Sendable {
        let person: Person
        let recoveryCodes: Int
    }

    /// `nil` where the person is gone.
    func standing(of caller: Principal) async throws -> Standing? {
        let (tenant, id) = (caller.tenant, caller.person)
        return try await pool.transaction(tenant: tenant) { transaction in
            let results = try transaction.pipeline([
                PersonStore.person(id, tenant), RecoveryCodeStore.unused(of: id, tenant),
            ])
            return try PersonStore.person(results[0]).map {
                Standing(person: $0, recoveryCodes: try results[1][0].get(0))
            }
        }
    }

    /// A new password: every session ends, and the caller gets another.
    func changePassword(
        of caller: Principal, from current: String, to new: String, _ code: ShownCode
    ) async throws -> SessionToken {
        guard current != new else { throw Refusal.passwordIsTheSame }
        let proven = try await proving.password(current, of: caller.person, in: caller.tenant)
        let hash = try await hash(new)
        let person = try await change(caller, "person.password_changed") { [proving] transaction in
            let person = try proving.confirm(proven, code, transaction)
            _ = try transaction.query(
                PersonStore.change(passwordHash: hash, person.id, caller.tenant))
            return person
        }
        return try await session(of: person, in: caller.tenant)
    }

    /// Ends every session, the caller's too.
    func signOutEverywhere(_ caller: Principal) async throws {
        try await change(caller, "person.signed_out") { transaction in
            _ = try transaction.query(PersonStore.endSessions(caller.person, caller.tenant))
        }
    }

    /// Carries a change out with its event, and lets no process go by what it knew before.
    func change<Result: Sendable>(
        _ caller: Principal, _ event: String, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        let result = try await pool.transaction(tenant: caller.tenant) { transaction in
            let result = try body(transaction)
            _ = try transaction.pipeline([
                AccountEventStore.insert(
                    event, ids.next(at: transaction.realNow), by: caller, at: transaction.now),
                CustomerWrites.notification,
            ])
            return result
        }
        sessions.forget()
        return result
    }

    /// A session after a change that ended all others.
    func session(of person: Person, in tenant: TenantID) async throws -> SessionToken {
        try await sessions.issue(
            for: person.id, of: person.customer, role: person.role, tenant: tenant,
            version: person.sessionVersion + 1)
    }

    private func hash(_ password: String) async throws -> String {
        do {
            return try await proving.hasher.hash(password)
        } catch SecretHasherError.busy(let seconds) {
            throw ProofRefusal.tooMany(retryAfterSeconds: seconds)
        }
    }
}

extension Principal {
    /// Of a session: the person.
    var person: UserID { id.retyped() }
}
