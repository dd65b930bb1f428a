public import Catalog
public import Primitives
public import Provisioning

/// A subscription as the customer of a rotating-proxy service sees it: one login, and one line for each of its ports.
public struct HeldService: Sendable, Hashable {
    public var id: SubscriptionID
    public var plan: PlanID
    /// What its plan sells.
    public var product: String
    /// How many connections at once; `nil` is without limit.
    public var threads: Int32?
    /// When it was bought, which is when it started.
    public var startedAt: Instant
    public var activeUntil: Instant
    /// Cancelled or refunded before its time; nothing renews it any more.
    public var isEnded: Bool
    /// `nil` where its plan offered no choice.
    public var exit: Exit?
    /// As the customer listed them.
    public var allowList: [AllowedSource]
    /// `nil` where its ports have gone back.
    public var login: ServiceLogin?
    /// In the order of its plan's networks; none where its ports have gone back.
    public var lines: [ServiceLine]

    /// Whether it is served at this moment.
    public func isActive(at now: Instant) -> Bool { !isEnded && now < activeUntil }
}

/// What all ports of a service let in.
public struct ServiceLogin: Sendable, Hashable {
    public var username: String
    public var secret: SlotSecret
}

/// One port of a service.
public struct ServiceLine: Sendable, Hashable {
    public var gateway: GatewayShape
    public var port: Int32
    public var network: NetworkPlace
}

/// Which services a list is about, by the clock.
public enum ServiceStatus: String, Sendable, Hashable, CaseIterable {
    case active, expired, all
}

/// Which services of a customer are asked for, newest first.
public struct ServiceQuery: Sendable, Hashable {
    public var status: ServiceStatus
    /// Only of this product.
    public var product: String?
    /// Begins behind this one, which has to be the customer's own in the dialect.
    public var before: SubscriptionID?
    /// At least 1.
    public var limit: Int

    public init(
        status: ServiceStatus = .active, product: String? = nil, before: SubscriptionID? = nil, limit: Int
    ) {
        precondition(limit > 0, "a page holds at least one service")
        self.status = status
        self.product = product
        self.before = before
        self.limit = limit
    }
}
