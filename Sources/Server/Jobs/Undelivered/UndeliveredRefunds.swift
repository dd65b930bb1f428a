internal import Billing
internal import Logging
internal import Postgres
internal import Primitives
internal import Provisioning

/// Gives back what was paid for ports that their gateways have not opened in time, and ends these subscriptions.
///
/// Each is a cancellation through the engine, by itself: whoever comes second finds it ended. What was found and is delivered
/// at that very moment is given back all the same: its deadline was over.
struct UndeliveredRefunds: Sendable {
    let deliveries: Deliveries
    let engine: Engine
    let ids: any IdentifierSource
    /// The real one; a deadline is over by the tenant's own.
    let clock: any WallClock
    var batch = 256
    let logger: Logger
    /// Called between two steps; what it throws ends the run as a crash would. For tests.
    var onStep: @Sendable (UndeliveredStep) throws -> Void = { _ in }

    /// Who asked, in the entries.
    static let actor = "undelivered"

    /// One pass over one tenant, or all of them, switched off or not.
    func run(
        of tenant: TenantID? = nil, progress: (UndeliveredCounts) throws -> Void = { _ in }
    ) async throws -> UndeliveredCounts {
        var counts = UndeliveredCounts()
        for (tenant, time) in try await deliveries.tenants(tenant, at: clock.now()) {
            var last: SubscriptionID?
            while true {
                let found = try await deliveries.overdue(of: tenant, at: time, after: last, limit: batch)
                guard let end = found.last else { break }
                last = end.id
                counts.due += found.count
                try onStep(.found)
                for (overdue, result) in await cancel(found, time) { note(result, overdue, &counts) }
                try onStep(.cancelled)
                try progress(counts)
                if found.count < batch { break }
            }
        }
        return counts
    }

    private func cancel(
        _ found: [UndeliveredSubscription], _ time: TenantTime
    ) async -> [(UndeliveredSubscription, Result<Money, EngineError>)] {
        await withTaskGroup(of: (UndeliveredSubscription, Result<Money, EngineError>).self) { group in
            for overdue in found { group.addTask { (overdue, await cancel(overdue, time)) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func cancel(
        _ overdue: UndeliveredSubscription, _ time: TenantTime
    ) async -> Result<Money, EngineError> {
        let cancellation = Cancellation(
            customer: overdue.customer, subscription: overdue.id, way: .undeliverable,
            memo: "not delivered in time", actor: Self.actor)
        do throws(EngineError) {
            let answer = try await engine.submit(
                Submission(
                    id: ids.next(at: time.real), tenant: overdue.tenant, principal: nil,
                    dialect: overdue.dialect, command: .cancellation(cancellation)))
            guard case .done(.cancelled(let receipt)) = answer else {
                preconditionFailure("a cancellation without a key is answered by its receipt")
            }
            return .success(receipt.refund)
        } catch {
            return .failure(error)
        }
    }

    private func note(
        _ result: Result<Money, EngineError>, _ overdue: UndeliveredSubscription,
        _ counts: inout UndeliveredCounts
    ) {
        switch result {
        case .success(let refund):
            counts.refunded += 1
            logger.error(
                "a subscription was not delivered in time, has ended, and what was paid went back",
                metadata: [
                    "subscription": "\(overdue.id)", "tenant": "\(overdue.tenant)",
                    "gateway": "\(overdue.gateway)", "refund": "\(refund.minor) \(refund.currency.code)",
                ])
        // Somebody else came first: another run, the customer, an operator.
        case .failure(.refused(.subscriptionEnded)): counts.skipped += 1
        case .failure(.refused(let refusal)):
            counts.fail("subscription \(overdue.id) of tenant \(overdue.tenant): \(refusal.reason)")
        case .failure(.unavailable(let fault)) where !fault.isTransient:
            counts.fail("subscription \(overdue.id) of tenant \(overdue.tenant): \(fault)")
        // The next run looks again: what was done is found no more.
        case .failure(.busy), .failure(.stopping), .failure(.unavailable), .failure(.outcomeUnknown):
            counts.undecided += 1
        }
    }
}

/// The points between two steps: after each, whatever comes next may never happen.
enum UndeliveredStep: String, Sendable, CaseIterable {
    /// A batch is read, nothing is given back.
    case found
    /// The engine has answered for every one of a batch.
    case cancelled
}
