internal import Logging
internal import Postgres
public import Primitives

extension ProvisioningWorker {
    /// How long a gateway that somebody has spoken with is left to them, in ms: a worker that runs speaks with each that is
    /// behind within a second.
    static let leftAloneMilliseconds: Int64 = 30_000

    /// One pass over stock and quarantine, for installations where no worker runs just now: ports get their slots, rested
    /// ones new credentials, gateways are told, and what they know moves on. Nothing ends and nothing rotates.
    ///
    /// It is what a cycle does, by the same code. Beside a worker it leaves alone the gateways that the worker speaks with.
    ///
    /// - Parameters:
    ///   - tenant: of this tenant alone; `nil`: of all.
    ///   - progress: told what was done after each step; what it throws ends the pass.
    /// - Throws: where the database cannot be asked what there is to do, or somebody has stopped it.
    public func stockPass(
        of tenant: TenantID? = nil, at now: Instant,
        progress: @Sendable (WorkerReport) throws -> Void = { _ in }
    ) async throws -> WorkerReport {
        var report = WorkerReport()
        let rested = restedSince(now)
        let (due, described, clocks) = try await survey(at: now)
        for gateway in described where tenant == nil || tenant == gateway.tenant {
            try await stockAlone(gateway, clocks.time(of: gateway.tenant, at: now), &report)
            try progress(report)
        }
        for owner in due where owner.hasRested && (tenant == nil || tenant == owner.tenant) {
            try await renewAlone(owner.tenant, restedSince: rested, clocks, now, &report)
            try progress(report)
        }
        let waiting = try await waiting(of: tenant, at: now)
        try await agree(waiting, now, &report)
        for gateway in waiting {
            try await settleAlone(gateway, clocks.now(of: gateway.tenant, at: now), &report)
            try progress(report)
        }
        report.parked = memory.parked.count
        return report
    }

    /// Gateways that have not yet what is desired, or whose slots wait for them, and with whom nobody speaks just now.
    private func waiting(of tenant: TenantID?, at now: Instant) async throws -> [GatewayRecord] {
        var waiting: [GatewayRecord] = []
        for gateway in try await gateways() where tenant == nil || tenant == gateway.tenant {
            let silence = gateway.observedAt.map { now.milliseconds(since: $0) } ?? .max
            guard silence >= Self.leftAloneMilliseconds else { continue }
            let isBehind = gateway.appliedVersion != gateway.desiredVersion || !gateway.isHealthy
            let waits = isBehind ? true : try await isUnsettled(gateway)
            if waits { waiting.append(gateway) }
        }
        return waiting
    }

    private func isUnsettled(_ gateway: GatewayRecord) async throws -> Bool {
        let key = GatewayKey(gateway.tenant, gateway.id)
        return try await context.transaction { transaction in
            try transaction.query(SlotStore.unsettled(key, except: []))[0].get(0)
        }
    }
}
