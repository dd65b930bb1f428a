internal import Crypto
internal import Foundation
internal import JWTKit
internal import Primitives
internal import Provisioning
internal import Synchronization

/// The signing keys of sessions: one per tenant and installation key, derived from it, never stored.
///
/// The newest installation key signs; tokens of the others are good until they end or that key is taken away.
final class SessionKeys: Sendable {
    private let installationKeys: InstallationKeys
    private let purpose: String
    private let collections = Mutex<[TenantID: JWTKeyCollection]>([:])

    private static let algorithm = "HS256"

    /// - Parameter purpose: names what is signed: the keys of one purpose open nothing of another.
    init(_ installationKeys: InstallationKeys, purpose: String = "session signing") {
        self.installationKeys = installationKeys
        self.purpose = purpose
    }

    func sign(_ claims: some JWTPayload, for tenant: TenantID) async throws -> String {
        try await collection(tenant).sign(claims, kid: Self.name(installationKeys.newest))
    }

    /// What a token says, if we signed it for this tenant.
    ///
    /// The header is read before anything is trusted: the algorithm is ours to choose, not the token's.
    func claims<Claims: JWTPayload>(
        of token: String, for tenant: TenantID, as kind: Claims.Type = SessionClaims.self
    ) async -> Claims? {
        guard isHeaderOurs(token) else { return nil }
        return try? await collection(tenant).verify(token, as: kind)
    }

    private func collection(_ tenant: TenantID) async -> JWTKeyCollection {
        if let known = collections.withLock({ $0[tenant] }) { return known }
        let made = JWTKeyCollection()
        for key in installationKeys.all {
            await made.add(
                hmac: HMACKey(key: derived(from: key, for: tenant)), digestAlgorithm: .sha256,
                kid: Self.name(key))
        }
        collections.withLock { $0[tenant] = made }
        return made
    }

    /// RFC 5869: another tenant's key, and every other use of the installation key, tells nothing about this
    /// one.
    private func derived(from key: InstallationKey, for tenant: TenantID) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key.bytes), salt: Data("tollgate".utf8),
            info: Data("\(purpose), key \(key.id), tenant \(tenant.number)".utf8),
            outputByteCount: 32)
    }

    /// What a token's header calls the key that signed it: RFC 7515 §4.1.4.
    private static func name(_ key: InstallationKey) -> JWKIdentifier {
        JWKIdentifier(string: String(key.id))
    }

    private func isHeaderOurs(_ token: String) -> Bool {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64URL.decode(parts[0]), let header = try? JSON.parse(bytes)
        else {
            return false
        }
        // `crit` names extensions that must be understood (RFC 7515 §4.1.11), and we understand none.
        return header["alg"]?.stringValue == Self.algorithm && header["crit"] == nil
            && installationKeys.all.contains { header["kid"]?.stringValue == String($0.id) }
    }
}
