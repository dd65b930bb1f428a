internal import Foundation
internal import Logging
internal import Synchronization

/// One thread of a pool and the connection that it owns.
final class PoolThread {
    private let configuration: PostgresConfiguration
    private let logger: Logger
    private var connection: Connection?
    private var backoff = ReconnectBackoff()
    private var nextAttempt: ContinuousClock.Instant?
    private var lastFailure: any Error = PoolError.closed

    private init(_ configuration: PostgresConfiguration, _ logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Starts a thread that works until the queue is closed and empty.
    static func start(
        _ configuration: PostgresConfiguration, name: String, queue: JobQueue, logger: Logger,
        atEnd: @escaping @Sendable () -> Void
    ) {
        let thread = Thread {
            let worker = PoolThread(configuration, logger)
            while let job = queue.next() { worker.work(job) }
            worker.connection?.close()
            atEnd()
        }
        thread.name = name
        thread.start()
    }

    private func work(_ job: Job) {
        switch liveConnection(until: job.deadline) {
        case .success(let connection):
            job.run(connection)
            tidy(connection)
        case .failure(let error): job.refuse(.unavailable(underlying: error))
        }
    }

    /// A job must leave no transaction open and no broken connection behind for the next one.
    private func tidy(_ connection: Connection) {
        guard connection.isInTransaction || connection.isDoomed else { return }
        if connection.isInTransaction, !connection.isDoomed, (try? connection.rollBackIfOpen()) != nil {
            return
        }
        connection.close()
        self.connection = nil
    }

    /// The connection, made anew where it is dead: the job has not begun, so nobody notices.
    private func liveConnection(until deadline: ContinuousClock.Instant) -> Result<Connection, any Error> {
        if let connection, connection.isAlive { return .success(connection) }
        connection?.close()
        connection = nil
        while true {
            if let nextAttempt, nextAttempt > .now {
                // Past its deadline a job does not even wait for an attempt, or an outage would be queued up.
                guard nextAttempt <= deadline else { return .failure(lastFailure) }
                Thread.sleep(forTimeInterval: (nextAttempt - .now) / .seconds(1))
            }
            do {
                let made = try Connection(configuration)
                connection = made
                backoff.succeeded()
                nextAttempt = nil
                return .success(made)
            } catch {
                lastFailure = error
                let wait = backoff.failed(unit: .random(in: 0..<1))
                nextAttempt = .now + .milliseconds(wait)
                if backoff.failures == 1 {
                    logger.warning("cannot connect to PostgreSQL", metadata: ["reason": "\(error)"])
                }
            }
        }
    }
}
