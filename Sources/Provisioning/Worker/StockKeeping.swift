internal import Postgres
internal import Primitives

/// Sees to it that each port of an active gateway has a slot, and that no other port is for sale.
struct StockKeeping {
    let context: WorkerContext
    let renewal: SlotRenewal
    /// The real clock's, for ids; all else here happens by the tenant's.
    let madeAt: Instant

    /// Makes a gateway's stock agree with its ports; every batch is a transaction, and all of it may be repeated.
    func keep(
        _ gateway: GatewayRecord, _ plan: StockPlan, at now: Instant, _ report: inout WorkerReport
    ) async throws {
        guard let ports = plan.ports else { return }
        let key = GatewayKey(gateway.tenant, gateway.id)
        guard plan.isActive else {
            report.withdrawn += try await context.transaction {
                try $0.query(SlotStore.withdraw(key, at: now)).affected
            }
            return
        }
        try await retire(key, ports, plan.reserved, now, &report)
        try await restore(key, ports, plan.reserved, now, &report)
        try await stock(key, ports, plan.reserved, now, &report)
    }

    private func retire(
        _ key: GatewayKey, _ ports: ClosedRange<Int32>, _ reserved: [Int32], _ now: Instant,
        _ report: inout WorkerReport
    ) async throws {
        let batch = context.settings.batch
        while true {
            let retired = try await context.transaction { transaction in
                let locked = SlotStore.lockUnoffered(key, ports, except: reserved, limit: batch)
                let slots: [SlotID] = try transaction.query(locked).map { try $0.get(0) }
                if slots.isEmpty { return 0 }
                let touches = slots.map {
                    SlotTouch(tenant: key.tenant, slot: $0, gateway: key.gateway, state: .retired)
                }
                return try transaction.query(SlotStore.touch(touches, at: now)).affected
            }
            report.retired += retired
            if retired < batch { return }
        }
    }

    private func restore(
        _ key: GatewayKey, _ ports: ClosedRange<Int32>, _ reserved: [Int32], _ now: Instant,
        _ report: inout WorkerReport
    ) async throws {
        let batch = context.settings.batch
        while true {
            let slots: [SlotID] = try await context.transaction { transaction in
                try transaction.query(SlotStore.offeredAgain(key, ports, except: reserved, limit: batch))
                    .map { try $0.get(0) }
            }
            if slots.isEmpty { return }
            let restored = try await renewal.renew(slots, of: key.tenant, in: [.retired], at: now)
            report.renewed += restored
            if restored < batch { return }
        }
    }

    private func stock(
        _ key: GatewayKey, _ ports: ClosedRange<Int32>, _ reserved: [Int32], _ now: Instant,
        _ report: inout WorkerReport
    ) async throws {
        let missing: [Int32] = try await context.transaction { transaction in
            try transaction.query(SlotStore.missingPorts(key, ports, except: reserved)).map { try $0.get(0) }
        }
        for start in stride(from: 0, to: missing.count, by: context.settings.batch) {
            let slots = missing[start..<min(start + context.settings.batch, missing.count)].map { port in
                newSlot(key, port)
            }
            report.stocked += try await context.transaction {
                try $0.query(SlotStore.insert(slots, key, at: now)).affected
            }
            try await context.passed(.stocked)
        }
    }

    private func newSlot(_ key: GatewayKey, _ port: Int32) -> NewSlot {
        let id: SlotID = context.identifiers.next(at: madeAt)
        let made = context.credentials(tenant: key.tenant, slot: id, version: 1)
        return NewSlot(id: id, port: port, username: made.username, sealedSecret: made.sealedSecret)
    }
}
