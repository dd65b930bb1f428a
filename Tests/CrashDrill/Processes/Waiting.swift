internal import Foundation
internal import Synchronization

/// Asks again and again until there is a value; throws `DrillProblem` once the time is up.
///
/// Blocks its thread: everything in the drill is threads and processes, so that what is measured is not our own queue.
func waitFor<T>(
    _ what: String, seconds: Double = 60, every pause: Double = 0.002, _ look: () throws -> T?
) throws -> T {
    let deadline = RunningTime.shared.seconds + seconds
    while true {
        if let value = try look() { return value }
        guard RunningTime.shared.seconds < deadline else {
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
    let start = RunningTime.shared.seconds
    try body()
    return (RunningTime.shared.seconds - start) * 1000
}

/// Time that passes only while this machine lets us run: where everybody is stopped for a minute, by a laptop's lid or by
/// somebody who measures, nothing has been late.
final class RunningTime: Sendable {
    static let shared = RunningTime()
    private let state = Mutex((passed: 0.0, last: ContinuousClock.now))
    private static let longestStep = 0.5

    private init() {
        let thread = Thread { [self] in
            while true {
                Thread.sleep(forTimeInterval: 0.05)
                _ = seconds
            }
        }
        thread.stackSize = 1 << 18
        thread.start()
    }

    var seconds: Double {
        state.withLock { state in
            let now = ContinuousClock.now
            state.passed += min((now - state.last) / .seconds(1), Self.longestStep)
            state.last = now
            return state.passed
        }
    }
}
