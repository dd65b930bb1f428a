internal import Billing
internal import Foundation
internal import Simulation
internal import Synchronization

/// How long the engine alone has taken, without tables, model and comparison around it.
final class Stopwatch: CustomStringConvertible, Sendable {
    private let nanoseconds = Atomic<Int64>(0)
    private let commands = Atomic<Int64>(0)

    func timing(_ deciding: Deciding) -> Deciding {
        Deciding { [self] rows, submissions, ids, now in
            let start = ContinuousClock.now
            let decided = deciding.decide(rows, submissions, ids, now)
            let took = (ContinuousClock.now - start).components
            nanoseconds.add(
                took.seconds * 1_000_000_000 + took.attoseconds / 1_000_000_000, ordering: .relaxed)
            commands.add(Int64(submissions.count), ordering: .relaxed)
            return decided
        }
    }

    /// This thread's own time on a core: others on the machine do not count.
    private static func ownNanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    var description: String {
        let decided = commands.load(ordering: .relaxed)
        let each = Double(nanoseconds.load(ordering: .relaxed)) / Double(max(1, decided))
        return "the engine decided \(decided), crashed groups included, in \(Int(each)) ns each"
    }
}
