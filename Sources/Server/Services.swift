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

/// Runs what comes to its end when it is asked to: the request log's recorder, the exchange of counts.
struct LastingService: Service {
    private let work: @Sendable () async -> Void
    private let stop: @Sendable () -> Void

    init(_ work: @escaping @Sendable () async -> Void, stop: @escaping @Sendable () -> Void) {
        self.work = work
        self.stop = stop
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            await work()
        } onGracefulShutdown: {
            stop()
        }
    }
}

/// Forgets old requests now and then.
struct RetentionService: Service {
    private let retention: RequestLogRetention

    init(_ retention: RequestLogRetention) {
        self.retention = retention
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [retention] in await retention.keepRunning() }
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

/// Lets caches follow the database's notifications, all of them over one connection.
struct ListeningService: Service {
    typealias Follower = @Sendable (AsyncStream<NotificationListener.Event>) async -> Void

    private let listener: NotificationListener
    private let followers: [Follower]

    init(_ listener: NotificationListener, _ followers: [Follower]) {
        self.listener = listener
        self.followers = followers
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for follow in followers { group.addTask { await follow(listener.events()) } }
            }
        } onGracefulShutdown: {
            // Ends every follower's stream, so all of them have to belong to this one service.
            listener.close()
        }
    }
}
