internal import Primitives

/// What a worker remembers between cycles; it may forget all of it at any time and only loses time.
struct WorkerMemory {
    var gateways: [GatewayKey: GatewayMemory] = [:]
    /// Rows that failed alone, and when each is tried again.
    var parked: [SlotID: Setback] = [:]
    var measuredAt: Instant?
    /// The count that is under way.
    var measuring: Task<Void, Never>?

    /// Forgets gateways that are gone.
    mutating func keep(_ keys: some Sequence<GatewayKey>) {
        let known = Set(keys)
        gateways = gateways.filter { known.contains($0.key) }
    }

    /// The rows to leave alone for now.
    func parked(at now: Instant) -> [SlotID] {
        parked.filter { !$0.value.isOver(at: now) }.map(\.key).sorted()
    }
}

/// What a worker believes about a gateway.
struct GatewayMemory: Sendable {
    /// The version that the gateway is known to have; `nil` asks it.
    var version: Int64?
    /// Until when nothing needs to be asked again.
    var reviewedAt: Instant?
    var setback = Setback()
    /// What the stock was last made for.
    var stockedFor: StockPlan?
    var stockSetback = Setback()
    /// At which version, in which activity nothing was left held or draining.
    var settledAt: SettledPoint?
    /// Slots whose secrets do not open; they are never sold before they have new ones.
    var unreadable: [SlotID: SealError] = [:]

    struct SettledPoint: Hashable, Sendable {
        var version: Int64
        var isActive: Bool
    }
}

/// Failures in a row, and when the next try is due.
struct Setback: Sendable {
    var failures = 0
    var retryAt: Instant?
    var failedAt: Instant?

    mutating func fail(at now: Instant, _ policy: RetryPolicy) {
        failures += 1
        failedAt = now
        retryAt = now.adding(milliseconds: policy.wait(afterFailures: failures))
    }

    /// Whether a try is due; a clock that jumped back makes it due too, rather than late.
    func isOver(at now: Instant) -> Bool {
        guard let retryAt, let failedAt else { return true }
        return retryAt <= now || now < failedAt
    }
}
