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

    /// What becomes of it, where codes are asked for. Whoever takes it writes it down in the same transaction.
    enum Verdict: Sendable, Hashable {
        case missing
        case wrong
        /// Write the step down: no code of it or from before is good again.
        case code(OneTimeStep)
        /// Good if the one of this digest has not been used.
        case recovery(CredentialDigest)
    }

    /// - Parameters:
    ///   - secret: opened only for a code: who has lost a key still gets in by a recovery code.
    ///   - last: the step of the last code that was accepted.
    ///   - person: whose recovery codes are meant; their id.
    func verdict(
        secret: @autoclosure () throws -> OneTimeSecret, after last: OneTimeStep?, of person: String,
        at now: Instant
    ) rethrows -> Verdict {
        switch self {
        case .nothing: return .missing
        case .unreadable: return .wrong
        case .factor(.recovery(let code)): return .recovery(code.digest(for: person))
        case .factor(.code(let code)):
            switch OneTimeCodeRule.verdict(on: code, of: try secret(), after: last, at: now) {
            case .accepted(let step): return .code(step)
            case .alreadyUsed, .wrong: return .wrong
            }
        }
    }
}
