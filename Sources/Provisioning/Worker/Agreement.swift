internal import Logging
internal import Postgres
internal import Primitives

/// Makes a gateway agree with its desired state, one change at a time.
struct Agreement {
    let context: WorkerContext

    /// What a gateway agreed to.
    struct Outcome: Sendable {
        var version: Int64
        var slots: Int
        var unreadable: [SlotID: SealError]
    }

    /// Brings a gateway to the desired version, records that, and tells what it has; throws when it would not.
    func reach(
        _ gateway: GatewayRecord, _ driver: any GatewayDriver, from memory: GatewayMemory, at now: Instant
    ) async throws -> Outcome {
        let key = GatewayKey(gateway.tenant, gateway.id)
        var outcome = Outcome(
            version: try await observed(gateway, driver, memory, now), slots: 0, unreadable: memory.unreadable
        )
        // A gateway that turns out to be elsewhere is asked a second time from there.
        for attempt in 1...2 {
            let (change, unreadable) = try await desired(gateway, since: outcome.version)
            for slot in change.slots { outcome.unreadable[slot.slot] = nil }
            outcome.unreadable.merge(unreadable) { $1 }
            if change.version == outcome.version && change.slots.isEmpty { break }
            do {
                outcome.version = try await answer { try await driver.apply(change) }.version
                outcome.slots = change.slots.count
                break
            } catch GatewayProblem.outOfStep(let version) where attempt == 1 && version < outcome.version {
                outcome.version = version
            }
        }
        try await context.passed(.applied)
        let problem = Self.problem(outcome.unreadable)
        let version = outcome.version
        try await context.transaction { transaction in
            _ = try transaction.query(
                GatewayStore.recordApplied(key, version: version, problem: problem, at: now))
        }
        try await context.passed(.recorded)
        return outcome
    }

    /// The version that the gateway has, from memory or from itself, made good in the database where they differ.
    private func observed(
        _ gateway: GatewayRecord, _ driver: any GatewayDriver, _ memory: GatewayMemory, _ now: Instant
    ) async throws -> Int64 {
        if let version = memory.version { return version }
        let observation = try await answer { try await driver.observe() }
        if let problem = observation.problem { throw GatewayProblem.refused(problem) }
        let key = GatewayKey(gateway.tenant, gateway.id)
        if observation.version < gateway.appliedVersion ?? 0 {
            context.logger.warning(
                "a gateway has lost its desired state",
                metadata: ["gateway": "\(gateway.name)", "version": "\(observation.version)"])
            try await context.transaction { transaction in
                _ = try transaction.query(GatewayStore.recordLoss(key, version: observation.version, at: now))
            }
        } else if observation.version > gateway.desiredVersion {
            context.logger.warning(
                "a gateway is ahead of the database",
                metadata: ["gateway": "\(gateway.name)", "version": "\(observation.version)"])
            try await context.transaction { transaction in
                _ = try transaction.pipeline(GatewayStore.overtake(key, version: observation.version))
            }
        }
        return observation.version
    }

    /// The change since a version, with secrets opened; what does not open is left out and named.
    private func desired(
        _ gateway: GatewayRecord, since: Int64
    ) async throws -> (DesiredChange, unreadable: [SlotID: SealError]) {
        let key = GatewayKey(gateway.tenant, gateway.id)
        let stored = try await context.transaction { transaction in
            try GatewayStore.change(try transaction.pipeline(GatewayStore.change(of: key, since: since)))
        }
        guard let stored else { throw GatewayProblem.refused("the gateway is not in the catalogue any more") }
        var unreadable: [SlotID: SealError] = [:]
        var slots: [DesiredSlot] = []
        slots.reserveCapacity(stored.slots.count)
        for slot in stored.slots {
            do throws(SealError) {
                let secret = try context.seal.open(
                    slot.sealedSecret, tenant: gateway.tenant, slot: slot.slot, version: slot.secretVersion
                )
                slots.append(DesiredSlot(slot, secret))
            } catch {
                unreadable[slot.slot] = error
            }
        }
        let change = DesiredChange(
            gateway: gateway.id, since: since, version: stored.version, shape: gateway.shape, slots: slots
        )
        return (change, unreadable)
    }

    /// Asks the gateway, for as long as it may take.
    func answer<T: Sendable>(_ ask: @escaping @Sendable () async throws -> T) async throws -> T {
        try await Deadline.within(milliseconds: context.settings.gatewayTimeoutMilliseconds, ask)
    }

    private static func problem(_ unreadable: [SlotID: SealError]) -> String? {
        guard let first = unreadable.keys.min() else { return nil }
        return "the secrets of \(unreadable.count) slots do not open, among them \(first)"
    }
}

extension DesiredSlot {
    fileprivate init(_ stored: GatewayStore.StoredSlot, _ secret: SlotSecret) {
        let access: SlotAccess =
            stored.state == .retired ? .absent : SlotLife.isOpen(stored.state) ? .open : .blocked
        self.init(
            slot: stored.slot, revision: stored.revision, port: stored.port, username: stored.username,
            secret: secret, access: access, expiresAt: stored.expiresAt, subscription: stored.subscription,
            rotationMinutes: stored.rotationMinutes, exit: stored.exit,
            allowedSources: stored.allowedSources, threads: stored.threads
        )
    }
}
