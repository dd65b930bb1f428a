public import Primitives

/// What a subscription's customer connects with.
public struct LiveConnection: Sendable, Hashable {
    public var subscription: SubscriptionID
    public var slot: SlotID
    public var gateway: GatewayID
    public var port: Int32
    public var host: String
    public var protocols: [String]
    public var vlessPort: Int32?
    public var shadowsocksPort: Int32?
    public var network: ConnectionNetwork
    public var username: String
    /// Sealed; see `secret(openedBy:tenant:)`.
    public var sealedSecret: [UInt8]
    public var secretVersion: Int32
    /// 0: the exit changes only when asked.
    public var rotationMinutes: Int32
    /// What the plan allowed when it was sold; empty: no rotation.
    public var rotationChoices: [Int32]
    public var rotatedAt: Instant?
    public var expiresAt: Instant

    /// The secret in clear.
    public func secret(openedBy seal: CredentialSeal, tenant: TenantID) throws(SealError) -> SlotSecret {
        try seal.open(sealedSecret, tenant: tenant, slot: slot, version: secretVersion)
    }
}

/// A network as a customer sees it.
public struct ConnectionNetwork: Sendable, Hashable {
    public var id: NetworkID
    public var code: String
    public var city: String
    /// ISO 3166-1, two capitals.
    public var country: String
    /// `mobile`, `residential`, `isp` or `datacenter`.
    public var type: String

    public init(id: NetworkID, code: String, city: String, country: String, type: String) {
        self.id = id
        self.code = code
        self.city = city
        self.country = country
        self.type = type
    }
}

/// What a change of credentials renews.
public enum CredentialPart: Sendable, Hashable {
    /// Password, UUID and key; the username stays.
    case secret
    /// The username too.
    case login
}

/// What a change of credentials made.
public struct ChangedCredentials: Sendable {
    public let username: String
    public let secret: SlotSecret
}
