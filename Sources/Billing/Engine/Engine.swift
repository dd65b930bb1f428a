public import Logging
public import Postgres
public import Primitives

/// Carries out commands: the only writer of the ledger.
public final class Engine: Sendable {
    // (lanes follow)
    public init(
        configuration: PostgresConfiguration, stock: any Stock, clock: any WallClock, seed: UInt64,
        settings: EngineSettings = EngineSettings(), logger: Logger,
        onStep: @escaping @Sendable (EngineStep) throws -> Void = { _ in }
    ) {
        preconditionFailure("not yet built")
    }

    /// Queues the command and waits for its outcome.
    ///
    /// - Throws: `.refused` where the rules say no, `.busy` and `.stopping` before anything was decided,
    ///   `.unavailable` where nothing was written, `.outcomeUnknown` where nobody can tell yet.
    public func submit(_ submission: Submission) async throws(EngineError) -> Answer {
        throw .stopping
    }

    /// Takes nothing new, finishes and answers what was accepted, closes the connections.
    public func stop() async {}
}
