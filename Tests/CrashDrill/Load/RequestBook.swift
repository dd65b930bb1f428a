internal import Synchronization

/// Every request that was answered, by the process of the server that answered it: what its request log must have.
///
/// Answers of 5xx are left out: where the database is away nobody knows whose key it was.
final class RequestBook: Sendable {
    /// How a process of the server came to its end.
    enum Ending: Sendable { case killed, stopped }

    struct Process: Sendable {
        var answered: [Int] = []
        var ending = Ending.killed
    }

    private struct State {
        var last = 0
        var processes: [Process] = [Process()]
    }
    private let state = Mutex(State())

    /// One request: its number is its name in the log.
    struct Request: Sendable {
        var number: Int
        var process: Int
        var name: String { "drill-\(number)" }
    }

    /// A new request, to the process that runs or is about to.
    func begin() -> Request {
        state.withLock { state in
            state.last += 1
            return Request(number: state.last, process: state.processes.count - 1)
        }
    }

    func answered(_ request: Request) {
        state.withLock { $0.processes[request.process].answered.append(request.number) }
    }

    /// Called before a server is started, when none runs any more.
    func startProcess() {
        state.withLock { $0.processes.append(Process()) }
    }

    /// The process that ran has ended as it was told to.
    func stopped() {
        state.withLock { $0.processes[$0.processes.count - 1].ending = .stopped }
    }

    var processes: [Process] { state.withLock { $0.processes } }
}
