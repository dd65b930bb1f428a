/// The steps that one limit's time is cut into.
///
/// A window has 60 of them, which are counted apart. A request stays counted until the whole of its step has left the
/// window, so never more than `limit` requests pass in any span of `window` milliseconds, and a request is forgotten at
/// most one step (a sixtieth of the window) later than it strictly had to be.
struct WindowSteps: Sendable, Hashable {
    let limit: Int
    /// Milliseconds of one step.
    let length: Int64

    /// Steps in one window, beside the one that the window has half left.
    static let count: Int64 = 60

    /// - Precondition: both are positive.
    init(limit: Int, window: Int64) {
        precondition(limit > 0 && window > 0, "a limit is of something, in some time")
        self.limit = limit
        length = max(1, (window + Self.count - 1) / Self.count)
    }

    /// The step that an instant lies in.
    func number(at now: Int64) -> Int64 { now / length }

    /// The instant from which a step's requests are forgotten.
    func forgottenAt(_ step: Int64) -> Int64 { (step + Self.count + 1) * length }
}
