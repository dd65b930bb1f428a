/// Why somebody has not proved who they are.
enum ProofRefusal: Error, Sendable, Hashable {
    case passwordWrong
    /// A code is asked for, and none was shown.
    case codeRequired
    /// Also one that was good once.
    case codeWrong
    case tooMany(retryAfterSeconds: Int)
}
