internal import Billing
internal import Catalog
internal import Logging
internal import Postgres
internal import Primitives

/// Fills wallets that are below what their customers have said, from the cards that they have saved.
///
/// One wallet after the other: a payment's row is written under the lock of the wallet's setting, with everything that
/// bounds it (nothing under way, so many a day in the tenant's zone), before the provider is asked. So any number of runs collect once, and
/// what one did not finish the job `payments` goes on with.
struct AutoTopUps: Sendable {
    let desk: PaymentDesk
    /// Of the role `tollgate_job`.
    let pool: PostgresPool
    /// The real one.
    let clock: any WallClock
    var batch = 64
    let logger: Logger
    /// Called between two steps; what it throws ends the run as a crash would. For tests.
    var onStep: @Sendable (PaymentRoundStep) throws -> Void = { _ in }

    /// One pass over the wallets of one tenant, or of all that take payments. Sandboxes have no cards.
    func run(
        of tenant: TenantID? = nil, progress: (AutoTopUpCounts) throws -> Void = { _ in }
    ) async throws -> AutoTopUpCounts {
        let now = clock.now()
        let tenants = try await pool.transaction(tenant: nil) { transaction in
            try PaymentRoundStore.collecting(
                transaction.query(
                    PaymentRoundStore.collecting(tenant, at: StripeProvider.providerName)))
        }
        var counts = AutoTopUpCounts()
        for (owner, zone) in tenants {
            let today: Instant
            do throws(Fault) {
                today = try Self.midnight(in: zone, at: now)
            } catch {
                logger.error(
                    "a tenant's wallets cannot be filled",
                    metadata: ["tenant": "\(owner)", "zone": "\(zone)", "cause": "\(error)"])
                counts.fail("tenant \(owner): \(error)")
                continue
            }
            try await fill(owner, since: today, at: now, &counts, progress)
        }
        counts.parked = try await pool.transaction(tenant: nil) { transaction in
            try PaymentRoundStore.parked(transaction.query(PaymentRoundStore.parked(tenant)))
        }
        return counts
    }

    /// When the day has begun on which the tenant's clocks are; throws where this machine does not know the zone.
    static func midnight(in name: String, at now: Instant) throws(Fault) -> Instant {
        let operation = "tell when a day began in the time zone \(name)"
        let zone: Zone
        do throws(ZoneUnreadable) {
            zone = try ZoneDatabase.machine.zone(named: name)
        } catch {
            throw Fault(operation: operation, isTransient: false, underlying: error)
        }
        guard let local = zone.local(now) else {
            throw Fault(
                operation: operation, isTransient: false, underlying: Unreadable("\(now) is no day of it"))
        }
        return zone.instant(of: LocalTime(local.date))
    }

    private func fill(
        _ tenant: TenantID, since today: Instant, at now: Instant, _ counts: inout AutoTopUpCounts,
        _ progress: (AutoTopUpCounts) throws -> Void
    ) async throws {
        var last: CustomerID?
        while true {
            let found = try await pool.transaction(tenant: nil) { [batch, last] transaction in
                try PaymentRoundStore.filling(
                    transaction.query(
                        PaymentRoundStore.filling(of: tenant, at: now, after: last, limit: batch)))
            }
            guard let end = found.last else { return }
            last = end
            counts.looked += found.count
            try onStep(.found)
            for customer in found {
                do {
                    counts.note(try await desk.fill(customer, of: tenant, today: today))
                } catch let death as PaymentDeskDeath {
                    throw death
                } catch let error as EngineError {
                    counts.open += 1
                    counts.note("customer \(customer) of tenant \(tenant): \(error)")
                } catch {
                    counts.fail("customer \(customer) of tenant \(tenant): \(error)")
                }
            }
            try onStep(.asked)
            try progress(counts)
            if found.count < batch { return }
        }
    }
}

/// What a run has done.
struct AutoTopUpCounts: Sendable, Hashable {
    /// Wallets that fill themselves and were looked at.
    var looked = 0
    var collected = 0
    /// The provider said no.
    var declined = 0
    /// Asked, and nobody knows yet.
    var open = 0
    /// As many as a day may have.
    var bounded = 0
    /// Wallets that nobody fills until somebody has looked, by their tenants, when the run was over.
    var parked: [TenantID: Int] = [:]
    private(set) var failed = 0
    private(set) var problems: [String] = []

    mutating func note(_ filling: PaymentDesk.Filling) {
        switch filling {
        case .collected: collected += 1
        case .failed: declined += 1
        case .open: open += 1
        case .waits(.dayIsOver): bounded += 1
        case .waits: break
        }
    }

    mutating func fail(_ problem: String) {
        failed += 1
        note(problem)
    }

    mutating func note(_ problem: String) {
        if problems.count < PaymentRoundCounts.problemsMax { problems.append(problem) }
    }

    var named: JobProgress.Counts {
        [
            ("looked", looked), ("collected", collected), ("declined", declined), ("open", open),
            ("bounded", bounded), ("parked", parked.values.reduce(0, +)), ("failed", failed),
        ]
    }
}
