internal import Postgres
internal import Primitives
internal import Provisioning

/// Lets people prove who they are: the password beside any transaction, for it takes its time; the code within the one
/// that does what it was shown for, so that it is used up with it or not at all.
struct Proving: Sendable {
    /// Connections of the account API's role.
    let pool: PostgresPool
    let hasher: any SecretHasher
    let secrets: AuthenticatorSecrets
    let limiter: SlidingWindowLimiter
    let clock: any WallClock
    var limits = ProofLimits()

    /// Whose password was right, and by which hash.
    struct ProvenPassword: Sendable {
        let tenant: TenantID
        let person: UserID
        fileprivate let hash: String

        init(of person: Person, in tenant: TenantID) {
            self.tenant = tenant
            self.person = person.id
            hash = person.passwordHash
        }
    }

    /// Compares the password of somebody who is signed in.
    /// - Throws: `ProofRefusal`, else what the database failed with.
    func password(_ password: String, of person: UserID, in tenant: TenantID) async throws -> ProvenPassword {
        try count(person, in: tenant)
        let found = try await pool.read(
            tenant: tenant, PersonStore.person(person, tenant), PersonStore.person)
        do {
            let isRight = try await hasher.verify(password, found?.passwordHash)
            guard isRight, let found, found.isServed else { throw ProofRefusal.passwordWrong }
            return ProvenPassword(of: found, in: tenant)
        } catch SecretHasherError.busy(let seconds) {
            throw ProofRefusal.tooMany(retryAfterSeconds: seconds)
        }
    }

    /// One try more of a person's.
    func count(_ person: UserID, in tenant: TenantID) throws(ProofRefusal) {
        let seconds = limits.refused("\(person)", in: tenant, by: limiter, at: clock.now())
        if let seconds { throw .tooMany(retryAfterSeconds: seconds) }
    }

    /// The person, locked until the end of the transaction.
    /// - Throws: `ProofRefusal` where the password has been changed since it was compared.
    func lock(_ proven: ProvenPassword, _ transaction: Transaction) throws -> Person {
        let person = try PersonStore.person(
            transaction.query(PersonStore.locking(proven.person, proven.tenant)))
        guard let person, person.isServed, person.passwordHash == proven.hash else {
            throw ProofRefusal.passwordWrong
        }
        return person
    }

    /// Locks the person and takes their code within the transaction.
    /// - Throws: `ProofRefusal`.
    func confirm(
        _ proven: ProvenPassword, _ code: ShownCode, _ transaction: Transaction
    ) throws -> Person {
        let person = try lock(proven, transaction)
        guard case .on(let sealed, let last, _) = person.authenticator else { return person }
        let context = SealContext.authenticator(of: person.id, proven.tenant)
        let verdict = try code.verdict(
            secret: secrets.open(sealed, in: context), after: last, of: person.id.description,
            at: transaction.realNow)
        switch verdict {
        case .missing: throw ProofRefusal.codeRequired
        case .wrong: throw ProofRefusal.codeWrong
        case .code(let step):
            _ = try transaction.query(PersonStore.use(step, person.id, proven.tenant))
        case .recovery(let digest):
            let used = try transaction.query(
                RecoveryCodeStore.use(digest, of: person.id, proven.tenant, at: transaction.realNow))
            guard used.affected == 1 else { throw ProofRefusal.codeWrong }
        }
        return person
    }
}
