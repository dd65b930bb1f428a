internal import Primitives

/// How far a sandbox's clock is to be moved.
enum ClockMove: Sendable, Equatable {
    case by(DurationText)
    case to(Instant)

    /// Why a clock stays where it is.
    enum Refusal: Error, Sendable, Equatable {
        /// It says this already, or later.
        case onlyForward(now: Instant)
        /// More than a hundred years ahead of the real one.
        case tooFar
    }

    /// As the constraint `a_clock_is_at_most_a_century_ahead` has it.
    static let aheadMax: Int64 = 100 * 365 * 86_400_000

    /// How many milliseconds the clock is ahead after the move.
    ///
    /// - Parameters:
    ///   - ahead: how many it is now.
    ///   - real: what the real clock says.
    func ahead(from ahead: Int64, at real: Instant) throws(Refusal) -> Int64 {
        let moved: Int64
        switch self {
        case .by(let span):
            let (sum, overflow) = ahead.addingReportingOverflow(span.milliseconds)
            guard !overflow else { throw .tooFar }
            moved = sum
        case .to(let instant):
            let (difference, overflow) = instant.milliseconds.subtractingReportingOverflow(real.milliseconds)
            guard !overflow else { throw .tooFar }
            moved = difference
        }
        guard moved > ahead else {
            throw .onlyForward(now: TenantTime(real: real, aheadMilliseconds: ahead).now)
        }
        guard moved <= Self.aheadMax else { throw .tooFar }
        return moved
    }
}
