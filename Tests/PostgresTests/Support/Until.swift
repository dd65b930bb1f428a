/// A state that a test waited for never came.
struct NeverCame: Error {
    var what: String
}

/// Waits for a state by asking for it again and again.
func until(
    _ what: String, within limit: Duration = .seconds(60), isolation: isolated (any Actor)? = #isolation,
    _ holds: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !holds() {
        guard ContinuousClock.now < end else { throw NeverCame(what: what) }
        try await Task.sleep(for: .milliseconds(2))
    }
}
