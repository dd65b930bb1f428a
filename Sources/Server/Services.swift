internal import Billing
internal import Postgres
internal import Provisioning
internal import ServiceLifecycle

/// Ends the process when its embedded PostgreSQL has been given up.
struct EmbeddedWatch: Service {
    private let postgres: EmbeddedPostgres

    init(_ postgres: EmbeddedPostgres) {
        self.postgres = postgres
    }

    func run() async throws {
        // The server itself is stopped after all services, for they need it to the end.
        try await cancelWhenGracefulShutdown { [postgres] in
            await withTaskCancellationOrEnd(of: postgres)
            if let failure = postgres.failure { throw failure }
        }
    }

    private func withTaskCancellationOrEnd(of postgres: EmbeddedPostgres) async {
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let watch = Task {
            await postgres.ended()
            end.finish()
        }
        // A stream's iteration ends with its task; waiting for the server itself would not.
        for await _ in ends {}
        watch.cancel()
    }
}

/// Runs the provisioning worker; stops it after the cycle that is under way.
struct WorkerService: Service {
    private let worker: ProvisioningWorker

    init(_ worker: ProvisioningWorker) {
        self.worker = worker
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            await worker.run()
        } onGracefulShutdown: {
            worker.stop()
        }
    }
}

/// Finishes and answers what the engine has accepted, once nobody hands it anything new.
struct EngineService: Service {
    private let engine: Engine

    init(_ engine: Engine) {
        self.engine = engine
    }

    func run() async throws {
        try? await gracefulShutdown()
        await engine.stop()
    }
}

/// Lets a cache follow the database's notifications.
struct ListeningService: Service {
    private let listener: NotificationListener
    private let follow: @Sendable (AsyncStream<NotificationListener.Event>) async -> Void

    init(
        _ listener: NotificationListener,
        _ follow: @escaping @Sendable (AsyncStream<NotificationListener.Event>) async -> Void
    ) {
        self.listener = listener
        self.follow = follow
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            await follow(listener.events())
        } onGracefulShutdown: {
            listener.close()
        }
    }
}
