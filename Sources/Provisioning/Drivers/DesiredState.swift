public import Catalog
public import Primitives

/// Whether a gateway lets a slot's credentials through.
public enum SlotAccess: String, Sendable, Hashable {
    /// Until `expiresAt`, which the gateway watches by itself.
    case open
    /// Known, so that opening it later needs no reload, and refused.
    case blocked
    /// Not known any more.
    case absent
}

/// What one slot shall be at its gateway.
public struct DesiredSlot: Sendable, Hashable {
    public var slot: SlotID
    /// The version of the gateway's desired state in which the slot last changed.
    public var revision: Int64
    public var port: Int32
    public var username: String
    public var secret: SlotSecret
    public var access: SlotAccess
    /// When the gateway blocks an open slot even if nobody tells it to.
    public var expiresAt: Instant?
    public var subscription: SubscriptionID?
    /// 0: the exit changes only when asked.
    public var rotationMinutes: Int32
    /// Where connections leave from, and whether each has an exit of its own; `nil`: there is one exit, the gateway's.
    public var exit: Exit?
    /// Who may connect without credentials.
    public var allowedSources: [SourceAddress]
    /// How many connections may be open at once; `nil` is without limit.
    public var threads: Int32?

    public init(
        slot: SlotID, revision: Int64, port: Int32, username: String, secret: SlotSecret, access: SlotAccess,
        expiresAt: Instant? = nil, subscription: SubscriptionID? = nil, rotationMinutes: Int32 = 0,
        exit: Exit? = nil, allowedSources: [SourceAddress] = [], threads: Int32? = nil
    ) {
        self.slot = slot
        self.revision = revision
        self.port = port
        self.username = username
        self.secret = secret
        self.access = access
        self.expiresAt = expiresAt
        self.subscription = subscription
        self.rotationMinutes = rotationMinutes
        self.exit = exit
        self.allowedSources = allowedSources
        self.threads = threads
    }

    /// Whether the slot lets its credentials through at this moment.
    public func isOpen(at now: Instant) -> Bool {
        switch access {
        case .open: expiresAt.map { now < $0 } ?? true
        case .blocked, .absent: false
        }
    }
}

/// What a gateway serves beside its single ports.
public struct GatewayShape: Sendable, Hashable {
    public var host: String
    public var protocols: [String]
    public var vlessPort: Int32?
    public var shadowsocksPort: Int32?

    public init(host: String, protocols: [String], vlessPort: Int32? = nil, shadowsocksPort: Int32? = nil) {
        self.host = host
        self.protocols = protocols
        self.vlessPort = vlessPort
        self.shadowsocksPort = shadowsocksPort
    }
}

/// Everything that a gateway shall be, at one version.
public struct DesiredState: Sendable, Hashable {
    public var gateway: GatewayID
    public var version: Int64
    public var shape: GatewayShape
    public private(set) var slots: [SlotID: DesiredSlot]

    public init(gateway: GatewayID, version: Int64, shape: GatewayShape, slots: [DesiredSlot] = []) {
        self.gateway = gateway
        self.version = version
        self.shape = shape
        self.slots = [:]
        for slot in slots { take(slot) }
    }

    /// Moves on by a change; whatever is older than what is known already is passed over, so a repeat does nothing.
    public mutating func apply(_ change: DesiredChange) {
        for slot in change.slots { take(slot) }
        shape = change.version >= version ? change.shape : shape
        version = max(version, change.version)
    }

    private mutating func take(_ slot: DesiredSlot) {
        if let known = slots[slot.slot], known.revision > slot.revision { return }
        // An absent slot is remembered too: an older change that comes late must not bring it back.
        slots[slot.slot] = slot
    }
}

/// What changed in a gateway's desired state after one version, up to another.
public struct DesiredChange: Sendable, Hashable {
    public var gateway: GatewayID
    /// The version that the gateway has; 0 for a gateway that knows nothing.
    public var since: Int64
    public var version: Int64
    public var shape: GatewayShape
    public var slots: [DesiredSlot]

    public init(gateway: GatewayID, since: Int64, version: Int64, shape: GatewayShape, slots: [DesiredSlot]) {
        self.gateway = gateway
        self.since = since
        self.version = version
        self.shape = shape
        self.slots = slots
    }
}
