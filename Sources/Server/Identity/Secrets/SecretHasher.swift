/// Hashes passwords for storage and verifies them; slow and memory-hard on purpose.
public protocol SecretHasher: Sendable {
    /// The PHC string of a password under a new salt.
    func hash(_ password: String) async throws -> String
    /// Whether a password is the one of a PHC string; `nil` in its place does the same work and is never
    /// right.
    func verify(_ password: String, _ encoded: String?) async throws -> Bool
}

/// Why a password was neither hashed nor verified.
public enum SecretHasherError: Error, Sendable, Hashable {
    /// Too many are waiting: come back in so many seconds.
    case busy(retryAfterSeconds: Int)
    case stopped
    /// libargon2 refused, by its own error number; for a stored string, most likely not an argon2id one.
    case failed(code: Int32)
}

/// What argon2id costs; the stored string names its own costs, so these may be raised at any time.
public struct Argon2Costs: Sendable, Hashable {
    /// Passes over the memory.
    public var iterations: UInt32
    public var memoryKibibytes: UInt32
    public var lanes: UInt32

    public init(iterations: UInt32 = 2, memoryKibibytes: UInt32 = 19_456, lanes: UInt32 = 1) {
        self.iterations = iterations
        self.memoryKibibytes = memoryKibibytes
        self.lanes = lanes
    }

    /// The second of OWASP's recommended settings: 19 MiB, two passes, one lane.
    public static let standard = Argon2Costs()
}
