internal import Foundation

/// Commands on their way to a lane: bounded, first come first served, closed once.
///
/// There is no timer: whoever waits while the previous group is being committed forms the next one, so a lone command
/// never waits for company. What a job asks for goes behind those who wait for their answer: beside them it gets a small
/// share of a group, and without them small groups, so that nobody who comes meanwhile waits for a large one.
final class LaneQueue: @unchecked Sendable {
    enum Admission {
        case accepted, full, closed
    }

    /// How much of a group the patient have.
    struct PatientShare {
        /// In a group of their own.
        var alone: Int
        /// One for so many who wait for their answer, but a few in any case.
        var oneBeside: Int

        static let few = 4

        func count(beside others: Int) -> Int {
            others == 0 ? alone : max(Self.few, others / oneBeside)
        }
    }

    // Every property below is guarded by the condition's lock.
    private let condition = NSCondition()
    private var urgent = Line()
    private var patient = Line()
    private var ticks = 0
    private var isClosed = false
    private let limit: Int
    private let share: PatientShare

    init(limit: Int, share: PatientShare) {
        self.limit = limit
        self.share = share
    }

    func add(_ command: PendingCommand) -> Admission {
        condition.lock()
        defer { condition.unlock() }
        guard !isClosed else { return .closed }
        if command.isPatient {
            // Half of the room is kept for those who would be refused.
            guard patient.commands.count < limit / 2 else { return .full }
            patient.add(command, at: ticks)
        } else {
            guard urgent.commands.count + patient.commands.count < limit else { return .full }
            urgent.add(command, at: ticks)
        }
        condition.signal()
        return .accepted
    }

    /// The next group, as soon as there is one; `nil` once the queue is closed and empty.
    func nextGroup(commands: Int, units: Int) -> [PendingCommand]? {
        condition.lock()
        defer { condition.unlock() }
        while urgent.commands.isEmpty && patient.commands.isEmpty {
            if isClosed { return nil }
            condition.wait()
        }
        var count = 0
        var wanted = 0
        for command in urgent.commands.prefix(commands) {
            wanted += command.unitsWanted
            // The first one always goes, or an order larger than the bound would never be decided.
            guard count == 0 || wanted <= units else { break }
            count += 1
        }
        let group = urgent.take(count)
        // Renewals want no units.
        return group + patient.take(min(commands - count, share.count(beside: count)))
    }

    /// Counts a tick, and takes out those who have waited for more than `patience` of them: nothing is done for them.
    func takeOverdue(patience: Int) -> [PendingCommand] {
        condition.lock()
        defer { condition.unlock() }
        ticks += 1
        return urgent.takeOverdue(patience, at: ticks) + patient.takeOverdue(patience, at: ticks)
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
        return urgent.commands.count + patient.commands.count
    }
}

/// Those who wait, in the order in which they came.
private struct Line {
    private(set) var commands: [PendingCommand] = []
    /// When each of them came, in ticks of the watch.
    private var arrivals: [Int] = []

    mutating func add(_ command: PendingCommand, at tick: Int) {
        commands.append(command)
        arrivals.append(tick)
    }

    mutating func take(_ count: Int) -> [PendingCommand] {
        let taken = Array(commands.prefix(count))
        commands.removeFirst(taken.count)
        arrivals.removeFirst(taken.count)
        return taken
    }

    mutating func takeOverdue(_ patience: Int, at tick: Int) -> [PendingCommand] {
        take(arrivals.prefix { tick - $0 > patience }.count)
    }
}
