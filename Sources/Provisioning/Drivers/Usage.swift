public import Primitives

/// How far a gateway's usage has been read; readings count within one boot of the gateway only.
public struct UsageCursor: Sendable, Hashable {
    public var boot: String
    public var sequence: Int64

    public init(boot: String, sequence: Int64) {
        self.boot = boot
        self.sequence = sequence
    }
}

/// What one connection used since it was last read.
public struct UsageDelta: Sendable, Hashable {
    public var slot: SlotID
    public var subscription: SubscriptionID?
    public var connection: String
    public var bytesUp: Int64
    public var bytesDown: Int64
    public var startedAt: Instant
    public var endedAt: Instant?

    public init(
        slot: SlotID, subscription: SubscriptionID?, connection: String, bytesUp: Int64, bytesDown: Int64,
        startedAt: Instant, endedAt: Instant? = nil
    ) {
        self.slot = slot
        self.subscription = subscription
        self.connection = connection
        self.bytesUp = bytesUp
        self.bytesDown = bytesDown
        self.startedAt = startedAt
        self.endedAt = endedAt
    }
}

/// A stretch of usage, and where the next one starts.
public struct UsageReport: Sendable, Hashable {
    public var deltas: [UsageDelta]
    public var next: UsageCursor
    /// Whether something before the first delta was lost.
    public var hasGap: Bool

    public init(deltas: [UsageDelta], next: UsageCursor, hasGap: Bool = false) {
        self.deltas = deltas
        self.next = next
        self.hasGap = hasGap
    }
}
