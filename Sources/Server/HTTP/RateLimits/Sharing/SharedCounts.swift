internal import Foundation
public import Logging
internal import Metrics
public import Postgres
public import Primitives
internal import Synchronization

/// Keeps one count where several processes serve, beside the requests: about twice a second each tells the others what
/// it has counted of those who asked it meanwhile, and hears the same of them.
///
/// A process tells nothing of a subject before it has used its share of a tenth of a limit; alone it tells nothing at
/// all. So a limit holds within a tenth of itself and what is let through between two exchanges. Without the database
/// each process goes on by itself: what it heard last is forgotten as time passes, like its own.
public final class SharedCounts: Sendable {
    private let limiter: SlidingWindowLimiter
    private let pool: PostgresPool
    private let clock: any WallClock
    private let process: IdentifierBits
    private let pauseMilliseconds: Int64
    private let logger: Logger
    private let neighbours = Mutex(Neighbours())
    private let rounds = Mutex<Int64>(0)
    private let isStopping = Mutex(false)
    private let signal = WakeSignal()
    private let processes = Gauge(label: "tollgate_rate_limit_processes")
    private let told = Counter(label: "tollgate_rate_limit_subjects_shared_total")
    private let failures = Counter(label: "tollgate_rate_limit_exchange_failures_total")

    /// - Parameter pool: one connection of the recorder's role; closed with this.
    public init(
        limiter: SlidingWindowLimiter, pool: PostgresPool, clock: any WallClock, ids: any IdentifierSource,
        pauseMilliseconds: Int64 = 500, logger: Logger
    ) {
        self.limiter = limiter
        self.pool = pool
        self.clock = clock
        self.pauseMilliseconds = pauseMilliseconds
        self.logger = logger
        process = ids.next(at: clock.now(), of: ServerProcess.self).bits
    }

    private enum ServerProcess {}

    /// Tells and hears until it is told to stop; forgets meanwhile who has been quiet.
    public func run() async {
        var isFailing = false
        while !isStopping.withLock({ $0 }) {
            await signal.sleep(atMostMilliseconds: pauseMilliseconds)
            let round = rounds.withLock { rounds in
                rounds += 1
                return rounds
            }
            do {
                try await exchange()
                if round.isMultiple(of: max(1, 60_000 / pauseMilliseconds)) { try await tidy() }
                isFailing = false
            } catch {
                failures.increment()
                if !isFailing {
                    logger.warning("rate limits are counted apart", metadata: ["reason": "\(error)"])
                }
                isFailing = true
            }
        }
        await leave()
    }

    /// Lets `run` come to its end.
    public func stop() {
        isStopping.withLock { $0 = true }
        signal.wake()
    }

    /// One exchange: one round trip for a process that is alone, two where there are others.
    func exchange() async throws {
        let beats = try await pool.transaction(tenant: nil) { [process] in
            try RateCountStore.beats($0.query(RateCountStore.beat(of: process)))
        }
        let others = beats.filter { $0.id != process }
        let count = neighbours.withLock { $0.hear(others, at: .now) }
        limiter.share(among: 1 + count)
        processes.record(1 + count)
        guard count > 0 else { return }
        try await tell(limiter.changed(at: clock.now()))
    }

    private func tell(_ counts: [SubjectKey: SharedCells]) async throws {
        guard !counts.isEmpty else { return }
        do {
            let elsewhere = try await pool.transaction(tenant: nil) { [process] transaction in
                let results = try transaction.pipeline([
                    RateCountStore.write(counts, of: process),
                    RateCountStore.read(counts.keys.map(\.bits), besides: process),
                ])
                return try RateCountStore.cells(results[1])
            }
            told.increment(by: counts.count)
            let now = clock.now()
            for key in counts.keys { limiter.count(elsewhere[key.bits] ?? [], of: key, at: now) }
        } catch {
            limiter.changedStill(counts.keys)
            throw error
        }
    }

    /// Once a minute: forgets subjects that have been quiet, processes that are gone and what they had counted.
    func tidy() async throws {
        let now = clock.now()
        limiter.sweep(at: now)
        let gone = neighbours.withLock { $0.gone(at: .now) }
        _ = try await pool.transaction(tenant: nil) { transaction in
            try transaction.pipeline([
                RateCountStore.remove(gone), RateCountStore.removeForgotten(at: now),
            ]).count
        }
    }

    /// A process that ends in order says so; one that cannot, falls silent.
    private func leave() async {
        _ = await FirstAnswer.of(.seconds(1)) { [pool, process] in
            try await pool.transaction(tenant: nil) { _ = try $0.query(RateCountStore.remove([process])) }
            await pool.close()
        }
    }
}
