internal import Logging
internal import Postgres
internal import Primitives

extension ProvisioningWorker {
    /// Ends what a tenant's customers no longer pay for and takes it back, batch by batch.
    func expire(_ due: DueTenant, _ time: TenantTime, _ report: inout WorkerReport) async throws {
        let expiry = Expiry(pool: context.pool, ending: context.ending)
        let now = time.real
        let end = Expiry.end(graceMilliseconds: due.graceMilliseconds, at: time.now)
        let limit = context.settings.lendingBatch
        while true {
            let parked = memory.parked(at: now)
            let found = try await context.transaction { transaction in
                try DueStore.expired(
                    transaction.query(DueStore.expired(due.tenant, end: end, except: parked, limit: limit)))
            }
            let ended = found.map { Candidate(slot: $0.slot, subscription: $0.subscription) }
            let released = try await together(ended, now, &report) { candidates in
                let returned = try await expiry.release(
                    candidates.compactMap(\.subscription), of: due.tenant,
                    graceMilliseconds: due.graceMilliseconds, at: time)
                try await context.passed(.released)
                return returned.slots
            }
            report.released += released
            if released == 0 || found.count < limit { return }
        }
    }

    /// Gives a tenant's rested slots new credentials, batch by batch.
    func renew(
        _ tenant: TenantID, restedSince rested: Instant, _ time: TenantTime, _ report: inout WorkerReport
    ) async throws {
        let now = time.real
        let renewal = SlotRenewal(context: context)
        let limit = context.settings.lendingBatch
        while true {
            let parked = memory.parked(at: now)
            let resting = try await context.transaction { transaction in
                try transaction.query(SlotStore.rested(tenant, since: rested, except: parked, limit: limit))
                    .map { row in
                        Candidate(slot: try row.get(0), subscription: nil)
                    }
            }
            let renewed = try await together(resting, now, &report) { candidates in
                try await renewal.renew(candidates.map(\.slot), of: tenant, in: [.quarantined], at: time.now)
            }
            report.renewed += renewed
            // A whole batch that cannot be renewed is parked, and hides no others.
            let isStuck = renewed == 0 && memory.parked(at: now).count == parked.count
            if isStuck || resting.count < limit { return }
        }
    }

    /// A row that is about to be changed.
    private struct Candidate: Sendable {
        let slot: SlotID
        let subscription: SubscriptionID?
    }

    /// Changes rows in one transaction; where that fails each is tried alone, and the ones that fail alone are parked.
    private func together(
        _ candidates: [Candidate], _ now: Instant, _ report: inout WorkerReport,
        _ change: ([Candidate]) async throws -> Int
    ) async throws -> Int {
        if candidates.isEmpty { return 0 }
        do {
            let changed = try await change(candidates)
            for candidate in candidates { memory.parked[candidate.slot] = nil }
            return changed
        } catch let error as PostgresError where !error.isTransient {
            context.logger.warning("a batch failed and is tried row by row", metadata: ["error": "\(error)"])
        }
        var changed = 0
        for candidate in candidates {
            do {
                changed += try await change([candidate])
                memory.parked[candidate.slot] = nil
            } catch let error as PostgresError where !error.isTransient {
                memory.parked[candidate.slot, default: Setback()].fail(at: now, context.settings.retry)
                context.logger.error(
                    "a slot cannot be moved on", metadata: ["slot": "\(candidate.slot)", "error": "\(error)"])
                report.problems.append("slot \(candidate.slot): \(error)")
            }
        }
        return changed
    }
}
