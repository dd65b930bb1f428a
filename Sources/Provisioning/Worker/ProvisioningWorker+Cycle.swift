internal import Catalog
internal import Postgres
public import Primitives

extension ProvisioningWorker {
    /// One pass over everything that is due at `now`; what fails in part is reported and does not stop the rest.
    ///
    /// What is due is so by its tenant's own clock, once a cycle however far that was moved; waits and what gateways were
    /// seen to do have the real one.
    ///
    /// Throws only where the database cannot be asked what is due, or the probe ended the worker.
    public func cycle(now: Instant) async throws -> WorkerReport {
        var report = WorkerReport()
        let rested = restedSince(now)
        let (due, described, clocks) = try await survey(at: now)
        memory.keep(described.map { GatewayKey($0.tenant, $0.id) })

        for tenant in due where tenant.hasExpired {
            try await context.isolated("expiry of tenant \(tenant.tenant)", &report) {
                try await expire(tenant, clocks.time(of: tenant.tenant, at: now), &$0)
            }
        }
        for gateway in described {
            try await stockAlone(gateway, clocks.time(of: gateway.tenant, at: now), &report)
        }
        for tenant in due where tenant.hasRested {
            try await renewAlone(tenant.tenant, restedSince: rested, clocks, now, &report)
        }
        // What was changed above has made new versions.
        let current = report.isIdle ? described : try await gateways()
        try await agree(current, now, &report)
        for gateway in current {
            try await settleAlone(gateway, clocks.now(of: gateway.tenant, at: now), &report)
        }
        for tenant in due where tenant.hasRotation {
            try await context.isolated("rotations of tenant \(tenant.tenant)", &report) {
                try await Rotations(context: context).rotate(
                    tenant.tenant, drivers(of: current), at: clocks.now(of: tenant.tenant, at: now), &$0)
            }
        }
        measure(now)
        return report
    }

    /// What a cycle begins with: tenants with anything due, every gateway, and the clocks that were moved.
    func survey(
        at now: Instant
    ) async throws -> (due: [DueTenant], gateways: [GatewayRecord], clocks: TenantClocks) {
        let rested = restedSince(now)
        return try await context.transaction { transaction in
            let results = try transaction.pipeline([
                DueStore.tenants(at: now, restedSince: rested), GatewayStore.survey(),
                TenantClockStore.moved,
            ])
            return (
                try DueStore.tenants(results[0]), try GatewayStore.records(results[1]),
                try TenantClockStore.clocks(results[2])
            )
        }
    }

    /// What rests since then, by the real clock, has rested long enough.
    func restedSince(_ now: Instant) -> Instant {
        now.adding(milliseconds: -context.settings.quarantine.restMilliseconds) ?? now
    }

    func gateways() async throws -> [GatewayRecord] {
        try await context.transaction { try GatewayStore.records(try $0.query(GatewayStore.survey())) }
    }

    /// Stocks a gateway; what fails becomes a problem of the report.
    func stockAlone(
        _ gateway: GatewayRecord, _ time: TenantTime, _ report: inout WorkerReport
    ) async throws {
        try await context.isolated("stock of gateway \(gateway.name)", &report) {
            try await stock(gateway, time, &$0)
        }
    }

    /// Gives a tenant's rested slots new credentials; what fails becomes a problem of the report.
    func renewAlone(
        _ tenant: TenantID, restedSince rested: Instant, _ clocks: TenantClocks, _ now: Instant,
        _ report: inout WorkerReport
    ) async throws {
        try await context.isolated("renewal of tenant \(tenant)", &report) {
            try await renew(
                tenant, restedSince: clocks.now(of: tenant, at: rested), clocks.time(of: tenant, at: now), &$0
            )
        }
    }

    /// Settles a gateway; what fails becomes a problem of the report.
    func settleAlone(_ gateway: GatewayRecord, _ now: Instant, _ report: inout WorkerReport) async throws {
        try await context.isolated("settling gateway \(gateway.name)", &report) {
            try await settle(gateway, now, &$0)
        }
    }

