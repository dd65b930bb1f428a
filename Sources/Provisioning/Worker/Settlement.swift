internal import Postgres
internal import Primitives

/// Moves slots on once their gateway has what was desired: held ones to sale, draining ones to rest.
struct Settlement {
    let context: WorkerContext

    /// Settles a gateway that has `version`; true when nothing is left held or draining.
    func settle(
        _ gateway: GatewayRecord, _ driver: (any GatewayDriver)?, version: Int64, unreadable: [SlotID],
        at now: Instant, _ report: inout WorkerReport
    ) async throws -> Bool {
        let key = GatewayKey(gateway.tenant, gateway.id)
        try await confirm(key, version, unreadable, now, &report)
        try await rest(key, driver, version, now, &report)
        return try await context.transaction { transaction in
            try !transaction.query(SlotStore.unsettled(key, except: unreadable))[0].get(0, as: Bool.self)
        }
    }

    private func confirm(
        _ key: GatewayKey, _ version: Int64, _ unreadable: [SlotID], _ now: Instant,
        _ report: inout WorkerReport
    ) async throws {
        let batch = context.settings.batch
        while true {
            let confirmed = try await context.transaction { transaction in
                let confirm = SlotStore.confirm(
                    key, version: version, except: unreadable, limit: batch, at: now)
                return try transaction.query(confirm).affected
            }
            if confirmed > 0 { try await context.passed(.confirmed) }
            report.confirmed += confirmed
            if confirmed < batch { return }
        }
    }

    private func rest(
        _ key: GatewayKey, _ driver: (any GatewayDriver)?, _ version: Int64, _ now: Instant,
        _ report: inout WorkerReport
    ) async throws {
        let batch = context.settings.batch
        let since = now.adding(milliseconds: -context.settings.quarantine.drainMilliseconds) ?? now
        while true {
            let slots: [SlotID] = try await context.transaction { transaction in
                try transaction.query(SlotStore.drained(key, version: version, since: since, limit: batch))
                    .map { try $0.get(0) }
            }
            if slots.isEmpty { return }
            if let driver {
                try await Deadline.within(milliseconds: context.settings.gatewayTimeoutMilliseconds) {
                    try await driver.closeConnections(slots)
                }
            }
            try await context.passed(.connectionsClosed)
            report.quarantined += try await context.transaction { transaction in
                try transaction.query(SlotStore.quarantine(key.tenant, slots, at: now)).affected
            }
            try await context.passed(.quarantined)
            if slots.count < batch { return }
        }
    }
}
