internal import Catalog
internal import Logging
internal import Postgres
internal import Primitives

/// Forgets what is old enough, in transactions of a batch.
///
/// Any number of runs may work at once, late, and be killed anywhere: what is gone is found no more.
struct Retention: Sendable {
    /// How long it is known what a job has done, in ms.
    static let runMilliseconds: Int64 = 30 * 86_400_000

    /// Of the role `tollgate_job`.
    let pool: PostgresPool
    /// Drops the days of the request log that are old enough; how many there were.
    let dropRequests: @Sendable () async throws -> Int
    /// The real one.
    let clock: any WallClock
    var batch = 1_000
    let logger: Logger
    /// Called between two steps; what it throws ends the run as a crash would. For tests.
    var onStep: @Sendable (RetentionStep) throws -> Void = { _ in }

    /// One pass over all that is old.
    ///
    /// - Parameters:
    ///   - tenant: of this tenant alone, and nothing of the platform's; `nil`: of all.
    ///   - progress: told the counts after every batch; what it throws ends the run.
    func run(
        of tenant: TenantID? = nil, progress: (RetentionCounts) throws -> Void = { _ in }
    ) async throws -> RetentionCounts {
        let now = clock.now()
        var counts = RetentionCounts()
        let (tenants, clocks) = try await pool.transaction(tenant: nil) { transaction in
            let results = try transaction.pipeline([RetentionStore.tenants(tenant), TenantClockStore.moved])
            return (try RetentionStore.tenants(results[0]), try TenantClockStore.clocks(results[1]))
        }
        for owner in tenants {
            let time = clocks.now(of: owner, at: now)
            try await forget(OldKey.self, \.keys, of: owner, at: time, &counts, progress)
            try await forget(OldAttempt.self, \.attempts, of: owner, at: time, &counts, progress)
        }
        guard tenant == nil else { return counts }
        if let before = now.adding(milliseconds: -Self.runMilliseconds) {
            try await forgetRuns(before: before, &counts, progress)
        }
        do {
            counts.requestDays += try await dropRequests()
        } catch let error where error.isOfARow {
            fail("the request log: \(error)", &counts)
        }
        return counts
    }

    private func forget<Row: OldRow>(
        _ kind: Row.Type, _ count: WritableKeyPath<RetentionCounts, Int>, of tenant: TenantID,
        at now: Instant,
        _ counts: inout RetentionCounts, _ progress: (RetentionCounts) throws -> Void
    ) async throws {
        guard let before = now.adding(milliseconds: -Row.keptMilliseconds) else { return }
        var cursor = Row.start
        while true {
            let found = try await pool.transaction(tenant: nil) { [batch, cursor] transaction in
                try Row.read(
                    transaction.query(Row.old(of: tenant, before: before, after: cursor, limit: batch)))
            }
            guard let last = found.last else { return }
            cursor = last
            try onStep(.found)
            try await forget(found[...], count, of: tenant, before: before, &counts)
            try onStep(.forgotten)
            try progress(counts)
            if found.count < batch { return }
        }
    }

    /// Forgets them in one transaction; where that fails, half by half, until what fails stands alone.
    private func forget<Row: OldRow>(
        _ rows: ArraySlice<Row>, _ count: WritableKeyPath<RetentionCounts, Int>, of tenant: TenantID,
        before: Instant, _ counts: inout RetentionCounts
    ) async throws {
        do {
            counts[keyPath: count] += try await pool.transaction(tenant: nil) { [onStep] transaction in
                let gone = try transaction.query(Row.forget(Array(rows), of: tenant, before: before))
                try onStep(.written)
                return gone.count
            }
            return
        } catch let error where error.isOfARow {
            if rows.count == 1 {
                fail("a \(Row.kind) of tenant \(tenant) cannot be forgotten: \(error)", &counts)
                return
            }
        }
        let middle = rows.startIndex + rows.count / 2
        try await forget(rows[..<middle], count, of: tenant, before: before, &counts)
        try await forget(rows[middle...], count, of: tenant, before: before, &counts)
    }

    private func forgetRuns(
        before: Instant, _ counts: inout RetentionCounts, _ progress: (RetentionCounts) throws -> Void
    ) async throws {
        while true {
            do {
                let gone = try await pool.transaction(tenant: nil) { [batch] transaction in
                    try transaction.query(RetentionStore.forgetRuns(before: before, limit: batch)).count
                }
                counts.runs += gone
                try progress(counts)
                if gone < batch { return }
            } catch let error where error.isOfARow {
                return fail("the record of jobs: \(error)", &counts)
            }
        }
    }

    private func fail(_ problem: String, _ counts: inout RetentionCounts) {
        logger.error("something old cannot be forgotten", metadata: ["problem": "\(problem)"])
        counts.fail(problem)
    }
}

/// The points between two steps: after each, whatever comes next may never happen.
enum RetentionStep: String, Sendable, Hashable, CaseIterable {
    /// A batch is read, nothing is written.
    case found
    /// A batch is written and not committed.
    case written
    /// A batch is committed.
    case forgotten
}

extension Error {
    /// Whether the work itself cannot be done: a database that is away for now says nothing about a row.
    var isOfARow: Bool {
        switch self {
        case let error as PostgresError: !error.isTransient
        case is Unreadable: true
        default: false
        }
    }
}
