public import Catalog
public import Primitives

/// A command with who asked and how: what the engine queues.
public struct Submission: Sendable {
    /// Names the command for good: the order and the journal entry that it causes carry the same bits.
    public let id: CommandID
    public let tenant: TenantID
    public let principal: PrincipalID?
    public let dialect: DialectName
    public let command: Command
    public let idempotency: IdempotencyClaim?
    /// Makes the answer while nothing is written yet; what it throws stops the command, so nobody pays for what
    /// cannot be told. Runs between decision and commit, again with every attempt, so it must not wait.
    public let prepare: (@Sendable (Outcome) throws -> Void)?

    public init(
        id: CommandID, tenant: TenantID, principal: PrincipalID?, dialect: DialectName, command: Command,
        idempotency: IdempotencyClaim? = nil, prepare: (@Sendable (Outcome) throws -> Void)? = nil
    ) {
        self.id = id
        self.tenant = tenant
        self.principal = principal
        self.dialect = dialect
        self.command = command
        self.idempotency = idempotency
        self.prepare = prepare
    }
}

/// "This is request K": the first time it runs, afterwards it answers the same bytes.
public struct IdempotencyClaim: Sendable {
    /// The caller's Idempotency-Key.
    public let key: String
    /// SHA-256 of the request's canonical form; another request under the same key is refused.
    public let fingerprint: [UInt8]
    /// Makes the answer to store, sealed; runs between the decision and the commit, so it must not wait.
    public let remember: @Sendable (Outcome) throws -> RememberedAnswer

    public init(
        key: String, fingerprint: [UInt8], remember: @escaping @Sendable (Outcome) throws -> RememberedAnswer
    ) {
        precondition(fingerprint.count == 32, "a fingerprint is a SHA-256 digest")
        self.key = key
        self.fingerprint = fingerprint
        self.remember = remember
    }
}

/// An answer as it was first given: its status and its bytes, sealed by whoever made it.
public struct RememberedAnswer: Sendable, Hashable {
    public let status: Int16
    public let sealed: [UInt8]

    public init(status: Int16, sealed: [UInt8]) {
        self.status = status
        self.sealed = sealed
    }
}
