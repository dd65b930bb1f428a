internal import Postgres
internal import Primitives

extension PeopleDesk {
    /// A new secret for the person's app, which counts once its first code was shown. One that was never confirmed is
    /// replaced.
    func beginAuthenticator(
        of caller: Principal, _ password: String
    ) async throws -> (secret: OneTimeSecret, email: String) {
        let proven = try await proving.password(password, of: caller.person, in: caller.tenant)
        let secret = OneTimeSecret(random)
        return try await pool.transaction(tenant: caller.tenant) { [proving] transaction in
            // Codes are not asked for, or it is refused: the password is all there is to confirm.
            let person = try proving.lock(proven, transaction)
            guard !person.authenticator.isOn else { throw Refusal.authenticatorIsOn }
            let sealed = proving.secrets.seal(
                secret, in: .authenticator(of: person.id, caller.tenant))
            _ = try transaction.query(PersonStore.propose(secret: sealed, person.id, caller.tenant))
            return (secret, person.email)
        }
    }

    /// The first code of a new secret: from now on sign-in asks for one. Every session ends, and the caller gets another.
    func confirmAuthenticator(
        of caller: Principal, _ code: OneTimeCode
    ) async throws -> (recovery: [RecoveryCode], session: SessionToken) {
        try proving.count(caller.person, in: caller.tenant)
        let codes = RecoveryCode.make(random)
        let person = try await change(caller, "person.authenticator_turned_on") { [proving] transaction in
            let (id, tenant) = (caller.person, caller.tenant)
            let found = try PersonStore.person(transaction.query(PersonStore.locking(id, tenant)))
            guard let person = found else { throw Refusal.nothingToConfirm }
            let sealed: [UInt8]
            switch person.authenticator {
            case .none: throw Refusal.nothingToConfirm
            case .on: throw Refusal.authenticatorIsOn
            case .awaiting(let secret): sealed = secret
            }
            let secret = try proving.secrets.open(sealed, in: .authenticator(of: id, tenant))
            let verdict = OneTimeCodeRule.verdict(on: code, of: secret, after: nil, at: transaction.realNow)
            guard case .accepted(let step) = verdict else { throw ProofRefusal.codeWrong }
            _ = try transaction.pipeline(
                [PersonStore.turnOn(step, id, tenant, at: transaction.realNow)]
                    + Self.storing(codes, of: id, tenant, at: transaction.realNow))
            return person
        }
        return (codes, try await session(of: person, in: caller.tenant))
    }

    /// Codes are asked for no longer.
    func removeAuthenticator(of caller: Principal, _ password: String, _ code: ShownCode) async throws {
        let proven = try await proving.password(password, of: caller.person, in: caller.tenant)
        try await change(caller, "person.authenticator_turned_off") { [proving] transaction in
            let person = try proving.confirm(proven, code, transaction)
            guard person.authenticator.isOn else { throw Refusal.authenticatorIsOff }
            _ = try transaction.pipeline([
                PersonStore.turnOff(person.id, caller.tenant),
                RecoveryCodeStore.removeAll(of: person.id, caller.tenant),
            ])
        }
    }

    /// New recovery codes in place of those that are left.
    func renewRecoveryCodes(
        of caller: Principal, _ password: String, _ code: ShownCode
    ) async throws -> [RecoveryCode] {
        let proven = try await proving.password(password, of: caller.person, in: caller.tenant)
        let codes = RecoveryCode.make(random)
        try await change(caller, "person.recovery_codes_renewed") { [proving] transaction in
            let person = try proving.confirm(proven, code, transaction)
            guard person.authenticator.isOn else { throw Refusal.authenticatorIsOff }
            _ = try transaction.pipeline(
                Self.storing(codes, of: person.id, caller.tenant, at: transaction.realNow))
        }
        return codes
    }

    private static func storing(
        _ codes: [RecoveryCode], of person: UserID, _ tenant: TenantID, at now: Instant
    ) -> [Statement] {
        RecoveryCodeStore.replace(
            with: codes.map { $0.digest(for: person.description) }, of: person, tenant, at: now)
    }
}
