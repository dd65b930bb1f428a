internal import Billing
internal import Catalog
internal import Metrics
internal import Postgres
internal import Primitives
internal import Provisioning
internal import ServiceLifecycle

extension Installation {
    /// What a process of the installation takes part in.
    public struct Parts: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// HTTP: the doors, and the engine behind them.
        public static let doors = Parts(rawValue: 1)
        /// The provisioning worker.
        public static let worker = Parts(rawValue: 2)
    }

    /// When to say that the installation is ready.
    enum Announcement: Sendable {
        case atOnce
        /// Who reads "ready" of a new catalogue and buys at once should find something on the shelves.
        case onceStocked
    }

    /// Runs the parts until a signal comes, then finishes what was begun: doors first, then engine, then worker.
    ///
    /// - Parameter onListening: told the port once requests are answered, and where it is asked for once the shelves
    ///   are stocked; of a process without doors, the port of its metrics.
    func serve(
        _ parts: Parts, stopping interruption: Interruption, announcing announcement: Announcement,
        onListening: @escaping @Sendable (Int) async -> Void
    ) async throws {
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        metrics.watchProcess()
        PaymentMetrics.begin()
        let seal = requiredSeal

        // They stop in the opposite order.
        var services: [any Service] = []
        if let embedded = database.embedded { services.append(EmbeddedWatch(embedded)) }
        let engine = makeEngine(SlotStock(seal: CredentialSeal(seal)), clock: clock)
        services.append(EngineService(engine))
        let worker =
            parts.contains(.worker)
            ? makeWorker(
                seal, clock: clock,
                listener: NotificationListener(
                    listening, channels: ProvisioningWorker.channels, logger: logger)) : nil
        if let worker {
            metrics.watch(self.worker, named: "worker")
            services.append(WorkerService(worker))
            services.append(
                RetentionService(
                    RequestLogRetention(
                        pool: self.worker, clock: clock, days: settings.requestLogDays, logger: logger)))
            if settings.runsJobs { services.append(JobService(makeSchedule(engine))) }
        }
        if parts.contains(.doors) {
            let announcer = SlotAnnouncer(pool: self.worker, logger: logger) { worker?.wake() }
            services += makeDoors(seal, metrics, announcer, engine) { port in
                switch announcement {
                case .atOnce: break
                case .onceStocked: await worker?.firstCycle(atMostMilliseconds: 30_000)
                }
                await onListening(port)
            }
        } else if let port = settings.metricsPort {
            services.append(makeWatch(metrics, port, onListening))
        }

        // A part that fails ends the others in their order too: cancelled, those that go on until they are told to stop would
        // go round without a rest.
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(service: $0, failureTerminationBehavior: .gracefullyShutdownGroup)
            }, logger: logger)
        // What has not ended by then never will: a client that holds its connection open, say.
        configuration.maximumGracefulShutdownDuration = .seconds(30)
        let group = ServiceGroup(configuration: configuration)
        interruption.ask { await group.triggerGracefulShutdown() }
        try await group.run()
    }

    /// What opens and seals the installation's secrets; what asks for it was opened with the key.
    var requiredSeal: Seal {
        Seal(requiredKeys)
    }

    /// The installation's keys; what asks for them was opened with them.
    var requiredKeys: InstallationKeys {
        guard let keys else { preconditionFailure("what needs the installation's key was opened without it") }
        return keys
    }

    func makeWorker(
        _ seal: Seal, clock: any WallClock, listener: NotificationListener? = nil
    ) -> ProvisioningWorker {
        ProvisioningWorker(
            pool: worker, fleet: SimulatedFleet(), ending: BilledEnding(ids: identifiers),
            seal: CredentialSeal(seal), clock: clock, random: random, identifiers: identifiers,
            listener: listener, logger: logger)
    }

    private func makeDoors(
        _ seal: Seal, _ metrics: PrometheusMetrics, _ announcer: SlotAnnouncer,
        _ engine: Engine, _ onListening: @escaping @Sendable (Int) async -> Void
    ) -> [any Service] {
        metrics.watch(doors, named: "doors")
        let catalogues = CatalogueCache(pool: doors, logger: logger)
        let principals = PrincipalCache()
        let limiter = SlidingWindowLimiter()
        let sessions = Sessions(
            pool: doors, cache: principals, clock: clock, random: random,
            installationKeys: requiredKeys,
            audiences: [Gate.name])
        let admission = makeAdmission(principals, sessions, limiter)
        let vendors = makeDialects(
            DialectParts(self, engine, catalogues, admission, seal, onSlotsChanged: announcer.slotsChanged),
            installationKeys: requiredKeys)
        let hasher = Argon2Hasher(random: random)
        let account = AccountAPI(
            AccountParts(
                AccountParts.Surroundings(
                    admission: admission, catalogues: catalogues, keyForms: keyForms, hasher: hasher,
                    seal: seal, clock: clock, ids: identifiers, random: random,
                    preview: { submission throws(EngineError) in try await engine.preview(submission) },
                    payments: { makePaymentDesk(engine, seal) }),
                pool: accounts, reading: reading, owner: owner),
            logger: logger)
        let jobs = JobDesk(runs: jobRuns) { [self] in job($0) }
        let admin = AdminAPI(
            pool: admin, reading: reading, exports: exports, selling: selling, jobs: jobs,
            payments: { makePaymentDesk(engine, seal) }, clock: clock, ids: identifiers, random: random,
            hasher: hasher, limiter: limiter,
            strangers: Strangers(limit: settings.unknownKeys, readsMax: 1), seal: seal,
            installationKeys: requiredKeys, logger: logger)
        let payments = PaymentsDoor(desk: makePaymentDesk(engine, seal), logger: logger)
        let listener = NotificationListener(
            listening, channels: [CatalogueCache.channel, PrincipalCache.channel], logger: logger)
        let state = ServingState()
        let recorder = makeRecorder()
        metrics.watch(recorder)
        metrics.watch(limiter)
        let counts = SharedCounts(
            limiter: limiter, pool: PostgresPool(recording, threads: 1, clock: clock, logger: logger),
            clock: clock, ids: identifiers, logger: logger)
        let door = FrontDoor(
            catalogue: catalogues, dialects: vendors + [account, admin, payments],
            health: HealthPages(state: state, checks: [.database(doors)]),
            metrics: metrics, clock: clock, ids: identifiers, settings: http, sink: sink, recorder: recorder,
            logger: logger)
        return [
            // The last of them to stop: every request that was answered is in it by then.
            LastingService(recorder.run, stop: recorder.stop),
            LastingService(counts.run, stop: counts.stop),
            jobs,
            ListeningService(listener, [{ await catalogues.follow($0) }, { await principals.follow($0) }]),
            HTTPServer(door: door, settings: http, state: state, logger: logger, onListening: onListening),
        ]
    }

    /// The platform's pages of a process without doors, for whoever is on its machine.
    private func makeWatch(
        _ metrics: PrometheusMetrics, _ port: Int, _ onListening: @escaping @Sendable (Int) async -> Void
    ) -> any Service {
        let state = ServingState()
        let health = HealthPages(state: state, checks: [.database(worker)])
        var settings = http
        settings.host = "127.0.0.1"
        settings.port = port
        return HTTPServer(
            door: WatchDoor(platform: PlatformPages(health: health, metrics: metrics)), settings: settings,
            state: state, logger: logger, onListening: onListening)
    }

    private func makeRecorder() -> RequestRecorder {
        var settings = RequestRecorder.Settings()
        settings.writesRequests = self.settings.writesRequestLog
        return RequestRecorder(
            pool: PostgresPool(recording, threads: 1, clock: clock, logger: logger), settings: settings,
            logger: logger)
    }

    /// - Parameter lanes: `nil`: as many as the settings say.
    func makeEngine(_ stock: SlotStock, clock: any WallClock, lanes: Int? = nil) -> Engine {
        var settings = EngineSettings()
        settings.lanes = lanes ?? self.settings.lanes
        let seed = random.bytes(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return Engine(
            configuration: engine, stock: stock, clock: clock, seed: seed,
            settings: settings, logger: logger)
    }

    /// The same for every dialect.
    private func makeAdmission(
        _ principals: PrincipalCache, _ sessions: Sessions, _ limiter: SlidingWindowLimiter
    ) -> Admission {
        let strangers = Strangers(
            limit: settings.unknownKeys, readsMax: max(1, settings.doorConnections - 1))
        return Admission(
            keys: APIKeyAuthenticator(pool: doors, cache: principals, strangers: strangers, clock: clock),
            sessions: sessions, limiter: limiter)
    }

    private var http: HTTPSettings {
        var http = HTTPSettings()
        http.host = settings.host
        http.port = settings.port
        http.trustedProxies = settings.trustedProxies
        http.requestLogLevel = settings.logLevel
        http.connectionsMax = connectionsMax
        http.connectionsPerAddressMax = settings.connectionsPerAddress
        http.headSeconds = settings.headSeconds
        http.bodySeconds = settings.bodySeconds
        http.idleSeconds = settings.idleSeconds
        return http
    }

    /// As many as were asked for, or as the system lets the process have.
    private var connectionsMax: Int {
        let possible = max(1, DescriptorLimit.raise() - DescriptorLimit.reserve)
        if possible < settings.connections {
            logger.warning(
                "fewer connections than were asked for: raise the limit of open files (ulimit -n)",
                metadata: ["asked": "\(settings.connections)", "possible": "\(possible)"])
        }
        return min(settings.connections, possible)
    }
}
