internal import Logging
internal import Postgres
internal import Primitives

extension Renewals {
    /// Charges a batch all at once, and writes down what could not be renewed.
    func renew(
        _ batch: [DueRenewal], graceMilliseconds: Int64, _ time: TenantTime
    ) async throws -> RenewalCounts {
        try onStep(.found)
        var counts = RenewalCounts()
        counts.due = batch.count
        var failures: [(due: DueRenewal, failure: RenewalFailure)] = []
        let results = await withTaskGroup(of: (Int, Result).self) { group in
            for (place, due) in batch.enumerated() {
                group.addTask { (place, await renew(due, graceMilliseconds, time)) }
            }
            return await group.reduce(into: [Int: Result]()) { $0[$1.0] = $1.1 }
        }
        try onStep(.charged)
        for (place, due) in batch.enumerated() {
            switch results[place] {
            case .renewed: counts.renewed += 1
            case .failed(let failure): failures.append((due, failure))
            case .skipped: counts.skipped += 1
            case .undecided(let why):
                counts.undecided += 1
                counts.note(problem: "subscription \(due.id) of tenant \(due.tenant): \(why)")
            case nil: preconditionFailure("every subscription of a batch has a result")
            }
        }
        if !failures.isEmpty { try await settle(failures, graceMilliseconds, time, &counts) }
        try onStep(.settled)
        return counts
    }

    private enum Result: Sendable {
        case renewed, skipped
        case failed(RenewalFailure)
        case undecided(String)
    }

    private func renew(_ due: DueRenewal, _ graceMilliseconds: Int64, _ time: TenantTime) async -> Result {
        switch due.verdict(graceMilliseconds: graceMilliseconds, at: time.now) {
        case .over: return .failed(.over)
        case .park(let reason): return .failed(.parked(reason))
        case .renew: break
        }
        while true {
            do throws(EngineError) {
                _ = try await engine.submit(due.submission(ids.next(at: time.real)))
                return .renewed
            } catch {
                switch error {
                case .refused(.renewalOutOfDate): return .skipped
                case .refused(let refusal): return .failed(.refused(refusal))
                case .busy:
                    // Customers fill the queue, and go first.
                    guard (try? await Task.sleep(for: .milliseconds(100))) != nil else {
                        return .undecided("stopped")
                    }
                case .stopping: return .undecided("the engine is stopping")
                case .unavailable(let fault):
                    guard !fault.isTransient else { return .undecided("\(fault)") }
                    logger.error(
                        "a subscription cannot be renewed and is parked",
                        metadata: [
                            "subscription": "\(due.id)", "tenant": "\(due.tenant)", "cause": "\(fault)",
                        ])
                    return .failed(.faulted)
                case .outcomeUnknown(let command): return .undecided("nobody knows what became of \(command)")
                }
            }
        }
    }

    /// Decides from the locked rows, so that a row which has moved on since is left as it is.
    private func settle(
        _ failures: [(due: DueRenewal, failure: RenewalFailure)], _ graceMilliseconds: Int64,
        _ time: TenantTime,
        _ counts: inout RenewalCounts
    ) async throws {
        let changes = try await pool.transaction(tenant: nil) { [ids] transaction in
            let locked = try RenewalStore.renewals(
                transaction.query(RenewalStore.locking(failures.map(\.due.key))))
            let rows = Dictionary(uniqueKeysWithValues: locked.map { ($0.key, $0) })
            let changes = failures.filter { rows[$0.due.key] == $0.due }.map {
                RenewalChange($0.failure, of: $0.due, graceMilliseconds: graceMilliseconds, at: time.now)
            }
            if !changes.isEmpty { _ = try transaction.pipeline(RenewalStore.writing(changes, at: time, ids)) }
            return changes
        }
        counts.skipped += failures.count - changes.count
        for change in changes {
            counts.add(change.kind)
            guard let reason = change.parked else { continue }
            logger.error(
                "a subscription is parked: nobody renews it until an operator lets it go",
                metadata: [
                    "subscription": "\(change.due.id)", "tenant": "\(change.due.tenant)",
                    "reason": "\(reason.rawValue)",
                ])
        }
    }
}
