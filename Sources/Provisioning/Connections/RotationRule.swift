internal import Primitives

/// When a customer may change how a connection rotates.
enum RotationRule {
    /// Why these minutes cannot be set; `nil` where they can.
    static func refusal(ofMinutes minutes: Int32, choices: [Int32]) -> ConnectionRefusal? {
        if choices.isEmpty { return .rotationNotAvailable }
        return choices.contains(minutes) ? nil : .rotationNotAllowed(minutes: minutes, choices: choices)
    }

    /// Why the exit cannot be changed now; `nil` where it can.
    static func refusal(
        ofRotatingAt now: Instant, last: Instant?, minInterval: Int64, choices: [Int32]
    ) -> ConnectionRefusal? {
        if choices.isEmpty { return .rotationNotAvailable }
        guard let last, let next = last.adding(milliseconds: minInterval), now < next else { return nil }
        // A clock that jumped back must not make anybody wait longer than the interval itself.
        return .tooSoon(retryAfterMilliseconds: min(next.milliseconds(since: now), minInterval))
    }
}
