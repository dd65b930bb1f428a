internal import Logging
internal import Postgres
internal import Primitives

extension ProvisioningWorker {
    /// Brings every gateway that is behind, or was not asked for a while, to its desired version; several at once.
    func agree(_ gateways: [GatewayRecord], _ now: Instant, _ report: inout WorkerReport) async throws {
        let waiting = gateways.compactMap { gateway -> Visit? in
            let known = memory.gateways[GatewayKey(gateway.tenant, gateway.id)] ?? GatewayMemory()
            guard let driver = context.fleet.driver(of: gateway), known.setback.isOver(at: now) else {
                return nil
            }
            let agrees = known.version == gateway.desiredVersion && gateway.appliedVersion == known.version
            return agrees && gateway.isHealthy ? nil : Visit(gateway: gateway, driver: driver, memory: known)
        }
        let agreement = Agreement(context: context)
        try await withThrowingTaskGroup(of: (Visit, Result<Agreement.Outcome, any Error>).self) { group in
            var next = waiting.makeIterator()
            func begin() {
                guard let visit = next.next() else { return }
                group.addTask {
                    do {
                        return (
                            visit,
                            .success(
                                try await agreement.reach(
                                    visit.gateway, visit.driver, from: visit.memory, at: now))
                        )
                    } catch let interruption as WorkerInterrupted {
                        throw interruption
                    } catch {
                        return (visit, .failure(error))
                    }
                }
            }
            for _ in 0..<context.settings.gatewaysAtOnce { begin() }
            while let (visit, result) = try await group.next() {
                await note(result, of: visit.gateway, now, &report)
                begin()
            }
        }
    }

    private struct Visit: Sendable {
        let gateway: GatewayRecord
        let driver: any GatewayDriver
        let memory: GatewayMemory
    }

    private func note(
        _ result: Result<Agreement.Outcome, any Error>, of gateway: GatewayRecord, _ now: Instant,
        _ report: inout WorkerReport
    ) async {
        let key = GatewayKey(gateway.tenant, gateway.id)
        var known = memory.gateways[key] ?? GatewayMemory()
        switch result {
        case .success(let outcome):
            if outcome.slots > 0 || known.version != outcome.version { known.settledAt = nil }
            known.version = outcome.version
            known.unreadable = outcome.unreadable
            known.setback = Setback()
            known.reviewedAt = known.reviewedAt ?? now
            report.applied += outcome.slots
            if let error = outcome.unreadable.first?.value {
                report.problems.append(
                    "gateway \(gateway.name): \(outcome.unreadable.count) secrets do not open, \(error)")
            }
        case .failure(let error):
            known.version = nil
            known.setback.fail(at: now, context.settings.retry)
            report.problems.append("gateway \(gateway.name): \(error)")
            await record(error, gateway, failures: known.setback.failures, now)
        }
        memory.gateways[key] = known
    }

    private func record(_ error: any Error, _ gateway: GatewayRecord, failures: Int, _ now: Instant) async {
        context.logger.warning(
            "a gateway does not agree and is tried again",
            metadata: ["gateway": "\(gateway.name)", "error": "\(error)", "failures": "\(failures)"]
        )
        let key = GatewayKey(gateway.tenant, gateway.id)
        // Where even this cannot be written, the database is the problem, and the next cycle says so.
        try? await context.transaction { transaction in
            _ = try transaction.query(GatewayStore.recordProblem(key, problem: "\(error)", at: now))
        }
    }
}
