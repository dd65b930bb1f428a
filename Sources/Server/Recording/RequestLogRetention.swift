public import Logging
public import Postgres
public import Primitives

/// Forgets requests, a day at a time, once the log has had them for long enough.
public struct RequestLogRetention: Sendable {
    private let pool: PostgresPool
    private let clock: any WallClock
    private let days: Int
    private let logger: Logger

    /// - Parameters:
    ///   - pool: connections of the worker's role.
    ///   - days: whole days that are kept, besides today.
    public init(pool: PostgresPool, clock: any WallClock, days: Int, logger: Logger) {
        precondition(days > 0, "a log that keeps no day is no log")
        self.pool = pool
        self.clock = clock
        self.days = days
        self.logger = logger
    }

    /// Drops every day that is older; how many there were.
    @discardableResult
    public func run() async throws -> Int {
        guard let today = CivilDate(of: clock.now()),
            let first = CivilDate(daysSinceEpoch: today.daysSinceEpoch - Int64(days))
        else { return 0 }
        var count = 0
        while let dropped = try await dropOne(before: first) {
            count += 1
            logger.info("a day of the request log is forgotten", metadata: ["day": "\(dropped)"])
        }
        return count
    }

    /// Runs at once and then every hour, until it is cancelled.
    public func keepRunning() async {
        while !Task.isCancelled {
            do {
                try await run()
            } catch {
                logger.warning("old requests were not forgotten", metadata: ["reason": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(3_600))
        }
    }

    private func dropOne(before day: CivilDate) async throws -> String? {
        try await pool.transaction(tenant: nil) {
            try RequestLogStore.dropped($0.query(RequestLogStore.drop(before: day)))
        }
    }
}
