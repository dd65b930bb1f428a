internal import Catalog
internal import Foundation
internal import Logging
internal import Postgres
internal import Primitives
internal import Synchronization

/// One thread with one connection that commits group after group.
final class Lane: @unchecked Sendable {
    let queue: LaneQueue
    private let connection: LaneConnection
    private let stock: any Stock
    private let clock: any WallClock
    private let settings: EngineSettings
    private let logger: Logger
    private let metrics: EngineMetrics
    private let onStep: @Sendable (EngineStep) throws -> Void
    /// The group that is being carried out, and for how many ticks of the watch.
    private let inHand = Mutex<(group: [PendingCommand], ticks: Int)>(([], 0))

    private let committed = Atomic<Int64>(0)

    // Confined to the lane's thread.
    private var unanswered: [[PendingCommand]] = []
    private var ids: IdentifierSequence
    private var cursors: [TenantKey<NetworkID>: Int64] = [:]
    /// As last read; a group whose rows say otherwise is taken apart by what they say.
    private var clocks = TenantClocks()

    init(
        number: Int, configuration: PostgresConfiguration, stock: any Stock, clock: any WallClock,
        seed: UInt64,
        settings: EngineSettings, logger: Logger, onStep: @escaping @Sendable (EngineStep) throws -> Void
    ) {
        queue = LaneQueue(
            limit: settings.queueLimit,
            share: LaneQueue.PatientShare(
                alone: settings.patientGroupLimit, oneBeside: settings.customersPerPatient))
        connection = LaneConnection(configuration, logger: logger)
        self.stock = stock
        self.clock = clock
        self.settings = settings
        self.logger = logger
        self.onStep = onStep
        metrics = EngineMetrics(lane: number)
        ids = IdentifierSequence(seed: seed)
    }

    /// How many groups were committed.
    var groupsCommitted: Int64 { committed.load(ordering: .relaxed) }

    /// Commits groups until the queue is closed and empty.
    func run() {
        while let group = queue.nextGroup(commands: settings.groupLimit, units: settings.groupUnitLimit) {
            metrics.groupTaken(group.count, waiting: queue.depth)
            let start = ContinuousClock.now
            inHand.withLock { $0 = (group, 0) }
            do {
                try carryOut(group)
            } catch {
                die(error)
            }
            inHand.withLock { $0 = ([], 0) }
            metrics.groupDone(nanoseconds: (ContinuousClock.now - start).nanoseconds)
        }
        connection.drop()
    }

    /// Carries a group out; one that fails as a whole is halved until what failed stands alone, and one whose tenants'
    /// clocks differ is taken apart by them, for its rows are written with one instant.
    private func carryOut(_ group: [PendingCommand]) throws(EngineDeath) {
        unanswered = parts(of: group)
        while let part = unanswered.last {
            let cause = try attempt(part)
            unanswered.removeLast()
            guard let cause else { continue }
            if let difference = cause as? ClocksDiffer {
                clocks.learn(difference)
                unanswered += parts(of: part)
            } else if part.count == 1 {
                logger.error(
                    "a command failed",
                    metadata: ["command": "\(part[0].submission.id)", "cause": "\(cause)"])
                let fault = Fault(
                    operation: "carry out", isTransient: cause is ShelfContended, underlying: cause)
                answer(part[0], .failure(.unavailable(fault)))
            } else {
                metrics.split()
                unanswered.append(Array(part[(part.count / 2)...]))
                unanswered.append(Array(part[..<(part.count / 2)]))
            }
        }
    }

    /// The first comes last, as they are taken from the end. Previews see what those have done who are carried out.
    private func parts(of group: [PendingCommand]) -> [[PendingCommand]] {
        let previews = group.filter { $0.foresight != nil }
        let commands = previews.isEmpty ? group : group.filter { $0.foresight == nil }
        let parts = [commands, previews].flatMap { clocks.parts(of: $0) { $0.submission.tenant } }
        return parts.reversed()
    }

