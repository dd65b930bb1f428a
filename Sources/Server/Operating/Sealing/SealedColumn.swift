internal import Postgres
internal import Primitives
internal import Provisioning

/// A column whose values are sealed under an installation key, for the work of sealing them anew.
///
/// A test holds this list against every context that the program seals in.
enum SealedColumn: String, CaseIterable, Sendable {
    case slots = "slots.secret"
    case history = "credential_history.secret"
    case answers = "idempotency_keys.answer"
    case staffFactors = "staff.totp_secret"
    case personFactors = "customer_users.totp_secret"
    case providerSecrets = "payment_providers.secret"
    case providerWebhooks = "payment_providers.webhook_secrets"

    /// Which row, as the column's own statements know it, and what is sealed there.
    struct Value: Sendable {
        let tenant: TenantID
        /// The row's own keys after the tenant's, as text.
        let row: [String]
        let sealed: [UInt8]
    }

    /// The value under the newest key; `nil` where it is already.
    func renewed(_ value: Value, by seal: Seal) throws -> [UInt8]? {
        switch self {
        case .slots, .history:
            guard let slot = IdentifierBits(uuidString: value.row[0]).map(SlotID.init(bits:)),
                let version = Int32(value.row[1])
            else { throw SealError.malformed }
            return try CredentialSeal(seal).renewed(
                value.sealed, tenant: value.tenant, slot: slot, version: version)
        case .answers:
            guard let principal = IdentifierBits(uuidString: value.row[0]).map(PrincipalID.init(bits:)) else {
                throw SealError.malformed
            }
            return try seal.renewed(
                value.sealed, context: RememberedAnswers.context(value.tenant, principal, value.row[1]))
        case .providerSecrets:
            return try seal.renewed(value.sealed, context: .providerSecret(value.tenant))
        case .providerWebhooks:
            return try seal.renewed(value.sealed, context: .providerWebhooks(value.tenant))
        case .staffFactors:
            guard let person = IdentifierBits(uuidString: value.row[0]).map(StaffID.init(bits:)) else {
                throw SealError.malformed
            }
            return try seal.renewed(value.sealed, context: .authenticator(of: person, value.tenant))
        case .personFactors:
            guard let person = IdentifierBits(uuidString: value.row[0]).map(UserID.init(bits:)) else {
                throw SealError.malformed
            }
            return try seal.renewed(value.sealed, context: .authenticator(of: person, value.tenant))
        }
    }
}
