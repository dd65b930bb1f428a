public import Logging
public import Primitives

/// A few threads with one connection each, working off one queue of synchronous jobs.
///
/// Connections are made when first needed and again whenever the server has gone away in between.
public final class PostgresPool: Sendable {
    let configuration: PostgresConfiguration
    let clock: any WallClock
    let tenantClock: (@Sendable (TenantID) -> Statement)?
    private let queue: JobQueue
    private let ended: ThreadLatch

    /// Starts the threads; nothing connects before the first job.
    ///
    /// - Parameter tenantClock: asks how many milliseconds a tenant's clock is ahead; without it all clocks are the
    ///   pool's own.
    public init(
        _ configuration: PostgresConfiguration, threads: Int, queueLimit: Int = 4096,
        clock: any WallClock, tenantClock: (@Sendable (TenantID) -> Statement)? = nil, logger: Logger
    ) {
        precondition(threads > 0, "a pool without threads would never run a job")
        self.configuration = configuration
        self.clock = clock
        self.tenantClock = tenantClock
        queue = JobQueue(limit: queueLimit)
        ended = ThreadLatch(count: threads)
        for number in 0..<threads {
            PoolThread.start(
                configuration, name: "postgres-\(number)", queue: queue, logger: logger,
                atEnd: { [ended] in ended.countDown() }
            )
        }
    }

    deinit {
        queue.close()
    }

    /// How many jobs are waiting for a thread.
    public var waiting: Int { queue.count }

    /// Runs a job on one of the threads; the job is not cancelled once it has been accepted.
    ///
    /// Throws what the job throws, or `PoolError` where it was never begun.
    public func run<T: Sendable>(_ job: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            submit(
                run: { connection in continuation.resume(with: Result { try job(connection) }) },
                refuse: { continuation.resume(throwing: $0) }
            )
        }
    }

    /// Queues a job; exactly one of the two closures is called.
    func submit(
        run: @escaping @Sendable (Connection) -> Void, refuse: @escaping @Sendable (PoolError) -> Void
    ) {
        let deadline = ContinuousClock.now + .milliseconds(configuration.unavailableAfterMilliseconds)
        if let refusal = queue.push(Job(run: run, refuse: refuse, deadline: deadline)) { refuse(refusal) }
    }

    /// Accepts no more jobs, finishes those that were accepted, and returns when the threads have ended.
    public func close() async {
        queue.close()
        await ended.wait()
    }
}
