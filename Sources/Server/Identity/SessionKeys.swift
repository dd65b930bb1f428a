internal import Crypto
internal import Foundation
internal import JWTKit
internal import Primitives
internal import Synchronization

/// The signing keys of sessions: one per tenant, derived from the installation key, never stored.
final class SessionKeys: Sendable {
    private let installationKey: SymmetricKey
    private let collections = Mutex<[TenantID: JWTKeyCollection]>([:])

    /// Names the derivation in the token's header, so that a later one can live beside it.
    static let keyID = "1"
    private static let algorithm = "HS256"

    init(_ installationKey: SymmetricKey) {
        self.installationKey = installationKey
    }

    func sign(_ claims: SessionClaims, for tenant: TenantID) async throws -> String {
        try await collection(tenant).sign(claims, kid: JWKIdentifier(string: Self.keyID))
    }

    /// What a token says, if we signed it for this tenant.
    ///
    /// The header is read before anything is trusted: the algorithm is ours to choose, not the token's.
    func claims(of token: String, for tenant: TenantID) async -> SessionClaims? {
        guard Self.isHeaderOurs(token) else { return nil }
        return try? await collection(tenant).verify(token, as: SessionClaims.self)
    }

    private func collection(_ tenant: TenantID) async -> JWTKeyCollection {
        if let known = collections.withLock({ $0[tenant] }) { return known }
        let made = await JWTKeyCollection().add(
            hmac: HMACKey(key: key(of: tenant)), digestAlgorithm: .sha256,
            kid: JWKIdentifier(string: Self.keyID))
        collections.withLock { $0[tenant] = made }
        return made
    }

    /// RFC 5869: another tenant's key, and every other use of the installation key, tells nothing about this
    /// one.
    private func key(of tenant: TenantID) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: installationKey, salt: Data("tollgate".utf8),
            info: Data("session signing, key \(Self.keyID), tenant \(tenant.number)".utf8),
            outputByteCount: 32)
    }

    private static func isHeaderOurs(_ token: String) -> Bool {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64URL.decode(parts[0]), let header = try? JSON.parse(bytes)
        else {
            return false
        }
        // `crit` names extensions that must be understood (RFC 7515 §4.1.11), and we understand none.
        return header["alg"]?.stringValue == algorithm && header["kid"]?.stringValue == keyID
            && header["crit"] == nil
    }
}
