internal import Postgres
internal import Primitives
internal import Provisioning

/// Seals the secrets of people's authenticators under the installation key; each opens for its own person only.
struct AuthenticatorSecrets: Sendable {
    let seal: Seal

    func seal(_ secret: OneTimeSecret, in context: SealContext) -> [UInt8] {
        seal.seal(secret.reveal(), context: context)
    }

    /// - Throws: `SealError`; `Unreadable` where it is no secret.
    func open(_ sealed: [UInt8], in context: SealContext) throws -> OneTimeSecret {
        guard let secret = OneTimeSecret(bytes: try seal.open(sealed, context: context)) else {
            throw Unreadable("the stored secret of one-time codes has another length")
        }
        return secret
    }
}

extension SealContext {
    /// Where the authenticator's secret of a customer's person is.
    static func authenticator(of person: UserID, _ tenant: TenantID) -> SealContext {
        SealContext(tenant: tenant, column: "customer_users.totp_secret", subject: person.description)
    }

    /// Where that of one of the staff is.
    /// - Parameter tenant: under whose number the person is filed.
    static func authenticator(of person: StaffID, _ tenant: TenantID) -> SealContext {
        SealContext(tenant: tenant, column: "staff.totp_secret", subject: person.description)
    }
}
