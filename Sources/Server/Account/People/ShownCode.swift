internal import Primitives

/// What a request shows as its second factor.
enum ShownCode: Sendable, Hashable {
    case nothing
    /// A text that can be no code of any kind.
    case unreadable
    case factor(SecondFactor)

    init(_ text: String?) {
        self = text.map { SecondFactor($0).map(Self.factor) ?? .unreadable } ?? .nothing
    }

    /// What becomes of it.
    enum Verdict: Sendable, Hashable {
        /// The person uses no codes: what was shown is not looked at.
        case notNeeded
        case missing
        case wrong
        /// Write the step down: no code of it or from before is good again.
        case code(OneTimeStep)
        /// Good if the row of this digest has not been used.
        case recovery(CredentialDigest)
    }

    /// - Parameters:
    ///   - secret: the opened one, where codes are asked for.
    ///   - last: the step of the last code that was accepted.
    func verdict(
        secret: OneTimeSecret?, after last: OneTimeStep?, of person: UserID, at now: Instant
    ) -> Verdict {
        guard let secret else { return .notNeeded }
        switch self {
        case .nothing: return .missing
        case .unreadable: return .wrong
        case .factor(.recovery(let code)): return .recovery(code.digest(for: person.description))
        case .factor(.code(let code)):
            switch OneTimeCodeRule.verdict(on: code, of: secret, after: last, at: now) {
            case .accepted(let step): return .code(step)
            case .alreadyUsed, .wrong: return .wrong
            }
        }
    }
}

/// Why somebody has not proved who they are.
enum ProofRefusal: Error, Sendable, Hashable {
    case passwordWrong
    /// A code is asked for, and none was shown.
    case codeRequired
    /// Also one that was good once.
    case codeWrong
    case tooMany(retryAfterSeconds: Int)
}
