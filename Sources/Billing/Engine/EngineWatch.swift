internal import Dispatch

/// Answers those who wait in vain: PostgreSQL may stand still without a word, and no client waits for ever.
///
/// It counts its own ticks instead of reading a clock: where the whole process was stopped nobody has waited.
final class EngineWatch: @unchecked Sendable {
    // A dispatch source may be used from any thread; only its type does not say so.
    private let timer: any DispatchSourceTimer

    init(_ lanes: [Lane], patienceMilliseconds: Int64) {
        let tickMilliseconds = max(1, patienceMilliseconds / 10)
        timer = DispatchSource.makeTimerSource()
        timer.schedule(
            deadline: .now() + .milliseconds(Int(tickMilliseconds)),
            repeating: .milliseconds(Int(tickMilliseconds)),
            leeway: .milliseconds(Int(tickMilliseconds / 4)))
        timer.setEventHandler { for lane in lanes { lane.tellOverdue(patience: 10) } }
        timer.resume()
    }

    deinit {
        timer.cancel()
    }

    func end() {
        timer.cancel()
    }
}

/// A command has waited for a lane for as long as a caller can be kept waiting.
struct EngineOverdue: Error, CustomStringConvertible {
    var description: String { "the lane is still busy with what came before" }
}
