internal import Postgres
internal import Primitives

extension RequestRecorder {
    /// What became of a batch.
    enum BatchOutcome: Sendable, Hashable {
        case written
        /// It cannot be written, now or later.
        case refused
        /// Nobody knows, or nothing could be reached: the same batch again.
        case later
    }

    /// Copies a batch into its days, all of it or nothing.
    ///
    /// Where the answer to COMMIT was lost it is tried again all the same: its keys are unique, so a batch that is there
    /// already is refused as a whole.
    func write(_ batch: [LoggedRequest]) async -> BatchOutcome {
        let days = Dictionary(grouping: batch, by: \.day).sorted { $0.key < $1.key }
        do {
            try await make(days.map(\.key))
            let started = ContinuousClock.now
            try await pool.transaction(tenant: nil) { transaction in
                for (day, requests) in days {
                    try RequestLogStore.copy(requests, of: day, on: transaction.connection)
                }
            }
            metrics.flushed(in: ContinuousClock.now - started)
            return settled(.written)
        } catch let error as PostgresError {
            return outcome(of: error)
        } catch {
            return later(error)
        }
    }

    private func outcome(of error: PostgresError) -> BatchOutcome {
        if error.sqlState == .uniqueViolation, isOutcomeUnknown.withLock({ $0 }) { return settled(.written) }
        if error.mayHaveCommitted { isOutcomeUnknown.withLock { $0 = true } }
        switch error.sqlState?.category {
        // What the rows themselves are refused for would be refused for ever.
        case "22", "23":
            logger.error("the request log refused a batch", metadata: ["reason": "\(error)"])
            return settled(.refused)
        default:
            // A day may have been dropped since it was last seen.
            days.withLock { $0 = [] }
            return later(error)
        }
    }

    private func later(_ error: any Error) -> BatchOutcome {
        let isFirst = isComplaining.withLock { isComplaining in
            defer { isComplaining = true }
            return !isComplaining
        }
        if isFirst { logger.warning("the request log cannot be written", metadata: ["reason": "\(error)"]) }
        return .later
    }

    private func settled(_ outcome: BatchOutcome) -> BatchOutcome {
        isOutcomeUnknown.withLock { $0 = false }
        isComplaining.withLock { $0 = false }
        return outcome
    }

    /// Makes the days' shares of the table where this process has not seen them yet, and the day after the last, so that
    /// midnight waits for nothing.
    private func make(_ wanted: [CivilDate]) async throws {
        let next = wanted.last.flatMap { CivilDate(daysSinceEpoch: $0.daysSinceEpoch + 1) }
        for day in wanted + (next.map { [$0] } ?? []) where days.withLock({ !$0.contains(day) }) {
            try await pool.transaction(tenant: nil) { _ = try $0.query(RequestLogStore.make(day)) }
            days.withLock { days in
                // A process that runs for years remembers the last ones only.
                if days.count > 64 { days = [] }
                days.insert(day)
            }
        }
    }

    /// Writes when keys were last used; what fails is worth no second try, for the next use says the same.
    func write(_ uses: [KeyUses.Use]) async {
        do {
            try await pool.transaction(tenant: nil) { _ = try $0.query(RequestLogStore.use(uses)) }
        } catch {
            logger.debug("the last use of keys was not written", metadata: ["reason": "\(error)"])
        }
    }
}
