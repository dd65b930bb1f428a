internal import Postgres
internal import Primitives
internal import Provisioning

/// The second factor of a person: an authenticator app's codes (RFC 6238), each of them good once, and recovery codes.
///
/// What changes it runs in a transaction of the caller's, so that it is recorded with it.
struct StaffFactors: Sendable {
    /// Connections of the role `tollgate_admin`.
    let pool: PostgresPool
    let seal: Seal
    let random: any RandomSource
    let clock: any WallClock

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
        switch SecondFactor(text) {
        case nil: throw StaffRefusal.codeWrong
        case .code(let code):
            let step = try accepted(code, factor, person)
            _ = try transaction.query(StaffStore.setStep(step, of: person.id, number))
        case .recovery(let code):
            let digest = code.digest(for: person.id.description).description
            guard factor.recoveryDigests.contains(digest) else { throw StaffRefusal.codeWrong }
            let left = factor.recoveryDigests.filter { $0 != digest }
            _ = try transaction.query(StaffStore.setRecovery(left, of: person.id, number))
        }
    }

    /// Makes a secret that is not asked for before it was confirmed; one that was begun earlier is replaced.
    func begin(for person: StaffPerson, issuer: String, _ transaction: Transaction) throws -> Offer {
        guard !person.needsCode else { throw StaffRefusal.secondFactorOn }
        let secret = OneTimeSecret(random)
        let sealed = seal.seal(secret.reveal(), context: Self.context(person))
        _ = try transaction.query(StaffStore.setSecret(sealed, of: person.id, person.scope.number))
        return Offer(secret: secret, uri: secret.uri(issuer: issuer, person: person.email))
    }

    /// Turns it on with a first code; the recovery codes are shown this once. Every session of before is over.
    func confirm(
        _ text: String, for person: StaffPerson, _ transaction: Transaction
    ) throws -> [RecoveryCode] {
        guard !person.needsCode else { throw StaffRefusal.secondFactorOn }
        guard let factor = person.secondFactor else { throw StaffRefusal.secondFactorOff }
        guard let code = OneTimeCode(text) else { throw StaffRefusal.codeWrong }
        let step = try accepted(code, factor, person)
        let recovery = RecoveryCode.make(random)
        let digests = recovery.map { $0.digest(for: person.id.description).description }
        _ = try transaction.query(
            StaffStore.turnOn(step, digests, of: person.id, person.scope.number, at: transaction.realNow))
        return recovery
    }

    private func accepted(
        _ code: OneTimeCode, _ factor: StaffSecondFactor, _ person: StaffPerson
    ) throws -> OneTimeStep {
        guard
            let secret = OneTimeSecret(
                bytes: try seal.open(factor.sealedSecret, context: Self.context(person)))
        else { throw Unreadable("the stored secret of one-time codes has another length") }
        switch OneTimeCodeRule.verdict(on: code, of: secret, after: factor.lastStep, at: clock.now()) {
        case .accepted(let step): return step
        case .alreadyUsed, .wrong: throw StaffRefusal.codeWrong
        }
    }

    private static func context(_ person: StaffPerson) -> SealContext {
        context(person.id, of: person.scope.number)
    }

    /// - Parameter tenant: under whose number the person is filed.
    static func context(_ person: StaffID, of tenant: TenantID) -> SealContext {
        SealContext(tenant: tenant, column: "staff.totp_secret", subject: person.description)
    }
}
