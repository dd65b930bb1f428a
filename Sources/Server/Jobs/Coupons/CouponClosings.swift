internal import Catalog
internal import Logging
internal import Postgres
internal import Primitives

/// Tells once of every coupon that is good for nobody any more, in transactions of a batch. It changes no coupon: the clock and
/// the count end it, not the job that notices.
struct CouponClosings: Sendable {
    /// Of the role `tollgate_job`.
    let pool: PostgresPool
    let ids: any IdentifierSource
    /// The real one; a window is past by the tenant's own.
    let clock: any WallClock
    var batch = 500
    let logger: Logger
    /// Called between two steps; what it throws ends the run as a crash would. For tests.
    var onStep: @Sendable (CouponClosingStep) throws -> Void = { _ in }

    /// One pass over the coupons of one tenant, or of all.
    func run(
        of tenant: TenantID? = nil, progress: (CouponClosingCounts) throws -> Void = { _ in }
    ) async throws -> CouponClosingCounts {
        let now = clock.now()
        let (tenants, clocks) = try await pool.transaction(tenant: nil) { transaction in
            let results = try transaction.pipeline([RetentionStore.tenants(tenant), TenantClockStore.moved])
            return (try RetentionStore.tenants(results[0]), try TenantClockStore.clocks(results[1]))
        }
        var counts = CouponClosingCounts()
        for owner in tenants {
            try await tell(of: owner, clocks.time(of: owner, at: now), &counts, progress)
        }
        return counts
    }

    private func tell(
        of tenant: TenantID, _ time: TenantTime, _ counts: inout CouponClosingCounts,
        _ progress: (CouponClosingCounts) throws -> Void
    ) async throws {
        let prices = try await pool.transaction(tenant: nil) { transaction in
            try CouponClosingStore.prices(transaction.query(CouponClosingStore.prices(of: tenant)))
        }
        var last = ""
        while true {
            let found = try await pool.transaction(tenant: nil) { [batch, last] transaction in
                try CouponClosingStore.closing(
                    transaction.query(
                        CouponClosingStore.closing(of: tenant, at: time.now, after: last, limit: batch)))
            }
            guard let end = found.last else { return }
            last = end.code
            var closings: [CouponClosing] = []
            for (code, coupon) in found {
                switch coupon {
                case .success(let coupon):
                    if let closing = CouponClosing.of(coupon, prices: prices, at: time.now) {
                        closings.append(closing)
                    }
                case .failure(let error):
                    fail("coupon \(code) of tenant \(tenant) cannot be read: \(error)", &counts)
                }
            }
            try onStep(.found)
            try await tell(closings[...], of: tenant, time, &counts)
            try onStep(.told)
            try progress(counts)
            if found.count < batch { return }
        }
    }

    /// Tells of them in one transaction; where that fails, half by half, until what fails stands alone.
    private func tell(
        _ closings: ArraySlice<CouponClosing>, of tenant: TenantID, _ time: TenantTime,
        _ counts: inout CouponClosingCounts
    ) async throws {
        guard !closings.isEmpty else { return }
        do {
            counts.told += try await pool.transaction(tenant: nil) { [ids, onStep] transaction in
                let told = try CouponClosingStore.told(
                    transaction.query(CouponClosingStore.told(Array(closings), of: tenant)))
                let new = closings.filter { !told.contains($0.once) }
                guard !new.isEmpty else { return 0 }
                let result = try transaction.query(CouponClosingStore.tell(new, of: tenant, at: time, ids))
                try onStep(.written)
                return result.affected
            }
            counts.closed += closings.count
            return
        } catch let error where error.isOfARow {
            if closings.count == 1 {
                fail(
                    "coupon \(closings[closings.startIndex].coupon.code) of tenant \(tenant): \(error)",
                    &counts)
                return
            }
        }
        let middle = closings.startIndex + closings.count / 2
        try await tell(closings[..<middle], of: tenant, time, &counts)
        try await tell(closings[middle...], of: tenant, time, &counts)
    }

    private func fail(_ problem: String, _ counts: inout CouponClosingCounts) {
        logger.error("a coupon's end cannot be told", metadata: ["problem": "\(problem)"])
        counts.fail(problem)
    }
}

/// The points between two steps: after each, whatever comes next may never happen.
enum CouponClosingStep: String, Sendable, Hashable, CaseIterable {
    /// A batch is read, nothing is written.
    case found
    /// A batch is written and not committed.
    case written
    /// A batch is committed.
    case told
}

/// What a run has found and told.
struct CouponClosingCounts: Sendable, Hashable {
    /// Coupons past their window or used up, told of before or now.
    var closed = 0
    /// Events that were new.
    var told = 0
    private(set) var failed = 0
    private(set) var problems: [String] = []

    static let problemsMax = 20

    mutating func fail(_ problem: String) {
        failed += 1
        if problems.count < Self.problemsMax { problems.append(problem) }
    }

    var named: JobProgress.Counts { [("closed", closed), ("told", told), ("failed", failed)] }
}
