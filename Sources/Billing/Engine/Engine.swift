internal import Foundation
public import Logging
public import Postgres
public import Primitives

/// Carries out commands: the only writer of the ledger.
///
/// Commands that arrive while a group is being committed form the next group. Each is decided by itself, in order; a
/// refusal changes nothing for its neighbours, and nobody is answered before COMMIT.
public final class Engine: Sendable {
    private let lanes: [Lane]
    private let keysInFlight = KeysInFlight()
    private let ended: EndOfThreads
    private let watch: EngineWatch

    /// Starts the lanes' threads; they connect when the first command comes.
    ///
    /// - Parameters:
    ///   - configuration: where the ledger is; the role should be `tollgate_engine`.
    ///   - seed: random, or two processes could make the same ids.
    ///   - onStep: called between steps; what it throws stops the engine as a kill would. For tests.
    public init(
        configuration: PostgresConfiguration, stock: any Stock, clock: any WallClock, seed: UInt64,
        settings: EngineSettings = EngineSettings(), logger: Logger,
        onStep: @escaping @Sendable (EngineStep) throws -> Void = { _ in }
    ) {
        let seeds = SplitMix64.seeds(settings.lanes, from: seed)
        lanes = seeds.enumerated().map { number, seed in
            Lane(
                number: number, configuration: configuration, stock: stock, clock: clock,
                seed: seed, settings: settings, logger: logger, onStep: onStep)
        }
        ended = EndOfThreads(count: lanes.count)
        watch = EngineWatch(lanes, patienceMilliseconds: settings.answerPatienceMilliseconds)
        for (number, lane) in lanes.enumerated() {
            let thread = Thread { [ended] in
                lane.run()
                ended.oneEnded()
            }
            thread.name = "engine-\(number)"
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    /// Queues the command and waits for its outcome.
    ///
    /// - Throws: `.refused` where the rules say no, `.busy` and `.stopping` before anything was decided,
    ///   `.unavailable` where nothing was written, `.outcomeUnknown` where nobody can tell yet.
    public func submit(_ submission: Submission) async throws(EngineError) -> Answer {
        guard keysInFlight.enter(submission) else { throw .refused(.idempotencyKeyInFlight) }
        defer { keysInFlight.leave(submission) }
        return try await wait(for: submission)
    }

    /// What a command would come to now: its figures, or why it would be refused. It waits in the same queue, is decided
    /// by the same rules on the same rows, locked for that moment, and leaves nothing behind.
    ///
    /// - Throws: what `submit` throws, except that nothing can have been written.
    public func preview(_ submission: Submission) async throws(EngineError) -> Preview {
        let foresight = Foresight()
        let answer = try await wait(for: submission.foreseen, foreseeing: foresight)
        guard case .done(let outcome) = answer, let at = foresight.at else {
            preconditionFailure("a preview has no key, so nothing was replayed")
        }
        return Preview(at: at, outcome: outcome.withoutCredentials)
    }

    private func wait(
        for submission: Submission, foreseeing foresight: Foresight? = nil
    ) async throws(EngineError) -> Answer {
        let lane = lanes[Int(UInt64(bitPattern: submission.tenant.number) % UInt64(lanes.count))]
        let result = await withCheckedContinuation { continuation in
            let pending = PendingCommand(submission, foreseeing: foresight, continuation)
            switch lane.queue.add(pending) {
            case .accepted: break
            case .full: pending.answer(.failure(.busy(retryAfterSeconds: 1)))
            case .closed: pending.answer(.failure(.stopping))
            }
        }
        return try result.get()
    }

    /// How many groups have reached the database's answer since the start, each a transaction.
    var groupsCommitted: Int64 { lanes.reduce(0) { $0 + $1.groupsCommitted } }

    /// Takes nothing new, finishes and answers what was accepted, closes the connections.
    public func stop() async {
        for lane in lanes { lane.queue.close() }
        await ended.wait()
        watch.end()
    }
}
