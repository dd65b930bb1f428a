internal import Primitives
internal import Synchronization

/// How far a run has come, and whether it is to stop: the run and those who watch it share one.
final class JobProgress: Sendable {
    /// Numbers by name, in the order in which the job says them.
    typealias Counts = [(name: String, value: Int)]

    private struct State {
        var counts: Counts = []
        var problems: [String] = []
        var isStopping = false
    }

    private let state = Mutex(State())
    private let show: @Sendable (Counts) -> Void

    /// - Parameter show: told the counts whenever they change.
    init(show: @escaping @Sendable (Counts) -> Void = { _ in }) {
        self.show = show
    }

    /// Takes the counts of a batch that is over; throws where the run is to stop before the next.
    func note(_ counts: Counts, problems: [String] = []) throws(JobStopped) {
        let isStopping = state.withLock { state in
            state.counts = counts
            state.problems = problems
            return state.isStopping
        }
        show(counts)
        if isStopping { throw JobStopped() }
    }

    func add(problem: String) {
        state.withLock { $0.problems.append(problem) }
    }

    /// Lets the run end after the batch that is under way.
    func stop() {
        state.withLock { $0.isStopping = true }
    }

    var counts: Counts { state.withLock { $0.counts } }
    var problems: [String] { state.withLock { $0.problems } }
    var isStopping: Bool { state.withLock { $0.isStopping } }
}

/// A run was told to stop, and did so between two batches.
struct JobStopped: Error {}

extension JobProgress.Counts {
    /// `due 3, renewed 2, failed 1`; counts of nothing are left out.
    var line: String {
        let said = filter { $0.value != 0 }.map { "\($0.name) \($0.value)" }
        return said.isEmpty ? "nothing to do" : said.joined(separator: ", ")
    }

    var json: JSON {
        var object = JSONObject()
        for (name, value) in self { object[name] = .integer(Int64(value)) }
        return .object(object)
    }
}
