internal import Postgres
internal import Primitives

/// Signs a person of the staff in: counts the attempt, compares the password, asks for the second factor, issues a
/// session. Codes are counted by person too, as a customer's people's are.
///
/// An unknown tenant or address, a wrong password and a person who is no longer active take the same time and get the
/// same answer. That a code is missing or wrong hears only who has shown the right password.
struct StaffSignIn: Sendable {
    /// What a person types.
    struct Credentials: Sendable {
        /// The slug of whose staff they are; `nil`: the platform's.
        var tenant: String?
        var email: String
        var password: String
        /// A code of their authenticator, or one of their recovery codes.
        var code: String?
    }

    enum Result: Sendable {
        case signedIn(SessionToken, StaffActor)
        case refused
        case codeMissing, codeWrong
        case tooMany(retryAfterSeconds: Int)
    }

    /// Connections of the role `tollgate_admin`.
    let pool: PostgresPool
    let hasher: any SecretHasher
    let sessions: StaffSessions
    let factors: StaffFactors
    let limiter: SlidingWindowLimiter
    let clock: any WallClock
    var limits = SignInLimits()
    var proofs = ProofLimits()

    /// - Throws: what the database failed with.
    func attempt(_ credentials: Credentials, from address: String) async throws -> Result {
        let email = credentials.email.lowercased()
        let seconds = limits.refused(
            "staff sign-in", "staff \(credentials.tenant ?? "") \(email)", from: address, in: .platform,
            by: limiter, at: clock.now())
        if let seconds { return .tooMany(retryAfterSeconds: seconds) }
        let scope = try await scope(credentials.tenant)
        var person: StaffPerson?
        if let scope {
            person = try await pool.read(
                tenant: scope.number, StaffStore.person(email: email, scope.number), StaffStore.person)
        }
        do {
            let isRight = try await hasher.verify(credentials.password, person?.passwordHash)
            guard isRight, let person, person.isActive else { return .refused }
            if person.needsCode {
                guard let code = credentials.code else { return .codeMissing }
                let seconds = proofs.refused(
                    "staff \(person.id)", in: person.scope.number, by: limiter, at: clock.now())
                if let seconds { return .tooMany(retryAfterSeconds: seconds) }
                guard try await factors.use(code, of: person) else { return .codeWrong }
            }
            return .signedIn(try await sessions.issue(for: person), person.actor)
        } catch SecretHasherError.busy(let seconds) {
            return .tooMany(retryAfterSeconds: seconds)
        }
    }

    /// `nil` for a tenant that there is none of.
    private func scope(_ slug: String?) async throws -> StaffScope? {
        guard let slug else { return .platform }
        let tenant = try await pool.read(
            tenant: .platform, AdminTenantStore.tenant(slug: slug), AdminTenantStore.tenants)
        return tenant.first.map { .tenant($0.id) }
    }
}
