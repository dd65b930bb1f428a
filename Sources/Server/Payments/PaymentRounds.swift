internal import Billing
internal import Catalog
internal import Logging
internal import Postgres
internal import Primitives

/// Goes on with everything that payment providers were asked and nobody has heard the end of: payments that are open, refunds
/// that are set aside.
///
/// Each is asked about by its own id and booked once, so that any number of runs may work at once, late, beside the
/// provider's messages, and be killed anywhere. What cannot be asked now is asked later, ever more seldom.
struct PaymentRounds: Sendable {
    let desk: PaymentDesk
    /// Of the role `tollgate_job`.
    let pool: PostgresPool
    /// The real one; what is due is told by each tenant's own.
    let clock: any WallClock
    var batch = 64
    let logger: Logger
    /// Called between two steps; what it throws ends the run as a crash would. For tests.
    var onStep: @Sendable (PaymentRoundStep) throws -> Void = { _ in }

    /// One pass over one tenant, or all of them, switched off or not: money that was paid is somebody's.
    func run(
        of tenant: TenantID? = nil, progress: (PaymentRoundCounts) throws -> Void = { _ in }
    ) async throws -> PaymentRoundCounts {
        let now = clock.now()
        let (tenants, clocks) = try await pool.transaction(tenant: nil) { transaction in
            let results = try transaction.pipeline([
                PaymentRoundStore.tenants(tenant), TenantClockStore.moved,
            ])
            return (try PaymentRoundStore.tenants(results[0]), try TenantClockStore.clocks(results[1]))
        }
        var counts = PaymentRoundCounts()
        for owner in tenants {
            let time = clocks.time(of: owner, at: now)
            try await askAboutPayments(of: owner, time, &counts, progress)
            try await goOnWithRefunds(of: owner, time, &counts, progress)
        }
        return counts
    }

    private func askAboutPayments(
        of tenant: TenantID, _ time: TenantTime, _ counts: inout PaymentRoundCounts,
        _ progress: (PaymentRoundCounts) throws -> Void
    ) async throws {
        var last: PaymentID?
        while true {
            let found = try await pool.transaction(tenant: nil) { [batch, last] transaction in
                try PaymentRoundStore.payments(
                    transaction.query(
                        PaymentRoundStore.payments(of: tenant, dueAt: time.now, after: last, limit: batch)))
            }
            guard let end = found.last else { return }
            last = end
            counts.due += found.count
            try onStep(.found)
            for id in found {
                do {
                    note(try await desk.settle(id, of: tenant).state, &counts)
                } catch PaymentRefusal.declined {
                    counts.failed += 1
                } catch {
                    try trouble(error, "payment \(id) of tenant \(tenant)", &counts)
                }
            }
            try onStep(.asked)
            try progress(counts)
            if found.count < batch { return }
        }
    }

    private func goOnWithRefunds(
        of tenant: TenantID, _ time: TenantTime, _ counts: inout PaymentRoundCounts,
        _ progress: (PaymentRoundCounts) throws -> Void
    ) async throws {
        var last: PaymentReversalID?
        while true {
            let found = try await pool.transaction(tenant: nil) { [batch, last] transaction in
                try PaymentRoundStore.reversals(
                    transaction.query(
                        PaymentRoundStore.reversals(of: tenant, dueAt: time.now, after: last, limit: batch)))
            }
            guard let end = found.last else { return }
            last = end
            counts.due += found.count
            try onStep(.found)
            for id in found {
                do {
                    switch try await desk.goOn(id, of: tenant).state {
                    case .returned: counts.refunded += 1
                    case .released, .regained: counts.failed += 1
                    case .held: counts.open += 1
                    }
                } catch PaymentRefusal.declined {
                    counts.failed += 1
                } catch {
                    try trouble(error, "refund \(id) of tenant \(tenant)", &counts)
                }
            }
            try onStep(.asked)
            try progress(counts)
            if found.count < batch { return }
        }
    }

    private func note(_ state: Payment.State, _ counts: inout PaymentRoundCounts) {
        switch state {
        case .paid: counts.paid += 1
        case .expired: counts.expired += 1
        case .failed: counts.failed += 1
        case .open: counts.open += 1
        }
    }

    /// What stops one stops no other; only a run that is killed ends.
    private func trouble(_ error: any Error, _ what: String, _ counts: inout PaymentRoundCounts) throws {
        switch error {
        case is PaymentDeskDeath: throw error
        // Switched off: it is looked after when it is on again.
        case PaymentRefusal.providerMissing: counts.undecided += 1
        case is PaymentProviderProblem, is EngineError:
            counts.undecided += 1
            counts.note("\(what): \(error)")
        default:
            logger.error(
                "a payment cannot be gone on with", metadata: ["what": "\(what)", "cause": "\(error)"])
            counts.fail("\(what): \(error)")
        }
    }
}

/// The points between two steps of the job: after each, whatever comes next may never happen.
enum PaymentRoundStep: String, Sendable, Hashable, CaseIterable {
    /// A batch is read; the provider has not been asked.
    case found
    /// It was asked about every one of a batch.
    case asked
}

/// What a run has done.
struct PaymentRoundCounts: Sendable, Hashable {
    /// Payments and refunds that were to be asked about.
    var due = 0
    var paid = 0
    var refunded = 0
    /// Nobody paid in time.
    var expired = 0
    /// The provider said no.
    var failed = 0
    /// Asked, and still open.
    var open = 0
    /// Nobody could be asked or nothing was decided; the next run asks again.
    var undecided = 0
    private(set) var broken = 0
    private(set) var problems: [String] = []

    static let problemsMax = 20

    mutating func fail(_ problem: String) {
        broken += 1
        note(problem)
    }

    mutating func note(_ problem: String) {
        if problems.count < Self.problemsMax { problems.append(problem) }
    }

    var named: JobProgress.Counts {
        [
            ("due", due), ("paid", paid), ("refunded", refunded), ("expired", expired), ("failed", failed),
            ("open", open), ("undecided", undecided), ("broken", broken),
        ]
    }
}
