public import Primitives

/// A slot lent to a subscription from now on.
public struct NewAllocation: Sendable, Hashable {
    public var tenant: TenantID
    public var subscription: SubscriptionID
    /// 1 for a subscription's first slot; it has one on each of its plan's networks.
    public var sequence: Int32
    public var slot: SlotID
    public var gateway: GatewayID
    /// 0: the exit changes only when the customer asks.
    public var rotationMinutes: Int32
    /// What the plan allowed when it was sold; empty: no rotation at all.
    public var rotationChoices: [Int32]
    public var expiresAt: Instant
    /// What the slot has instead of the credentials it was made with; `nil`: those.
    public var credentials: RenewedCredentials?

    public init(
        tenant: TenantID, subscription: SubscriptionID, sequence: Int32 = 1, slot: SlotID, gateway: GatewayID,
        rotationMinutes: Int32 = 0, rotationChoices: [Int32] = [], expiresAt: Instant,
        credentials: RenewedCredentials? = nil
    ) {
        self.tenant = tenant
        self.subscription = subscription
        self.sequence = sequence
        self.slot = slot
        self.gateway = gateway
        self.rotationMinutes = rotationMinutes
        self.rotationChoices = rotationChoices
        self.expiresAt = expiresAt
        self.credentials = credentials
    }
}

/// Credentials that a slot is given in place of its former ones.
public struct RenewedCredentials: Sendable, Hashable {
    public var tenant: TenantID
    public var slot: SlotID
    public var version: Int32
    public var username: String
    public var sealedSecret: [UInt8]

    public init(
        tenant: TenantID, slot: SlotID, version: Int32, username: String, sealedSecret: [UInt8]
    ) {
        self.tenant = tenant
        self.slot = slot
        self.version = version
        self.username = username
        self.sealedSecret = sealedSecret
    }
}

/// One of a subscription's live allocations, locked by the current transaction.
public struct LiveAllocation: Sendable, Hashable {
    public let tenant: TenantID
    public let subscription: SubscriptionID
    public let sequence: Int32
    public let slot: SlotID
    public let gateway: GatewayID
    /// The network the slot is on now.
    public let network: NetworkID
    public let expiresAt: Instant

    public init(
        tenant: TenantID, subscription: SubscriptionID, sequence: Int32, slot: SlotID, gateway: GatewayID,
        network: NetworkID, expiresAt: Instant
    ) {
        self.tenant = tenant
        self.subscription = subscription
        self.sequence = sequence
        self.slot = slot
        self.gateway = gateway
        self.network = network
        self.expiresAt = expiresAt
    }
}

/// Everything that one group of commands changes about slots; written by `SlotStore.write`.
public struct SlotChanges: Sendable {
    /// The group's instant.
    public let at: Instant
    private(set) var allocated: [NewAllocation] = []
    private(set) var expiries: [AllocationKey: (allocation: LiveAllocation, expiresAt: Instant)] = [:]
    private(set) var released: [AllocationKey: LiveAllocation] = [:]
    private(set) var agreed: [AllocationKey: RotationAgreement] = [:]

    public init(at: Instant) {
        self.at = at
    }

    public var isEmpty: Bool { allocated.isEmpty && expiries.isEmpty && released.isEmpty && agreed.isEmpty }

    /// Lends a claimed slot.
    public mutating func allocate(_ allocation: NewAllocation) {
        allocated.append(allocation)
    }

    /// Moves a live allocation's end; the last end named in a group counts.
    public mutating func extend(_ allocation: LiveAllocation, to expiresAt: Instant) {
        expiries[AllocationKey(allocation)] = (allocation, expiresAt)
    }

    /// Lets a live allocation choose other rotations from now on.
    ///
    /// - Parameter rotationMinutes: how often its exit changes by itself; `nil`: as before where that may be chosen, else
    ///   not at all.
    public mutating func agree(
        _ allocation: LiveAllocation, on choices: [Int32], rotationMinutes: Int32?
    ) {
        agreed[AllocationKey(allocation)] = RotationAgreement(
            allocation: allocation, choices: choices, minutes: rotationMinutes)
    }

    /// Ends a live allocation now: the slot is blocked, drains, and rests.
    public mutating func release(_ allocation: LiveAllocation) {
        released[AllocationKey(allocation)] = allocation
    }
}

struct RotationAgreement: Sendable {
    let allocation: LiveAllocation
    let choices: [Int32]
    let minutes: Int32?
}

struct SubscriptionKey: Hashable, Comparable {
    let tenant: TenantID
    let subscription: SubscriptionID

    init(_ tenant: TenantID, _ subscription: SubscriptionID) {
        self.tenant = tenant
        self.subscription = subscription
    }

    static func < (left: Self, right: Self) -> Bool {
        left.tenant == right.tenant ? left.subscription < right.subscription : left.tenant < right.tenant
    }
}

struct AllocationKey: Hashable, Comparable {
    let owner: SubscriptionKey
    let sequence: Int32

    init(_ allocation: LiveAllocation) {
        owner = SubscriptionKey(allocation.tenant, allocation.subscription)
        sequence = allocation.sequence
    }

    static func < (left: Self, right: Self) -> Bool {
        left.owner == right.owner ? left.sequence < right.sequence : left.owner < right.owner
    }
}

struct GatewayKey: Hashable, Comparable, Sendable {
    let tenant: TenantID
    let gateway: GatewayID

    init(_ tenant: TenantID, _ gateway: GatewayID) {
        self.tenant = tenant
        self.gateway = gateway
    }

    static func < (left: Self, right: Self) -> Bool {
        left.tenant == right.tenant ? left.gateway < right.gateway : left.tenant < right.tenant
    }
}
