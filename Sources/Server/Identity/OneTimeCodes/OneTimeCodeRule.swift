public import Primitives

/// Whether a code is good: it is the one of now or of a step beside it, and later than every code that was accepted
/// before.
///
/// Who accepts a code writes its step down in the same transaction, so that whoever looked over a shoulder, or
/// listened, is late.
public enum OneTimeCodeRule {
    public enum Verdict: Sendable, Hashable {
        /// Write the step down: it and every earlier one is over.
        case accepted(OneTimeStep)
        /// Right once, but it or a later one was shown already.
        case alreadyUsed
        case wrong
    }

    /// How many steps a clock may be off, either way.
    public static let stepsOff: Int64 = 1

    /// - Parameter last: the step of the last code that was accepted; `nil` where there is none.
    public static func verdict(
        on code: OneTimeCode, of secret: OneTimeSecret, after last: OneTimeStep?, at now: Instant
    ) -> Verdict {
        let middle = OneTimeStep(at: now).number
        var found: OneTimeStep?
        // All are made and compared, whichever is right: how long it takes tells nothing.
        for number in (middle - stepsOff)...(middle + stepsOff) {
            let step = OneTimeStep(number: number)
            let difference = OneTimeCode(of: secret, at: step).number ^ code.number
            // Neighbouring steps may share a code; the later one is what it is good for.
            if difference == 0 { found = step }
        }
        guard let found else { return .wrong }
        if let last, found <= last { return .alreadyUsed }
        return .accepted(found)
    }
}
