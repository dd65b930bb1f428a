public import Postgres
public import Primitives

/// One thing on the shelf, as provisioning made it: a port with its credentials.
public struct StockUnit: Sendable, Hashable {
    public let tenant: TenantID
    public let slot: SlotID
    public let gateway: GatewayID
    public let network: NetworkID
    public let port: Int32
    /// The shelf's order; lower ranks are lent first.
    public let rank: Int64
    public let username: String
    /// Sealed; billing never looks inside.
    public let secret: [UInt8]

    public init(
        tenant: TenantID, slot: SlotID, gateway: GatewayID, network: NetworkID, port: Int32, rank: Int64,
        username: String, secret: [UInt8]
    ) {
        self.tenant = tenant
        self.slot = slot
        self.gateway = gateway
        self.network = network
        self.port = port
        self.rank = rank
        self.username = username
        self.secret = secret
    }
}

/// How many units a group needs of one network, from where on the shelf.
public struct StockDemand: Sendable, Hashable {
    public let tenant: TenantID
    public let network: NetworkID
    public var count: Int32
    public var afterRank: Int64

    public init(tenant: TenantID, network: NetworkID, count: Int32, afterRank: Int64) {
        self.tenant = tenant
        self.network = network
        self.count = count
        self.afterRank = afterRank
    }
}

/// A unit that a subscription holds now.
public struct Holding: Sendable, Hashable {
    public let tenant: TenantID
    public let subscription: SubscriptionID
    public let sequence: Int32
    public let slot: SlotID
    public let gateway: GatewayID
    /// The network the slot is on now, which a switch may have made another than the plan's.
    public let network: NetworkID

    public init(
        tenant: TenantID, subscription: SubscriptionID, sequence: Int32, slot: SlotID, gateway: GatewayID,
        network: NetworkID
    ) {
        self.tenant = tenant
        self.subscription = subscription
        self.sequence = sequence
        self.slot = slot
        self.gateway = gateway
        self.network = network
    }
}

/// What a group's decisions change on the shelf.
public struct StockChanges: Sendable {
    /// A unit lent to a new subscription until an instant, with the rotations its plan allows.
    public struct Loan: Sendable {
        public let unit: StockUnit
        public let subscription: SubscriptionID
        /// 1 for a subscription's first unit; those after it have taken over its login.
        public let place: Int32
        /// The number of the loan among all that the subscription was ever lent.
        public let sequence: Int32
        public var until: Instant
        public let rotationChoices: [Int32]
        /// How often the exit changes by itself from the start; 0: it does not.
        public let rotationMinutes: Int32
    }

    /// What a unit that stays may choose of its plan's from now on.
    public struct Agreement: Sendable {
        public let rotationChoices: [Int32]
        /// How often its exit changes by itself; `nil`: as before where that may be chosen, else not at all.
        public let rotationMinutes: Int32?
    }

    public var lent: [Loan] = []
    /// Each holding at most once, with its last end.
    public var extended: [(holding: Holding, until: Instant)] = []
    public var returned: [Holding] = []
    public var agreed: [Holding: Agreement] = [:]

    public init() {}
    public var isEmpty: Bool { lent.isEmpty && extended.isEmpty && returned.isEmpty && agreed.isEmpty }
}

/// The shelf, as the engine sees it: statements for its two round trips. Provisioning knows what is behind them; the
/// server introduces the two.
public protocol Stock: Sendable {
    /// Locks up to `count` free units per demand, lowest rank first, skipping what others hold.
    func claim(_ demands: [StockDemand]) -> Statement
    func claimed(_ result: ResultSet) throws -> [StockUnit]
    /// The units of one subscription as they are lent together: all under the login of the first, which stays as it is.
    ///
    /// Pure, and asked only where there are several. What it throws stops that one command.
    func joined(_ units: [StockUnit]) throws -> [StockUnit]
    /// Counts, without a lock, the units that are free or claimed and not yet lent: at most `count` per demand.
    func ready(_ demands: [StockDemand]) -> Statement
    func readyCounts(_ result: ResultSet) throws -> [(tenant: TenantID, network: NetworkID, count: Int32)]
    /// Locks what these subscriptions hold now.
    func lockHoldings(_ subscriptions: [(tenant: TenantID, subscription: SubscriptionID)]) -> Statement
    func holdings(_ result: ResultSet) throws -> [Holding]
    /// Writes the changes of a whole group.
    func write(_ changes: StockChanges, at now: Instant) -> [Statement]
}
