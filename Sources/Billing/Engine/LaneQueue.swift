internal import Foundation

/// Commands on their way to a lane: bounded, first come first served, closed once.
///
/// There is no timer: whoever waits while the previous group is being committed forms the next one, so a lone command
/// never waits for company.
final class LaneQueue: @unchecked Sendable {
    enum Admission {
        case accepted, full, closed
    }

    // Every property below is guarded by the condition's lock.
    private let condition = NSCondition()
    private var waiting: [PendingCommand] = []
    /// When each of them came, in ticks of the watch.
    private var arrivals: [Int] = []
    private var ticks = 0
    private var isClosed = false
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    func add(_ command: PendingCommand) -> Admission {
        condition.lock()
        defer { condition.unlock() }
        guard !isClosed else { return .closed }
        guard waiting.count < limit else { return .full }
        waiting.append(command)
        arrivals.append(ticks)
        condition.signal()
        return .accepted
    }

    /// The next group, as soon as there is one; `nil` once the queue is closed and empty.
    func nextGroup(commands: Int, units: Int) -> [PendingCommand]? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty {
            if isClosed { return nil }
            condition.wait()
        }
        var count = 0
        var wanted = 0
        for command in waiting.prefix(commands) {
            wanted += command.unitsWanted
            // The first one always goes, or an order larger than the bound would never be decided.
            guard count == 0 || wanted <= units else { break }
            count += 1
        }
        let group = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        arrivals.removeFirst(count)
        return group
    }

    /// Counts a tick, and takes out those who have waited for more than `patience` of them: nothing is done for them.
    func takeOverdue(patience: Int) -> [PendingCommand] {
        condition.lock()
        defer { condition.unlock() }
        ticks += 1
        let count = arrivals.prefix { ticks - $0 > patience }.count
        let overdue = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        arrivals.removeFirst(count)
        return overdue
    }

    func close() {
        condition.lock()
        defer { condition.unlock() }
        isClosed = true
        condition.broadcast()
    }

    var depth: Int {
        condition.lock()
        defer { condition.unlock() }
        return waiting.count
    }
}
