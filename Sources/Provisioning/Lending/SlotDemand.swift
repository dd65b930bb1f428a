public import Primitives

/// How many slots of one network a group of purchases needs.
public struct SlotDemand: Sendable, Hashable {
    public var tenant: TenantID
    public var network: NetworkID
    public var count: Int32
    /// Where the last claim ended, so that the next one does not walk over the slots it took; `Int64.min` starts over.
    public var afterRank: Int64

    public init(tenant: TenantID, network: NetworkID, count: Int32, afterRank: Int64 = .min) {
        self.tenant = tenant
        self.network = network
        self.count = count
        self.afterRank = afterRank
    }
}

/// A ready slot that the current transaction has locked and may lend.
public struct ClaimedSlot: Sendable {
    public let tenant: TenantID
    public let id: SlotID
    public let gateway: GatewayID
    public let network: NetworkID
    public let port: Int32
    public let rank: Int64
    public let username: String
    /// Sealed; `CredentialSeal.open` wants tenant, slot and version with it.
    public let secret: [UInt8]
    public let secretVersion: Int32

    public init(
        tenant: TenantID, id: SlotID, gateway: GatewayID, network: NetworkID, port: Int32, rank: Int64,
        username: String, secret: [UInt8], secretVersion: Int32
    ) {
        self.tenant = tenant
        self.id = id
        self.gateway = gateway
        self.network = network
        self.port = port
        self.rank = rank
        self.username = username
        self.secret = secret
        self.secretVersion = secretVersion
    }
}
