internal import Catalog
internal import JWTKit
internal import Primitives

/// What a session token says; times are whole seconds since 1970 (RFC 7519).
struct SessionClaims: JWTPayload {
    let iss: String
    let aud: [String]
    /// The tenant's number.
    let tid: Int64
    /// The customer that the person signs in for.
    let cid: String
    /// The person.
    let sub: String
    let role: String
    let jti: String
    let iat: Int64
    let nbf: Int64?
    let exp: Int64
    /// Of the person's sessions when it was issued; tokens that were made before there were versions have none.
    let ver: Int32?

    static let issuer = "tollgate"

    /// Times are checked against our own clock by `isValid`, not against the machine's by the library.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    var expiresAt: Instant {
        Instant(milliseconds: exp.multipliedReportingOverflow(by: 1_000).overflow ? 0 : exp * 1_000)
    }

    /// Whether the token is good at this door, now: its end is exclusive, and no leeway is given for clocks,
    /// because whoever made it and whoever reads it are the same installation.
    func isValid(_ tenant: TenantID, _ dialect: DialectName, _ now: Instant) -> Bool {
        let seconds = now.milliseconds / 1_000
        guard iss == Self.issuer, tid == tenant.number, aud.contains(dialect.rawValue) else { return false }
        return seconds < exp && (nbf.map { $0 <= seconds } ?? true)
    }
}
