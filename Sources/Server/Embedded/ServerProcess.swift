internal import Foundation
internal import Logging
internal import Synchronization

/// One server process that we started, and its end.
final class ServerProcess: Sendable {
    let postmaster: Postmaster
    private let state = Mutex<(status: Int32?, waiting: [CheckedContinuation<Int32, Never>])>((nil, []))

    /// Watches a child from a thread of its own, so that it never becomes a zombie.
    init(pid: pid_t) {
        postmaster = Postmaster(pid: pid)
        Thread.detachNewThread { [self] in
            let status = Program.waitForEnd(of: pid)
            let waiting = state.withLock { state in
                state.status = status
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume(returning: status) }
        }
    }

    var hasEnded: Bool { state.withLock { $0.status != nil } }

    /// The exit status, or minus the signal that ended it.
    func end() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// Tells the server to end, one way after the other, each with its time.
    func end(_ farewells: [Postmaster.Farewell], _ logger: Logger) async {
        for farewell in farewells {
            guard !hasEnded else { return }
            postmaster.tell(farewell)
            if await hasEnded(within: .seconds(60)) { return }
            logger.warning("PostgreSQL does not end", metadata: ["asked": "\(farewell)"])
        }
    }

    private func hasEnded(within limit: Duration) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while !hasEnded && ContinuousClock.now < deadline {
            // A cancelled task has no patience, but the server still has to be waited for.
            do { try await Task.sleep(for: .milliseconds(10)) } catch { await Task.yield() }
        }
        return hasEnded
    }
}
