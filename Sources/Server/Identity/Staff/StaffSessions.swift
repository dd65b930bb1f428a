internal import JWTKit
internal import Postgres
internal import Primitives
internal import Provisioning

/// What a staff session's token says; times are whole seconds since 1970 (RFC 7519).
struct StaffClaims: JWTPayload {
    let iss: String
    let aud: [String]
    /// The number that the person is filed under.
    let tid: Int64
    let sub: String
    /// The person's session version.
    let ver: Int64
    let jti: String
    let iat: Int64
    let exp: Int64

    static let audience = "admin"

    /// Times are checked against our own clock, not against the machine's by the library.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    func isValid(at now: Instant) -> Bool {
        iss == SessionClaims.issuer && aud == [Self.audience] && now.milliseconds / 1_000 < exp
    }
}

/// Sessions of staff: signed under a key of their own, so that a customer's token is nothing here and the reverse.
///
/// Whether a session is still good, the person's row says on every request: a changed password, role or second factor
/// and a person who is no longer active end it at once, in every process.
final class StaffSessions: Sendable {
    private let pool: PostgresPool
    private let clock: any WallClock
    private let random: any RandomSource
    private let keys: SessionKeys
    private let lifetimeMilliseconds: Int64

    /// - Parameter pool: connections of the role `tollgate_admin`.
    init(
        pool: PostgresPool, clock: any WallClock, random: any RandomSource,
        installationKeys: InstallationKeys,
        lifetimeMilliseconds: Int64 = 12 * 3_600_000
    ) {
        self.pool = pool
        self.clock = clock
        self.random = random
        keys = SessionKeys(installationKeys, purpose: "staff session signing")
        self.lifetimeMilliseconds = lifetimeMilliseconds
    }

    /// A new session of a person who has proved who they are.
    func issue(for person: StaffPerson) async throws -> SessionToken {
        let now = clock.now().milliseconds / 1_000
        let end = now + lifetimeMilliseconds / 1_000
        let claims = StaffClaims(
            iss: SessionClaims.issuer, aud: [StaffClaims.audience], tid: person.scope.number.number,
            sub: person.id.description, ver: person.sessionVersion, jti: Hex.encode(random.bytes(16)),
            iat: now, exp: end)
        let text = try await keys.sign(claims, for: .platform)
        return SessionToken(text: text, expiresAt: Instant(milliseconds: end * 1_000))
    }

    /// Whose session it is; `nil` where the token is none of ours, or is over.
    /// - Throws: what the database failed with; that is a fault and no 401.
    func actor(for token: String) async throws -> StaffActor? {
        guard token.utf8.count <= Sessions.lengthMax,
            let claims = await keys.claims(of: token, for: .platform, as: StaffClaims.self),
            claims.isValid(at: clock.now()), let bits = IdentifierBits(uuidString: claims.sub)
        else { return nil }
        let scope = TenantID(claims.tid)
        let person = try await pool.read(
            tenant: scope, StaffStore.person(StaffID(bits: bits), scope), StaffStore.person)
        guard let person, person.isActive, person.sessionVersion == claims.ver else { return nil }
        return person.actor
    }
}
