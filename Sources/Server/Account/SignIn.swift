public import Postgres
public import Primitives

/// Signs a person in: counts the attempt, compares the password, issues a session.
///
/// An unknown address, a wrong password and a person who is no longer served take the same time and get the
/// same answer. Attempts are counted by the caller's address and by the e-mail address that is tried, right
/// or wrong.
public struct SignIn: Sendable {
    /// What a person types.
    public struct Credentials: Sendable {
        public let email: String
        public let password: String

        public init(email: String, password: String) {
            self.email = email
            self.password = password
        }
    }

    public enum Result: Sendable, Hashable {
        case signedIn(SessionToken)
        case refused
        case tooMany(retryAfterSeconds: Int)
    }

    /// How often signing in may be tried.
    public struct Limits: Sendable {
        public var perAddress = RateLimit.sliding(limit: 20, window: 60_000)
        public var perEmail = RateLimit.sliding(limit: 10, window: 60_000)

        public init() {}
    }

    private let pool: PostgresPool
    private let hasher: any SecretHasher
    private let sessions: Sessions
    private let limiter: SlidingWindowLimiter
    private let clock: any WallClock
    private let limits: Limits

    /// - Parameter pool: connections of the doors' role.
    public init(
        pool: PostgresPool, hasher: any SecretHasher, sessions: Sessions, limiter: SlidingWindowLimiter,
        clock: any WallClock, limits: Limits = Limits()
    ) {
        self.pool = pool
        self.hasher = hasher
        self.sessions = sessions
        self.limiter = limiter
        self.clock = clock
        self.limits = limits
    }

    /// - Parameter note: where it is written who signed in.
    /// - Throws: what the database failed with.
    public func attempt(
        _ credentials: Credentials, from address: String, tenant: TenantID, note: CallerNote = CallerNote()
    ) async throws -> Result {
        if let seconds = refusedFor(credentials, address, tenant) {
            return .tooMany(retryAfterSeconds: seconds)
        }
        let user = try await pool.read(
            tenant: tenant, SessionUserStore.user(email: credentials.email, tenant), SessionUserStore.user)
        do {
            let isRight = try await hasher.verify(credentials.password, user?.passwordHash)
            guard isRight, let user, user.isServed else { return .refused }
            let token = try await sessions.issue(
                for: user.id, of: user.customer, role: user.role, tenant: tenant)
            note.write(user.customer, user.id.retyped())
            return .signedIn(token)
        } catch SecretHasherError.busy(let seconds) {
            return .tooMany(retryAfterSeconds: seconds)
        }
    }

    /// The seconds to wait where one of the two counts is used up. The e-mail address is only counted for
    /// callers who are let through by their own count, so nobody can lock a person out faster than they can
    /// try themselves.
    private func refusedFor(_ credentials: Credentials, _ address: String, _ tenant: TenantID) -> Int? {
        let now = clock.now()
        let counts: [(RateLimitSubject, RateLimitBucket)] = [
            (.caller(tenant, at: address), RateLimitBucket("sign-in", limits.perAddress)),
            (.target(tenant, credentials.email.lowercased()), RateLimitBucket("sign-in", limits.perEmail)),
        ]
        for (subject, bucket) in counts {
            if let verdict = limiter.take(subject, [bucket], at: now), !verdict.isAllowed {
                return verdict.retryAfterSeconds
            }
        }
        return nil
    }
}
