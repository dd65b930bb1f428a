public import Primitives

/// How long a port rests between two customers.
///
/// The gateway blocks at the allocation's end by itself. The tenant's grace only keeps the slot for its subscription, so
/// that a late renewal finds the same port; then the slot drains and rests, so that no stranger meets the last
/// customer's traffic or credentials.
public struct Quarantine: Sendable, Hashable {
    /// What connections that are still open may take to end after the block, 0…60 000 ms.
    public let drainMilliseconds: Int64
    /// How long a port rests after its drain, in ms.
    public let restMilliseconds: Int64

    /// No drain and a rest of one hour.
    public static let standard = Quarantine(drainMilliseconds: 0, restMilliseconds: 3_600_000)!

    /// `nil` for a drain outside 0…60 s or a negative rest.
    public init?(drainMilliseconds: Int64, restMilliseconds: Int64) {
        guard (0...60_000).contains(drainMilliseconds), restMilliseconds >= 0 else { return nil }
        self.drainMilliseconds = drainMilliseconds
        self.restMilliseconds = restMilliseconds
    }

    /// When a slot whose allocation ended leaves its subscription: the end and the tenant's grace.
    public static func release(ofExpiry expiresAt: Instant, graceMilliseconds: Int64) -> Instant {
        expiresAt.adding(milliseconds: graceMilliseconds) ?? .farthest
    }

    /// When a slot that began to drain may begin to rest.
    public func drained(since: Instant) -> Instant {
        since.adding(milliseconds: drainMilliseconds) ?? .farthest
    }

    /// When a slot that began to rest may be sold again.
    public func until(since: Instant) -> Instant {
        since.adding(milliseconds: restMilliseconds) ?? .farthest
    }
}
