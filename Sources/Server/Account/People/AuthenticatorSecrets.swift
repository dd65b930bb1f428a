internal import Primitives
internal import Provisioning

/// Seals the secrets of people's authenticators under the installation key; each opens for its own person only.
struct AuthenticatorSecrets: Sendable {
    let seal: Seal

    func seal(_ secret: OneTimeSecret, of person: UserID, _ tenant: TenantID) -> [UInt8] {
        seal.seal(secret.reveal(), context: Self.context(person, tenant))
    }

    /// - Throws: `SealError`; `Unreadable` where it is no secret.
    func open(_ sealed: [UInt8], of person: UserID, _ tenant: TenantID) throws -> OneTimeSecret {
        let bytes = try seal.open(sealed, context: Self.context(person, tenant))
        guard let secret = OneTimeSecret(bytes: bytes) else { throw SealError.malformed }
        return secret
    }

    static func context(_ person: UserID, _ tenant: TenantID) -> SealContext {
        SealContext(tenant: tenant, column: "customer_users.totp_secret", subject: person.description)
    }
}
