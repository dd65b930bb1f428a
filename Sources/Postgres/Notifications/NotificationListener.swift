internal import Foundation
public import Logging

/// Listens to channels on a thread and a connection of its own, and reconnects for as long as it is open.
///
/// What is notified while disconnected is lost: whoever sees `.connected` looks at the tables once.
public final class NotificationListener: Sendable {
    /// What a listener reports.
    public enum Event: Sendable, Equatable {
        /// From here on notifications arrive; before it some may have been missed.
        case connected
        case notification(channel: String, payload: String)
        /// None will arrive until `.connected` comes again.
        case disconnected
    }

    private let loop: ListeningLoop

    /// Starts listening at once; the connection must not go through pgbouncer in transaction mode.
    public init(_ configuration: PostgresConfiguration, channels: [String], logger: Logger) {
        // The thread owns the loop and not the listener, so a forgotten listener closes itself.
        let loop = ListeningLoop(configuration, channels: channels, logger: logger)
        self.loop = loop
        let thread = Thread { loop.run() }
        thread.name = "postgres-listen"
        thread.start()
    }

    deinit {
        loop.close()
    }

    /// The events from now on; each call makes a stream of its own, which ends when the listener is closed.
    public func events() -> AsyncStream<Event> {
        loop.subscribers.subscribe()
    }

    /// Ends the thread, its connection and all streams.
    public func close() {
        loop.close()
    }
}
