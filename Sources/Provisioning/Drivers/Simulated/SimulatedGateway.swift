internal import Primitives

/// What a simulated gateway remembers.
struct SimulatedGateway {
    let gateway: GatewayID
    let boot: Int
    var mood = SimulatedDriver.Mood.willing
    var desired: DesiredState?
    var exits: [SlotID: Int] = [:]
    var connections: [SlotID: Int] = [:]
    var changesApplied = 0
    private var ports: [Int32: SlotID] = [:]
    private var used: [UsageDelta] = []

    init(gateway: GatewayID, boot: Int = 1) {
        self.gateway = gateway
        self.boot = boot
    }

    var slots: some Sequence<DesiredSlot> { (desired?.slots ?? [:]).values.lazy.map { $0 } }

    mutating func apply(_ change: DesiredChange) throws -> ApplyReport {
        let version = desired?.version ?? 0
        guard change.gateway == gateway else {
            throw GatewayProblem.refused("the change is another gateway's")
        }
        guard change.since <= version else { throw GatewayProblem.outOfStep(has: version) }
        var state = desired ?? DesiredState(gateway: gateway, version: 0, shape: change.shape)
        desired = nil  // one owner, so that thirty thousand slots are not copied
        state.apply(change)
        for slot in change.slots { ports[slot.port] = slot.slot }
        changesApplied += 1
        defer { desired = state }
        return ApplyReport(version: state.version, slotsChanged: change.slots.count)
    }

    func open(port: Int32, at now: Instant) -> DesiredSlot? {
        guard mood != .dead, let id = ports[port], let slot = desired?.slots[id], slot.isOpen(at: now) else {
            return nil
        }
        return slot
    }

    mutating func use(port: Int32, bytesUp: Int64, bytesDown: Int64, at now: Instant) -> Bool {
        guard let slot = open(port: port, at: now),
            connections[slot.slot, default: 0] < slot.threads ?? .max
        else { return false }
        connections[slot.slot, default: 0] += 1
        if slot.exit?.rotation == .perConnection { exits[slot.slot, default: 0] += 1 }
        used.append(
            UsageDelta(
                slot: slot.slot, subscription: slot.subscription, connection: "\(boot)-\(used.count)",
                bytesUp: bytesUp, bytesDown: bytesDown, startedAt: now, endedAt: now
            )
        )
        return true
    }

    func usage(since cursor: UsageCursor?) -> UsageReport {
        let name = String(boot)
        let start = cursor?.boot == name ? Int(cursor?.sequence ?? 0) : 0
        return UsageReport(
            deltas: Array(used.dropFirst(start)), next: UsageCursor(boot: name, sequence: Int64(used.count)),
            hasGap: cursor.map { $0.boot != name } ?? false
        )
    }
}
