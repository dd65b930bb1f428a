internal import Postgres
internal import Primitives

/// Gives slots new credentials, so that nobody who had the old ones gets in.
struct SlotRenewal {
    let context: WorkerContext

    /// Renews those of the slots that are still in one of these states, in one transaction; they are held afterwards.
    func renew(
        _ slots: [SlotID], of tenant: TenantID, in states: [SlotState], at now: Instant
    ) async throws -> Int {
        let renewed = try await context.transaction { transaction in
            let rows = try transaction.query(SlotStore.lockForRenewal(tenant, slots, in: states)).map(
                LockedSlot.init)
            if rows.isEmpty { return 0 }
            let made = rows.map { context.credentials(tenant: tenant, slot: $0.id, version: $0.version + 1) }
            let former = rows.compactMap { $0.former(at: now) }
            let touches = rows.map {
                SlotTouch(tenant: tenant, slot: $0.id, gateway: $0.gateway, state: .held)
            }
            let results = try transaction.pipeline([
                SlotStore.remember(former, tenant: tenant),
                SlotStore.renew(made, at: now),
                SlotStore.touch(touches, at: now),
            ])
            guard results[2].affected == rows.count else {
                throw PostgresError(
                    message: "\(rows.count) slots were to be renewed, \(results[2].affected) were")
            }
            return rows.count
        }
        try await context.passed(.renewed)
        return renewed
    }
}

/// A slot that the transaction has locked to renew it.
private struct LockedSlot {
    let id: SlotID
    let gateway: GatewayID
    let state: SlotState
    let rank: Int64
    let username: String
    let sealedSecret: [UInt8]
    let version: Int32
    let since: Instant

    init(_ row: Row) throws {
        id = try row.get(0)
        gateway = try row.get(1)
        state = try row.get(2)
        rank = try row.get(3)
        username = try row.get(4)
        sealedSecret = try row.get(5)
        version = try row.get(6)
        since = try row.get(7)
        precondition(
            SlotLife.next(state, on: state == .retired ? .restored : .renewed) == .held,
            "a \(state) slot is renewed")
    }

    /// What a customer had, until the release that the rank remembers; credentials that were never lent have no history.
    func former(at now: Instant) -> FormerCredentials? {
        guard state == .quarantined else { return nil }
        let released = Instant(milliseconds: rank)
        return FormerCredentials(
            slot: id, version: version, username: username, sealedSecret: sealedSecret, validFrom: since,
            validUntil: max(since, min(released, now))
        )
    }
}