    private func stock(
        _ gateway: GatewayRecord, _ time: TenantTime, _ report: inout WorkerReport
    ) async throws {
        let now = time.real
        let key = GatewayKey(gateway.tenant, gateway.id)
        let plan = StockPlan(gateway)
        forgetWhenOld(key, now)
        let unreadable = memory.gateways[key]?.unreadable ?? [:]
        // Nobody has had these credentials yet. A missing installation key is the operator's to bring back.
        let broken = unreadable.filter { $0.value == .tampered || $0.value == .malformed }.map(\.key)
        if !broken.isEmpty {
            report.renewed += try await SlotRenewal(context: context)
                .renew(broken, of: gateway.tenant, in: [.held, .ready], at: time.now)
        }
        let known = memory.gateways[key] ?? GatewayMemory()
        guard known.stockedFor != plan, known.stockSetback.isOver(at: now) else { return }
        do {
            try await StockKeeping(context: context, renewal: SlotRenewal(context: context), madeAt: now)
                .keep(gateway, plan, at: time.now, &report)
            memory.gateways[key, default: GatewayMemory()].stockedFor = plan
            memory.gateways[key, default: GatewayMemory()].stockSetback = Setback()
        } catch {
            memory.gateways[key, default: GatewayMemory()].stockSetback.fail(at: now, context.settings.retry)
            throw error
        }
    }

    /// What is believed is looked up again from time to time, whatever else may have changed it.
    private func forgetWhenOld(_ key: GatewayKey, _ now: Instant) {
        guard var known = memory.gateways[key] else { return }
        let reviewedAt = known.reviewedAt ?? now
        known.reviewedAt = reviewedAt
        if now.milliseconds(since: reviewedAt).magnitude >= UInt64(context.settings.reviewMilliseconds) {
            known.version = nil
            known.stockedFor = nil
            known.settledAt = nil
            known.reviewedAt = now
        }
        memory.gateways[key] = known
    }

    private func settle(_ gateway: GatewayRecord, _ now: Instant, _ report: inout WorkerReport) async throws {
        let key = GatewayKey(gateway.tenant, gateway.id)
        let driver = context.fleet.driver(of: gateway)
        let known = memory.gateways[key]
        // Without a driver here, a node agent beside the gateway has recorded what it did.
        guard let version = driver == nil ? gateway.appliedVersion : known?.version else { return }
        let point = GatewayMemory.SettledPoint(version: version, isActive: gateway.isActive)
        guard known?.settledAt != point else { return }
        let isSettled = try await Settlement(context: context).settle(
            gateway, driver, version: version, unreadable: (known?.unreadable.keys).map(Array.init) ?? [],
            at: now, &report
        )
        // An inactive gateway's slots stay held until it is active again.
        memory.gateways[key, default: GatewayMemory()].settledAt =
            isSettled || !gateway.isActive ? point : nil
    }

    private func drivers(of gateways: [GatewayRecord]) -> [GatewayKey: any GatewayDriver] {
        var drivers: [GatewayKey: any GatewayDriver] = [:]
        for gateway in gateways {
            let key = GatewayKey(gateway.tenant, gateway.id)
            if memory.gateways[key]?.setback.failures ?? 0 > 0 { continue }
            drivers[key] = context.fleet.driver(of: gateway)
        }
        return drivers
    }

    /// Beside the cycle, for a large stock takes a while to count and customers wait for the cycle; once at a time.
    private func measure(_ now: Instant) {
        if memory.measuring != nil { return }
        if let last = memory.measuredAt,
            now.milliseconds(since: last).magnitude < UInt64(context.settings.measureMilliseconds)
        {
            return
        }
        memory.measuredAt = now
        memory.measuring = Task {
            do {
                try await ReadyGauges(context: context).measure()
            } catch {
                context.logger.warning("ready slots were not counted", metadata: ["error": "\(error)"])
            }
            memory.measuring = nil
        }
    }
}
