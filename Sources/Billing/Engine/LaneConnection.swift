internal import Foundation
internal import Logging
internal import Postgres

/// A lane's one connection, made again when it is lost.
final class LaneConnection {
    private let configuration: PostgresConfiguration
    private let logger: Logger
    private var open: Connection?

    init(_ configuration: PostgresConfiguration, logger: Logger) {
        // The lane only looks rows up by key.
        self.configuration = configuration.withPinnedPlans
        self.logger = logger
    }

    /// A connection that answers, made within `patience`; the last failure where there is none.
    func get(patienceMilliseconds: Int64) throws -> Connection {
        if let open, open.isAlive { return open }
        drop()
        let deadline = ContinuousClock.now + .milliseconds(patienceMilliseconds)
        var backoff = ReconnectBackoff()
        while true {
            do {
                let made = try Connection(configuration)
                open = made
                return made
            } catch {
                if backoff.failures == 0 {
                    logger.warning("a lane cannot connect to PostgreSQL", metadata: ["reason": "\(error)"])
                }
                let wait = backoff.failed(unit: .random(in: 0..<1))
                guard ContinuousClock.now + .milliseconds(wait) < deadline else { throw error }
                Thread.sleep(forTimeInterval: TimeInterval(wait) / 1000)
            }
        }
    }

    /// Ends what the transaction began; a connection that cannot even do that is dropped.
    func rollBack() {
        guard let open else { return }
        do {
            if open.isInTransaction { try open.execute("ROLLBACK") }
        } catch {
            drop()
        }
    }

    func drop() {
        open?.close()
        open = nil
    }
}
