internal import Postgres
internal import Primitives

/// Changes the exits that are due.
struct Rotations {
    let context: WorkerContext
    /// What a rotation that was not done waits before it is due again.
    private static let leaseMilliseconds: Int64 = 30_000

    /// Rotates what is due for a tenant, through the drivers of its gateways that are well.
    func rotate(
        _ tenant: TenantID, _ drivers: [GatewayKey: any GatewayDriver], at now: Instant,
        _ report: inout WorkerReport
    ) async throws {
        let lease = now.adding(milliseconds: Self.leaseMilliseconds) ?? .farthest
        let limit = context.settings.batch
        let due = try await context.transaction { transaction in
            let taken = try transaction.query(
                DueStore.takeRotations(tenant, at: now, lease: lease, limit: limit))
            return try DueStore.rotations(taken, tenant: tenant)
        }
        if due.isEmpty { return }
        try await context.passed(.rotationsTaken)
        for (gateway, rotations) in Dictionary(grouping: due, by: \.gateway).sorted(by: { $0.key < $1.key }) {
            guard let driver = drivers[GatewayKey(tenant, gateway)] else { continue }
            try await context.isolated("rotation at gateway \(gateway)", &report) { report in
                try await rotate(rotations, tenant, driver, now, &report)
            }
        }
    }

    /// One gateway's rotations; the first that it does not do ends its turn, and the rest come back after the lease.
    private func rotate(
        _ rotations: [DueRotation], _ tenant: TenantID, _ driver: any GatewayDriver, _ now: Instant,
        _ report: inout WorkerReport
    ) async throws {
        var done: [DueRotation] = []
        var problem: (any Error)?
        for rotation in rotations {
            do {
                try await Deadline.within(milliseconds: context.settings.gatewayTimeoutMilliseconds) {
                    try await driver.rotate(rotation.slot)
                }
                done.append(rotation)
            } catch {
                problem = error
                break
            }
        }
        try await context.passed(.rotated)
        if !done.isEmpty {
            let written = done
            try await context.transaction { transaction in
                _ = try transaction.query(DueStore.rotated(written, tenant: tenant, at: now))
            }
            report.rotated += done.count
        }
        if let problem { throw problem }
    }
}
