/// A state that a test waited for did not come.
public struct NeverHappened: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) {
        self.description = description
    }
}

/// Waits for a state, not for a while: asks again and again until the condition holds.
///
/// Throws `NeverHappened` once the time is up, and whatever the condition throws at once.
public func eventually(
    _ what: String = "the awaited state", within limit: Duration = .seconds(120),
    isolation: isolated (any Actor)? = #isolation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    var pause = Duration.milliseconds(2)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            throw NeverHappened(description: "\(what) did not come within \(limit)")
        }
        try await Task.sleep(for: pause)
        pause = min(pause * 2, .milliseconds(50))
    }
}
