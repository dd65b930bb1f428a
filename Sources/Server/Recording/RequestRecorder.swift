public import Logging
public import Postgres
public import Primitives
internal import Synchronization

/// Writes down what accounts have asked, beside the requests and never in their way.
///
/// A request waits in a bounded buffer until the next batch is copied, a quarter of a second later or once there are
/// enough. While the database is away the buffer fills; what finds no room is dropped and counted. At a graceful stop
/// all that is left is written, if it can be in time.
public final class RequestRecorder: Sendable {
    /// Bounds and times of a recorder.
    public struct Settings: Sendable {
        /// What may wait to be written.
        public var rowsMax = 50_000
        public var bytesMax = 16 << 20
        /// Rows of one batch.
        public var batchRows = 2_000
        /// How long a request waits for others.
        public var pauseMilliseconds: Int64 = 250
        /// How long a stop waits for the database.
        public var stopMilliseconds: Int64 = 5_000
        /// Off, nothing but the keys' last use is written.
        public var writesRequests = true

        public init() {}
    }

    let pool: PostgresPool
    let settings: Settings
    let logger: Logger
    let metrics = RecorderMetrics()
    let days = Mutex<Set<CivilDate>>([])
    /// Whether a batch may have been written although nobody said so.
    let isOutcomeUnknown = Mutex(false)
    /// Whether the log has been told that nothing can be written.
    let isComplaining = Mutex(false)
    private let buffer: RequestBuffer
    private let uses = Mutex(KeyUses())
    private let signal = WakeSignal()
    private let isStopping = Mutex(false)

    /// - Parameter pool: one connection of the recorder's own role; closed with the recorder.
    public init(pool: PostgresPool, settings: Settings = Settings(), logger: Logger) {
        self.pool = pool
        self.settings = settings
        self.logger = logger
        buffer = RequestBuffer(
            rowsMax: settings.rowsMax, bytesMax: settings.bytesMax, batchRows: settings.batchRows)
    }

    /// How many requests have not been written down yet.
    public var waiting: Int { buffer.count }

    /// Takes one request; never waits.
    ///
    /// - Parameter request: made only where requests are written down.
    public func record(_ request: @autoclosure () -> LoggedRequest) {
        guard settings.writesRequests else { return }
        switch buffer.append(request()) {
        case .kept: break
        case .enough: signal.wake()
        case .dropped(let isFirst):
            metrics.dropped(1)
            if isFirst { logger.warning("the request log has no room: requests go unrecorded") }
        }
    }

    /// An API key was good for a request.
    public func use(_ key: APIKeyID, of tenant: TenantID, at now: Instant) {
        uses.withLock { $0.note(key, of: tenant, at: now) }
    }

    /// Writes until it is told to stop, then all that is left.
    public func run() async {
        while !isStopping.withLock({ $0 }) {
            await signal.sleep(atMostMilliseconds: settings.pauseMilliseconds)
            await flush()
        }
        let isDone = await FirstAnswer.of(.milliseconds(settings.stopMilliseconds)) { [self] in
            // Once at least: what came while the last batch was on its way, keys' uses among it, is still here.
            while await !flush() {
                // What cannot be reached now may be there again before the time is over.
                try await Task.sleep(for: .milliseconds(50))
            }
            await pool.close()
            return true
        }
        guard isDone == nil else { return }
        logger.error("the request log was not written to its end", metadata: ["lost": "\(waiting)"])
    }

    /// Lets `run` come to its end.
    public func stop() {
        isStopping.withLock { $0 = true }
        signal.wake()
    }

    /// Writes what waits, batch by batch; whether nothing stood in the way.
    @discardableResult
    private func flush() async -> Bool {
        while true {
            let batch = buffer.batch()
            guard !batch.isEmpty else { break }
            switch await write(batch) {
            case .written: metrics.written(batch.count)
            case .refused: metrics.dropped(batch.count)
            case .later: return false
            }
            buffer.settle()
        }
        let due = uses.withLock { $0.due() }
        if !due.isEmpty { await write(due) }
        return true
    }
}