    /// Tries a group until it is answered; returns what is wrong with it where it has to be split.
    private func attempt(_ group: [PendingCommand]) throws(EngineDeath) -> (any Error)? {
        var attemptsLeft = settings.attempts
        while true {
            let open: Connection
            do {
                open = try connection.get(patienceMilliseconds: settings.patienceMilliseconds)
            } catch {
                answerAll(group, unavailable: error, during: "connect")
                return nil
            }
            var run = GroupRun(
                submissions: group.map(\.submission), connection: open, stock: stock, cursors: cursors,
                ids: ids, now: clock.now(), aheadMilliseconds: clocks.ahead(of: group[0].submission.tenant),
                onStep: onStep)
            do {
                let decisions = try group[0].foresight == nil ? run.carryOut() : run.foresee()
                committed.add(1, ordering: .relaxed)
                settle(group, run, decisions)
                return nil
            } catch let death as EngineDeath {
                throw death
            } catch let difference as ClocksDiffer {
                // Nothing was written, and no attempt is used up: whoever moved a clock does so once.
                connection.rollBack()
                return difference
            } catch {
                // Ids are never given twice, whatever became of those that this attempt has made.
                ids = run.ids
                connection.rollBack()
                attemptsLeft -= 1
                switch GroupFailure(error, sentCommit: run.sentCommit) {
                case .poisoned: return error
                case .lostAtCommit:
                    if try lookUp(group, run) { return nil }
                case .lostBeforeCommit: connection.drop()
                case .contended:
                    if attemptsLeft == 0 { return error }
                    Thread.sleep(forTimeInterval: 0.005)
                case .collided: break
                }
                guard attemptsLeft > 0 else {
                    answerAll(group, unavailable: error, during: "commit")
                    return nil
                }
                metrics.retried()
                logger.notice(
                    "a group is tried again", metadata: ["commands": "\(group.count)", "cause": "\(error)"])
            }
        }
    }

    /// Asks the database what became of a COMMIT whose answer was lost: true where everybody has been answered.
    private func lookUp(_ group: [PendingCommand], _ run: GroupRun) throws(EngineDeath) -> Bool {
        metrics.lookedUp()
        connection.drop()
        let deadline = ContinuousClock.now + .milliseconds(settings.lookupPatienceMilliseconds)
        while true {
            do {
                let left = max(0, (deadline - .now).nanoseconds / 1_000_000)
                let open = try connection.get(patienceMilliseconds: left)
                guard try run.wasCommitted(askedOn: open) else { return false }
                settle(group, run, run.decisions)
                return true
            } catch {
                // The old session may still hold the accounts: it is waited for as long as there is patience.
                connection.rollBack()
                guard ContinuousClock.now < deadline else {
                    tellNobodyKnows(group, error)
                    return true
                }
            }
        }
    }

    private func tellNobodyKnows(_ group: [PendingCommand], _ error: any Error) {
        logger.error(
            "nobody can tell what became of a COMMIT",
            metadata: ["commands": "\(group.map { "\($0.submission.id)" })", "cause": "\(error)"])
        for command in group { answer(command, .failure(.outcomeUnknown(command.submission.id))) }
    }

    /// Takes over what a committed group has used up, and answers its callers.
    private func settle(_ group: [PendingCommand], _ run: GroupRun, _ decisions: [Decision]) {
        precondition(group.count == decisions.count, "every command of a settled group has its decision")
        ids = run.ids
        for (network, rank) in run.highestTaken { cursors[network] = rank }
        for (command, decision) in zip(group, decisions) {
            switch decision {
            case .answered(let result):
                command.foresight?.note(run.time.now)
                answer(command, .success(result))
            case .refused(let refusal): answer(command, .failure(.refused(refusal)))
            case .failed(let fault):
                logger.error("a command failed", metadata: ["cause": "\(fault)"])
                answer(command, .failure(.unavailable(fault)))
            }
        }
    }

    private func answerAll(_ group: [PendingCommand], unavailable error: any Error, during operation: String)
    {
        let fault = Fault(operation: operation, isTransient: true, underlying: error)
        logger.error("a group failed", metadata: ["commands": "\(group.count)", "cause": "\(fault)"])
        for command in group { answer(command, .failure(.unavailable(fault))) }
    }

    private func answer(_ command: PendingCommand, _ result: Result<Answer, EngineError>) {
        // A caller who was told that nobody knows has been counted.
        if command.answer(result), command.foresight == nil { metrics.decided(result) }
    }

    /// Called by the watch once per tick: whoever has waited too long is told what is known.
    ///
    /// Those in the queue are taken out of it, so nothing is done for them. Those in hand may be committed any moment,
    /// or may have been: nobody knows, and who asks again under their key learns it.
    func tellOverdue(patience: Int) {
        for command in queue.takeOverdue(patience: patience) {
            let fault = Fault(operation: "wait for a lane", isTransient: true, underlying: EngineOverdue())
            answer(command, .failure(.unavailable(fault)))
        }
        let overdue = inHand.withLock { inHand in
            inHand.ticks += 1
            return inHand.ticks > patience ? inHand.group : []
        }
        for command in overdue { answer(command, .failure(.outcomeUnknown(command.submission.id))) }
    }

    /// A test has stopped the engine between two steps: like a killed process it commits and answers nothing more.
    private func die(_ death: EngineDeath) {
        logger.critical("the engine was stopped between two steps", metadata: ["cause": "\(death.cause)"])
        connection.drop()
        queue.close()
        for command in unanswered.joined() {
            command.answer(.failure(.outcomeUnknown(command.submission.id)))
        }
        while let group = queue.nextGroup(commands: .max, units: .max) {
            for command in group { command.answer(.failure(.stopping)) }
        }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
