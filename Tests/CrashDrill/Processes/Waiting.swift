internal import Foundation

/// Asks again and again until there is a value; throws `DrillProblem` once the time is up.
///
/// Blocks its thread: everything in the drill is threads and processes, so that what is measured is not our own queue.
func waitFor<T>(
    _ what: String, seconds: Double = 60, every pause: Double = 0.002, _ look: () throws -> T?
) throws -> T {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
        if let value = try look() { return value }
        guard ContinuousClock.now < deadline else {
            throw DrillProblem("\(what) did not come within \(seconds) s")
        }
        Thread.sleep(forTimeInterval: pause)
    }
}

func waitUntil(_ what: String, seconds: Double = 60, _ holds: () throws -> Bool) throws {
    _ = try waitFor(what, seconds: seconds) { try holds() ? () : nil }
}

/// Runs a body and tells how many milliseconds it took.
func timed(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .milliseconds(1)
}
