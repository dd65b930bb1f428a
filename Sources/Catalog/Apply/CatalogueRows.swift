public import Primitives

/// What the database holds when a file is applied: of all tenants what must be unique between them, of the
/// file's tenants everything.
public struct CatalogueRows: Sendable {
    public var tenants: [TenantRow]
    public var hosts: [HostRow]
    public var networks: [Network]
    public var gateways: [GatewayRow]
    public var plans: [Plan]
    public var coupons: [Coupon]
    public var groups: [CustomerGroup]

    public init(
        tenants: [TenantRow] = [], hosts: [HostRow] = [], networks: [Network] = [],
        gateways: [GatewayRow] = [],
        plans: [Plan] = [], coupons: [Coupon] = [], groups: [CustomerGroup] = []
    ) {
        self.tenants = tenants
        self.hosts = hosts
        self.networks = networks
        self.gateways = gateways
        self.plans = plans
        self.coupons = coupons
        self.groups = groups
    }
}

/// A reseller, as its row says.
public struct TenantRow: Sendable, Hashable {
    public var id: TenantID
    public var slug: String
    public var name: String
    public var currency: Currency
    public var timezone: String
    public var graceMilliseconds: Int64
    public var isActive: Bool
    /// The tenant that this is the sandbox of.
    public var sandboxOf: TenantID?
}

/// A virtual host, as its row says.
public struct HostRow: Sendable, Hashable {
    public var host: String
    public var tenant: TenantID
    public var dialect: DialectName
}

/// A gateway, as its row says.
public struct GatewayRow: Sendable, Hashable {
    public var id: GatewayID
    public var tenant: TenantID
    public var name: String
    public var networkID: NetworkID
    public var host: String
    public var ports: GatewayPorts
    public var protocols: [GatewayProtocol]
    public var vlessPort: Int32?
    public var shadowsocksPort: Int32?
    public var driver: String
    public var isActive: Bool
    /// Whether customers may be using its slots: while it is active, and afterwards until the last one is
    /// back. Its ports are taken as long, so what a file switches off frees its ports for the next file.
    public var isInUse: Bool
}
