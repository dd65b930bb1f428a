internal import CLibPQ
internal import Logging
internal import Synchronization

/// What the listener's thread does: connect, LISTEN, hand on, and again from the start when the server is
/// gone.
final class ListeningLoop: Sendable {
    let subscribers = EventSubscribers()
    private let configuration: PostgresConfiguration
    private let channels: [String]
    private let logger: Logger
    private let wakeUp = WakeUp()
    private let isClosed = Atomic(false)

    init(_ configuration: PostgresConfiguration, channels: [String], logger: Logger) {
        self.configuration = configuration
        self.channels = channels
        self.logger = logger
    }

    func close() {
        isClosed.store(true, ordering: .sequentiallyConsistent)
        wakeUp.ring()
    }

    func run() {
        var backoff = ReconnectBackoff()
        while !isClosed.load(ordering: .sequentiallyConsistent) {
            do {
                let connection = try connect()
                backoff.succeeded()
                subscribers.send(.connected)
                handOn(from: connection)
                connection.close()
                subscribers.send(.disconnected)
            } catch {
                if backoff.failures == 0 {
                    logger.warning("cannot listen to PostgreSQL", metadata: ["reason": "\(error)"])
                }
                wakeUp.wait(milliseconds: backoff.failed(unit: .random(in: 0..<1)))
            }
        }
        subscribers.finish()
    }

    private func connect() throws -> Connection {
        let connection = try Connection(configuration)
        for channel in channels {
            try connection.execute("LISTEN \(Statement.identifier(channel))")
        }
        return connection
    }

    /// Returns when the connection is lost or the listener closed.
    private func handOn(from connection: Connection) {
        while !isClosed.load(ordering: .sequentiallyConsistent), connection.isAlive {
            while let notification = connection.takeNotification() { subscribers.send(notification) }
            wakeUp.wait(forReadable: connection.socket)
        }
    }
}

extension Connection {
    var socket: Int32 { PQsocket(handle) }

    /// A notification that has arrived already.
    func takeNotification() -> NotificationListener.Event? {
        guard let notification = PQnotifies(handle) else { return nil }
        defer { PQfreemem(notification) }
        return .notification(
            channel: String(cString: notification.pointee.relname),
            payload: String(cString: notification.pointee.extra)
        )
    }
}
