internal import Postgres
internal import Primitives
internal import Provisioning

/// The second factor of a person: an authenticator app's codes (RFC 6238), each of them good once, and recovery codes.
///
/// What changes it runs in a transaction of the caller's, so that it is recorded with it.
struct StaffFactors: Sendable {
    /// Connections of the role `tollgate_admin`.
    let pool: PostgresPool
    let secrets: AuthenticatorSecrets
    let random: any RandomSource

    /// What a person is shown once when they begin.
    struct Offer: Sendable {
        let secret: OneTimeSecret
        /// For a QR code.
        let uri: String
    }

    /// Accepts a code for signing in, and uses it up.
    /// - Returns: whether it was good.
    func use(_ code: String, of person: StaffPerson) async throws -> Bool {
        let number = person.scope.number
        return try await pool.transaction(tenant: number) { transaction in
            let row = try StaffStore.person(
                transaction.query(StaffStore.locked(person.id, number)))
            guard let row, row.isActive, row.needsCode else { return false }
            do {
                try use(code, of: row, transaction)
                return true
            } catch StaffRefusal.codeWrong {
                return false
            }
        }
    }

    /// Uses a code of a person whose row is locked.
    /// - Throws: `StaffRefusal.codeWrong` where it is not good, or was used.
    func use(_ text: String, of person: StaffPerson, _ transaction: Transaction) throws {
        guard let factor = person.secondFactor else { throw StaffRefusal.secondFactorOff }
        let number = person.scope.number
        let verdict = try ShownCode(text).verdict(
            secret: secrets.open(factor.sealedSecret, in: .authenticator(of: person.id, number)),
            after: factor.lastStep, of: person.id.description, at: transaction.realNow)
        switch verdict {
        case .missing, .wrong: throw StaffRefusal.codeWrong
        case .code(let step): _ = try transaction.query(StaffStore.setStep(step, of: person.id, number))
        case .recovery(let digest):
            let left = factor.recoveryDigests.filter { $0 != digest.description }
            guard left.count < factor.recoveryDigests.count else { throw StaffRefusal.codeWrong }
            _ = try transaction.query(StaffStore.setRecovery(left, of: person.id, number))
        }
    }

    /// Makes a secret that is not asked for before it was confirmed; one that was begun earlier is replaced.
    func begin(for person: StaffPerson, issuer: String, _ transaction: Transaction) throws -> Offer {
        guard !person.needsCode else { throw StaffRefusal.secondFactorOn }
        let secret = OneTimeSecret(random)
        let number = person.scope.number
        let sealed = secrets.seal(secret, in: .authenticator(of: person.id, number))
        _ = try transaction.query(StaffStore.setSecret(sealed, of: person.id, number))
        return Offer(secret: secret, uri: secret.uri(issuer: issuer, person: person.email))
    }

    /// Turns it on with a first code; the recovery codes are shown this once. Every session of before is over.
    func confirm(
        _ text: String, for person: StaffPerson, _ transaction: Transaction
    ) throws -> [RecoveryCode] {
        guard !person.needsCode else { throw StaffRefusal.secondFactorOn }
        guard let factor = person.secondFactor else { throw StaffRefusal.secondFactorOff }
        guard let code = OneTimeCode(text) else { throw StaffRefusal.codeWrong }
        let number = person.scope.number
        let secret = try secrets.open(factor.sealedSecret, in: .authenticator(of: person.id, number))
        let verdict = OneTimeCodeRule.verdict(
            on: code, of: secret, after: factor.lastStep, at: transaction.realNow)
        guard case .accepted(let step) = verdict else { throw StaffRefusal.codeWrong }
        let recovery = RecoveryCode.make(random)
        let digests = recovery.map { $0.digest(for: person.id.description).description }
        _ = try transaction.query(
            StaffStore.turnOn(step, digests, of: person.id, number, at: transaction.realNow))
        return recovery
    }
}
