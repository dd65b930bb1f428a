public import Catalog
public import Primitives

/// A tenant, as the doors need to know it.
public struct Tenant: Sendable, Hashable {
    public let id: TenantID
    /// The tenant's name in URLs.
    public let slug: String
    public let name: String
    public let currency: Currency
    public let timezone: String
    /// How long an ended subscription may still be renewed.
    public let graceMilliseconds: Int64
}

/// What one tenant sells, at one moment; replaced as a whole, never changed.
public struct TenantCatalogue: Sendable {
    public let tenant: Tenant
    /// All of them, sold or not, in the order of the tenant's catalogue.
    public let plans: [Plan]
    /// All of them, active or not, by code.
    public let networks: [Network]
    public let plansByID: [PlanID: Plan]
    public let networksByID: [NetworkID: Network]

    public init(tenant: Tenant, plans: [Plan], networks: [Network]) {
        self.tenant = tenant
        self.plans = plans
        self.networks = networks
        plansByID = Dictionary(plans.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        networksByID = Dictionary(networks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

/// Who is served where, at one moment: the active tenants and the hosts that are theirs.
public struct TenantDirectory: Sendable {
    public struct Host: Sendable, Hashable {
        public let name: String
        public let tenant: TenantID
        public let dialect: DialectName

        public init(name: String, tenant: TenantID, dialect: DialectName) {
            self.name = name
            self.tenant = tenant
            self.dialect = dialect
        }
    }

    public let tenants: [TenantID: Tenant]
    public let hosts: [Host]

    public init(tenants: [Tenant], hosts: [Host]) {
        self.tenants = Dictionary(tenants.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.hosts = hosts
    }
}
