internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import ServiceLifecycle

/// Listens and serves until it is told to stop; then takes no new connection, finishes what it has begun,
/// ends.
struct HTTPServer<Door: HTTPDoor>: Service {
    private let door: Door
    private let settings: HTTPSettings
    private let state: ServingState
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - state: what the readiness page shows; set when stopping begins.
    ///   - onListening: told the port once connections are accepted; with port 0 it is the one that was
    ///     found.
    init(
        door: Door, settings: HTTPSettings, state: ServingState, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.door = door
        self.settings = settings
        self.state = state
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves; returns after a graceful shutdown, when the last answer has been written.
    func run() async throws {
        try await withGracefulShutdownHandler {
            try await application.run()
        } onGracefulShutdown: {
            state.stop()
        }
    }

    private var application: some ApplicationProtocol {
        let pace = Pace(settings)
        let table = ConnectionTable(
            connectionsMax: settings.connectionsMax,
            connectionsPerSourceMax: settings.connectionsPerAddressMax,
            unboundedSources: settings.trustedProxies, metrics: door.connectionMetrics)
        return Application(
            responder: door,
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [
                        RequestPacing(pace: pace, table: table, refusal: door.refuse(_:from:))
                    ],
                    idleTimeout: .seconds(Int64(settings.idleSeconds)),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: settings.headerFieldMax, maxHeaderListSize: settings.headersMax,
                        maxHeaderFieldCount: settings.headerCountMax))),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), backlog: settings.backlog,
                // The table keeps to the bound by closing others, which takes a moment.
                availableConnectionsDelegate: MaximumAvailableConnections(
                    settings.connectionsMax + DescriptorLimit.reserve / 2, logger: logger)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? settings.port) },
            logger: logger)
    }
}
