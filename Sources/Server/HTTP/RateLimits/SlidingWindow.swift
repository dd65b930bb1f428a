/// The requests that one limit has let through lately; a value, told what time it is.
///
/// The window is cut into 60 steps that are counted apart. A request stays counted until the whole of its
/// step has left the window, so never more than `limit` requests pass in any span of `window` milliseconds,
/// and a request is forgotten at most one step (a sixtieth of the window) later than it strictly had to be.
public struct SlidingWindow: Sendable {
    public let limit: Int
    public let window: Int64
    private let step: Int64
    /// One count per step, at the step's number modulo the ring's size.
    private var counts: [UInt32]
    private var newestStep: Int64
    private var total = 0

    /// Steps in one window; the ring has one more, for the step that the window has half left.
    static let steps: Int64 = 60

    /// - Precondition: both are positive.
    public init(limit: Int, window: Int64, at now: Int64) {
        precondition(limit > 0 && window > 0, "a limit is of something, in some time")
        self.limit = limit
        self.window = window
        step = max(1, (window + Self.steps - 1) / Self.steps)
        counts = [UInt32](repeating: 0, count: Int(Self.steps) + 1)
        newestStep = now / step
    }

    /// What is left at this instant.
    public mutating func remaining(at now: Int64) -> Int {
        advance(to: now)
        return limit - total
    }

    /// Counts one request.
    /// - Precondition: something is left.
    public mutating func take(at now: Int64) {
        advance(to: now)
        precondition(total < limit, "a request was counted that the limit refuses")
        counts[place(newestStep)] += 1
        total += 1
    }

    /// The instant at which every counted request is forgotten.
    public mutating func resetsAt(_ now: Int64) -> Int64 {
        advance(to: now)
        return total == 0 ? now : forgottenAt(stepOfNewestRequest())
    }

    /// The instant from which one more request is let through: now, where something is left.
    public mutating func freeAt(_ now: Int64) -> Int64 {
        advance(to: now)
        return total < limit ? now : forgottenAt(stepOfOldestRequest())
    }

    /// Forgets the steps that the window has left. A clock that jumps back by less than a window stands still
    /// here until it has caught up; one that jumps back further starts anew, so that nobody is locked out for
    /// the jump.
    private mutating func advance(to now: Int64) {
        let current = now / step
        if current < newestStep {
            guard newestStep - current > Self.steps else { return }
            clear()
            newestStep = current
        }
        guard current > newestStep else { return }
        if current - newestStep > Self.steps {
            clear()
        } else {
            for forgotten in (newestStep + 1)...current {
                let place = place(forgotten)
                total -= Int(counts[place])
                counts[place] = 0
            }
        }
        newestStep = current
    }

    private mutating func clear() {
        guard total > 0 else { return }
        for place in counts.indices { counts[place] = 0 }
        total = 0
    }

    private func place(_ step: Int64) -> Int {
        Int(step % (Self.steps + 1) + (step < 0 ? Self.steps + 1 : 0)) % counts.count
    }

    /// A step's place is used again, and its requests forgotten, `steps + 1` steps later.
    private func forgottenAt(_ step: Int64) -> Int64 { (step + Self.steps + 1) * self.step }

    private func stepOfNewestRequest() -> Int64 {
        (0...Self.steps).lazy.map { newestStep - $0 }.first { counts[place($0)] > 0 } ?? newestStep
    }

    private func stepOfOldestRequest() -> Int64 {
        (0...Self.steps).lazy.map { newestStep - Self.steps + $0 }.first { counts[place($0)] > 0 }
            ?? newestStep
    }
}
