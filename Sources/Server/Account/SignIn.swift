internal import Postgres
internal import Primitives

/// Signs a person in: counts the attempt, compares the password, takes the code where one is asked for, issues a session.
///
/// An unknown address, a wrong password and a person who is no longer served take the same time and get the
/// same answer. Attempts are counted by the caller's address and by the e-mail address that is tried, right
/// or wrong; those with a code by the person too.
struct SignIn: Sendable {
    /// What a person types.
    struct Credentials: Sendable {
        let email: String
        let password: String
        var code = ShownCode.nothing
    }

    enum Result: Sendable, Hashable {
        case signedIn(SessionToken)
        case refused
        /// The password was right, and that is not enough.
        case codeRequired
        case codeWrong
        case tooMany(retryAfterSeconds: Int)
    }

    let proving: Proving
    let sessions: Sessions
    var limits = SignInLimits()

    /// - Parameter note: where it is written who signed in.
    /// - Throws: what the database failed with.
    func attempt(
        _ credentials: Credentials, from address: String, tenant: TenantID, note: CallerNote = CallerNote()
    ) async throws -> Result {
        let seconds = limits.refused(
            "sign-in", credentials.email.lowercased(), from: address, in: tenant, by: proving.limiter,
            at: proving.clock.now())
        if let seconds { return .tooMany(retryAfterSeconds: seconds) }
        let found = try await proving.pool.read(
            tenant: tenant, PersonStore.person(email: credentials.email, tenant), PersonStore.person)
        do {
            let isRight = try await proving.hasher.verify(credentials.password, found?.passwordHash)
            guard isRight, let found, found.isServed else { return .refused }
            let person = try await confirmed(found, credentials.code, tenant)
            let token = try await sessions.issue(
                for: person.id, of: person.customer, role: person.role, tenant: tenant,
                version: person.sessionVersion)
            note.write(person.customer, person.id.retyped())
            return .signedIn(token)
        } catch SecretHasherError.busy(let seconds) {
            return .tooMany(retryAfterSeconds: seconds)
        } catch let refusal as ProofRefusal {
            switch refusal {
            // It was changed while it was compared.
            case .passwordWrong: return .refused
            case .codeRequired: return .codeRequired
            case .codeWrong: return .codeWrong
            case .tooMany(let seconds): return .tooMany(retryAfterSeconds: seconds)
            }
        }
    }

    private func confirmed(
        _ person: Person, _ code: ShownCode, _ tenant: TenantID
    ) async throws -> Person {
        switch person.authenticator {
        case .none, .awaiting: return person
        case .on: break
        }
        guard code != .nothing else { throw ProofRefusal.codeRequired }
        try proving.count(person.id, in: tenant)
        return try await proving.pool.transaction(tenant: tenant) { [proving] transaction in
            try proving.confirm(Proving.ProvenPassword(of: person, in: tenant), code, transaction)
        }
    }
}
