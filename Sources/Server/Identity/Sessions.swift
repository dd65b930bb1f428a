public import Catalog
internal import JWTKit
public import Postgres
public import Primitives
public import Provisioning

/// What signing in gives: a bearer token and when it ends.
public struct SessionToken: Sendable, Hashable {
    public let text: String
    public let expiresAt: Instant
}

/// Signs in people and tells whose session a request carries: JWT, HS256 and nothing else.
public final class Sessions: Sendable {
    private let pool: PostgresPool
    private let cache: PrincipalCache
    private let clock: any WallClock
    private let random: any RandomSource
    private let keys: SessionKeys
    private let lifetimeMilliseconds: Int64
    private let audiences: [DialectName]

    /// - Parameters:
    ///   - pool: connections of the doors' role.
    ///   - audiences: the dialects whose doors accept the tokens.
    public init(
        pool: PostgresPool, cache: PrincipalCache, clock: any WallClock, random: any RandomSource,
        installationKeys: InstallationKeys, audiences: [DialectName], lifetimeMilliseconds: Int64 = 86_400_000
    ) {
        self.pool = pool
        self.cache = cache
        self.clock = clock
        self.random = random
        keys = SessionKeys(installationKeys)
        self.audiences = audiences
        self.lifetimeMilliseconds = lifetimeMilliseconds
    }

    /// The longest token that is looked at.
    public static let lengthMax = 4_096

    /// A new session of a person who has proved who they are.
    /// - Parameter version: of the person's sessions; once it is another, this one is over.
    public func issue(
        for user: UserID, of customer: CustomerID, role: SessionRole, tenant: TenantID, version: Int32 = 0
    ) async throws -> SessionToken {
        // Whole seconds: RFC 7519 NumericDate, and what the answer says must be what the token says.
        let now = clock.now().milliseconds / 1_000
        let end = now + lifetimeMilliseconds / 1_000
        let claims = SessionClaims(
            iss: SessionClaims.issuer, aud: [Self.account.rawValue] + audiences.map(\.rawValue),
            tid: tenant.number,
            cid: customer.description, sub: user.description, role: role.rawValue,
            jti: Hex.encode(random.bytes(16)), iat: now, nbf: nil, exp: end,
            ver: version)
        let text = try await keys.sign(claims, for: tenant)
        return SessionToken(text: text, expiresAt: Instant(milliseconds: end * 1_000))
    }

    /// The audience of the account API, which every session may use.
    public static let account = DialectName(rawValue: "account")

    /// The session's principal; `nil` where the token is not one of ours for this tenant and dialect and this
    /// moment, or its person is no longer served.
    ///
    /// The role is the person's now, not the one at sign-in.
    /// - Throws: what the database failed with; that is a fault and no 401.
    public func principal(
        for token: String, tenant: TenantID, dialect: DialectName
    ) async throws -> Principal? {
        guard token.utf8.count <= Self.lengthMax else { return nil }
        let digest = CredentialDigest(of: token)
        switch cache.find(digest, as: .session, tenant, dialect, at: clock.now()) {
        case .known(let facts): return facts?.verdict(at: clock.now()).principal
        case .unknown(let ticket):
            // A text that is no token of ours costs no query, and no place in the cache.
            guard let claims = await keys.claims(of: token, for: tenant),
                claims.isValid(tenant, dialect, clock.now()),
                let subject = IdentifierBits(uuidString: claims.sub).map(UserID.init(bits:))
            else { return nil }
            let user = try await pool.read(
                tenant: tenant, SessionUserStore.user(subject, tenant), SessionUserStore.user)
            let principal = user.flatMap { Self.principal(of: $0, claims, tenant, dialect) }
            let facts = principal.map { CredentialFacts(principal: $0, expiresAt: claims.expiresAt) }
            let now = clock.now()
            cache.remember(facts, for: digest, as: .session, tenant, dialect, ticket, at: now)
            return facts?.verdict(at: now).principal
        }
    }

    /// What was remembered may be out of date: a person has ended their sessions in this process.
    func forget() { cache.forgetAll() }

    private static func principal(
        of user: SessionUserStore.User, _ claims: SessionClaims, _ tenant: TenantID, _ dialect: DialectName
    ) -> Principal? {
        guard user.isServed, user.customer.description == claims.cid, user.sessionVersion == claims.ver ?? 0
        else { return nil }
        return Principal(
            tenant: tenant, dialect: dialect, customer: user.customer, id: user.id.retyped(),
            kind: .session(user.role))
    }
}
