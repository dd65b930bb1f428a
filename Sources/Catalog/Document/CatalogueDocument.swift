public import Primitives

/// A catalogue file, read and found right by itself; what it says of rows that exist is judged by
/// `CataloguePlan`.
public struct CatalogueDocument: Sendable {
    public let file: String
    public let tenants: [TenantDocument]
}

/// What a file says of one tenant.
public struct TenantDocument: Sendable {
    public let mark: SourceMark
    public internal(set) var slug: String
    public internal(set) var name: String
    public let currency: Located<Currency>
    public let timezone: String
    /// How long a subscription is still served after its end, in milliseconds.
    public let graceMilliseconds: Int64
    public let isActive: Bool
    /// What the tenant has prepaid to the platform, posted once.
    public let float: Located<Money>?
    /// How far the tenant's float may go below zero.
    public internal(set) var wholesaleCreditLimit: Located<Money>
    public internal(set) var hosts: [HostDocument]
    public internal(set) var networks: [NetworkDocument]
    public internal(set) var gateways: [GatewayDocument]
    public let plans: [PlanDocument]
    public let coupons: [CouponDocument]
    public let groups: [GroupDocument]
    public internal(set) var customers: [CustomerDocument]
    /// Whether there is a list of customers at all: a file without one says nothing of them, not even to
    /// prune.
    public let listsCustomers: Bool
    /// What each customer of its sandbox starts with; `nil` where it has no sandbox.
    public let sandboxBalance: Located<Money>?
    /// The slug of the tenant that this is the sandbox of; `nil` for a live one.
    public internal(set) var sandboxOf: String?
    /// Customers that pruning leaves alone although they are not listed: in a sandbox, those that the live tenant lists.
    public internal(set) var spared: Set<String> = []
}

/// A virtual host, which carries one dialect at its root.
public struct HostDocument: Sendable {
    public let mark: SourceMark
    public let host: String
    public let dialect: DialectName
}

/// What a file says of one network.
public struct NetworkDocument: Sendable {
    public let mark: SourceMark
    public let code: String
    public let city: String
    public let country: String
    public let type: NetworkType
    public let exitClass: String
    public let asn: String?
    public let asnOrg: String?
    public internal(set) var lowStock: Int32?
    public let isActive: Bool
}

/// What a file says of one gateway.
public struct GatewayDocument: Sendable {
    public let mark: SourceMark
    public let name: String
    public let network: Located<String>
    public let host: String
    public internal(set) var ports: GatewayPorts
    /// Where the file names the ports.
    public let portsMark: SourceMark
    public let protocols: [GatewayProtocol]
    public let vlessPort: Int32?
    public let shadowsocksPort: Int32?
    public internal(set) var driver: String
    public let isActive: Bool
}

/// What a file says of one plan.
public struct PlanDocument: Sendable {
    public let mark: SourceMark
    public let code: String
    public let name: String
    public let product: String
    public let connection: ConnectionType?
    /// The networks that a subscription takes a slot on, each of them once.
    public let networks: [Located<String>]
    public let gateway: Located<String>?
    public let duration: PlanDuration?
    public let price: Money?
    public let wholesalePrice: Money?
    public let isPopular: Bool
    public let renewsAutomatically: Bool
    public let rotationMinutes: [Int32]
    public let threads: Int32?
    public let exits: [ExitCountry]
    public let exitRotations: [ExitRotation]
    public let trialMilliseconds: Int64?
    public let sellsIn: [DialectName]
    /// What only one product has.
    public let attributes: JSONObject
    /// `nil` keeps the place a plan has, and puts a new one last.
    public let sortOrder: Int32?
    public let isActive: Bool
}

/// What a file says of one coupon.
public struct CouponDocument: Sendable {
    public let mark: SourceMark
    public let code: CouponCode
    public let discount: Coupon.Discount
    public let maxDiscount: Money?
    public let minimum: Money?
    public let budget: Located<Money>?
    public let maxRedemptions: Located<Int32>?
    public let perCustomer: Int32?
    public let isFirstOrderOnly: Bool
    /// E-mail addresses in lower case, whether or not they are customers' yet.
    public let customers: Set<String>?
    public let plans: [Located<String>]?
    public let kinds: Set<OrderKind>?
    public let renewals: Int32?
    public let startsAt: Instant?
    public let endsAt: Instant?
    public let isActive: Bool
}

/// What a file says of one group of customers.
public struct GroupDocument: Sendable {
    public let mark: SourceMark
    public let code: String
    public let name: String
    /// The group's price list: of a plan that it does not name, the plan's own price.
    public let prices: [(plan: Located<String>, price: Money)]
    public let isActive: Bool
}
