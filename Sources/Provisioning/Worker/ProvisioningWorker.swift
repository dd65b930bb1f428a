public import Logging
public import Postgres
public import Primitives
internal import Synchronization

/// Makes the gateways agree with the database, and keeps slots in stock.
///
/// It works in short transactions and keeps nothing that it cannot find again, so it may be stopped, killed and run
/// several times over at any moment. The pool has to act as `tollgate_worker`.
public actor ProvisioningWorker {
    let context: WorkerContext
    let clock: any WallClock
    var memory = WorkerMemory()
    private let listener: NotificationListener?
    private let signal = WakeSignal()
    private let begun = WakeSignal()
    private let stopped = Mutex(false)

    /// - Parameters:
    ///   - ending: ends the subscriptions whose slots are taken back.
    ///   - listener: listens to `tollgate_slots` and whatever else shall wake the worker; without it the worker polls.
    ///   - onStep: called between two steps; what it throws ends the cycle as a crash would.
    public init(
        pool: PostgresPool, fleet: any GatewayFleet, ending: any SubscriptionEnding, seal: CredentialSeal,
        clock: any WallClock, random: any RandomSource, identifiers: any IdentifierSource,
        settings: WorkerSettings = WorkerSettings(),
        listener: NotificationListener? = nil, logger: Logger, onStep: WorkerProbe? = nil
    ) {
        context = WorkerContext(
            pool: pool, fleet: fleet, ending: ending, seal: seal,
            generator: CredentialGenerator(random: random),
            identifiers: identifiers, settings: settings, logger: logger, onStep: onStep
        )
        self.clock = clock
        self.listener = listener
    }

    /// Runs cycles until `stop` is called: at once when woken, else by the poll.
    public func run() async {
        let wakeful = Task { [listener, signal] in
            guard let listener else { return }
            for await _ in listener.events() { signal.wake() }
        }
        defer { wakeful.cancel() }
        while !isStopped {
            let earliest = ContinuousClock.now + .milliseconds(context.settings.pauseMilliseconds)
            do {
                _ = try await cycle(now: clock.now())
            } catch {
                context.logger.error("a provisioning cycle failed", metadata: ["error": "\(error)"])
            }
            begun.wake()
            if isStopped { break }
            await signal.sleep(atMostMilliseconds: context.settings.pollMilliseconds)
            if !isStopped { try? await Task.sleep(until: earliest) }
        }
    }

    /// Waits until the first cycle of `run` is over, or for so long: then what a new catalogue sells is in stock.
    ///
    /// One caller may wait.
    public nonisolated func firstCycle(atMostMilliseconds limit: Int64) async {
        await begun.sleep(atMostMilliseconds: limit)
    }

    /// Ends `run` after the cycle that is under way.
    public nonisolated func stop() {
        stopped.withLock { $0 = true }
        signal.wake()
    }

    /// Starts the next cycle now, or right after the one that is under way: a purchase in this process calls it.
    public nonisolated func wake() {
        signal.wake()
    }

    /// The channels that a listener for a worker should name.
    public static let channels = [SlotStore.slotsChannel, "tollgate_catalogue"]

    private nonisolated var isStopped: Bool { stopped.withLock { $0 } || Task.isCancelled }
}
