internal import Catalog
public import Logging
public import Postgres
public import Primitives

/// Ends the orders that nobody has paid for in time, batch by batch.
///
/// Each is a command of the engine, which looks at it again under its lock: any number of runs may work at once, late, beside
/// money that arrives, and be killed anywhere. An order has expired by the clock whether a run has come by or not.
public struct PendingExpiries: Sendable {
    private let engine: Engine
    private let pool: PostgresPool
    private let ids: any IdentifierSource
    private let clock: any WallClock
    private let batch: Int
    private let logger: Logger
    private let onStep: @Sendable (PendingExpiryStep) throws -> Void

    /// - Parameters:
    ///   - pool: connections of the role `tollgate_job`.
    ///   - clock: the real one, which has to be the engine's too; what is over is told by each tenant's own.
    ///   - batch: how many are read and ended at once.
    ///   - onStep: called between two steps; what it throws ends the run as a crash would. For tests.
    public init(
        engine: Engine, pool: PostgresPool, ids: any IdentifierSource, clock: any WallClock,
        batch: Int = 512, logger: Logger,
        onStep: @escaping @Sendable (PendingExpiryStep) throws -> Void = { _ in }
    ) {
        self.engine = engine
        self.pool = pool
        self.ids = ids
        self.clock = clock
        self.batch = batch
        self.logger = logger
        self.onStep = onStep
    }

    /// One pass over everything that is over, the earliest ends first.
    ///
    /// - Parameters:
    ///   - tenant: of this tenant alone; `nil`: of all, whether they are switched off or not.
    ///   - progress: told the counts after every batch; what it throws ends the run.
    /// - Throws: what stops a whole run: the database cannot be asked, or somebody has stopped it.
    public func run(
        of tenant: TenantID? = nil, progress: (PendingExpiryCounts) throws -> Void = { _ in }
    ) async throws -> PendingExpiryCounts {
        let now = clock.now()
        let (tenants, clocks) = try await pool.transaction(tenant: nil) { transaction in
            let results = try transaction.pipeline([
                PendingOrderStore.tenants(tenant), TenantClockStore.moved,
            ])
            return (try PendingOrderStore.tenants(results[0]), try TenantClockStore.clocks(results[1]))
        }
        var counts = PendingExpiryCounts()
        for owner in tenants {
            try await expire(owner, clocks.time(of: owner, at: now), &counts, progress)
        }
        return counts
    }

    private func expire(
        _ tenant: TenantID, _ time: TenantTime, _ counts: inout PendingExpiryCounts,
        _ progress: (PendingExpiryCounts) throws -> Void
    ) async throws {
        var cursor = PendingCursor.start
        while true {
            let found = try await pool.transaction(tenant: nil) { [batch, cursor] transaction in
                try PendingOrderStore.due(
                    transaction.query(
                        PendingOrderStore.due(of: tenant, at: time.now, after: cursor, limit: batch)),
                    of: tenant)
            }
            guard let last = found.last else { return }
            cursor = last.cursor
            counts.due += found.count
            try onStep(.found)
            let results = await withTaskGroup(of: (OrderID, Result).self) { group in
                for one in found {
                    switch one.order {
                    case .success(let order):
                        group.addTask { (one.cursor.id, await close(order, time)) }
                    case .failure(let error):
                        group.addTask { (one.cursor.id, .failed("\(error)")) }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for (order, result) in results { note(result, of: order, tenant, &counts) }
            try onStep(.closed)
            try progress(counts)
            if found.count < batch { return }
        }
    }

    private enum Result: Sendable {
        case expired, skipped
        case failed(String), undecided(String)
    }

    private func close(_ order: DuePendingOrder, _ time: TenantTime) async -> Result {
        while true {
            do throws(EngineError) {
                _ = try await engine.submit(order.submission(ids.next(at: time.real)))
                return .expired
            } catch {
                switch error {
                case .refused(.orderNotPending): return .skipped
                case .refused(let refusal): return .failed(refusal.reason)
                case .busy:
                    // Customers fill the queue, and go first.
                    guard (try? await Task.sleep(for: .milliseconds(100))) != nil else {
                        return .undecided("stopped")
                    }
                case .stopping: return .undecided("the engine is stopping")
                case .unavailable(let fault):
                    return fault.isTransient ? .undecided("\(fault)") : .failed("\(fault)")
                case .outcomeUnknown(let command): return .undecided("nobody knows what became of \(command)")
                }
            }
        }
    }

    private func note(
        _ result: Result, of order: OrderID, _ tenant: TenantID, _ counts: inout PendingExpiryCounts
    ) {
        switch result {
        case .expired: counts.expired += 1
        case .skipped: counts.skipped += 1
        case .failed(let why):
            counts.failed += 1
            counts.note(problem: "order \(order) of tenant \(tenant): \(why)")
            logger.error(
                "an order cannot be ended",
                metadata: ["order": "\(order)", "tenant": "\(tenant)", "cause": "\(why)"])
        case .undecided(let why):
            counts.undecided += 1
            counts.note(problem: "order \(order) of tenant \(tenant): \(why)")
        }
    }
}

/// An order that waits and whose time is over, as the job sees it.
struct DuePendingOrder: Sendable {
    let tenant: TenantID
    let id: OrderID
    let customer: CustomerID
    let dialect: DialectName
    let coupon: CouponCode?

    func submission(_ id: CommandID) -> Submission {
        Submission(
            id: id, tenant: tenant, principal: nil, dialect: dialect,
            command: .closing(OrderClosing(self.id, of: customer, coupon: coupon, way: .expired)))
    }
}

/// Where a batch ended, in the order of the index.
struct PendingCursor: Sendable {
    let expiresAt: Instant
    let id: OrderID

    static let start = PendingCursor(expiresAt: Instant(milliseconds: -1), id: OrderID(bits: .zero))
}
